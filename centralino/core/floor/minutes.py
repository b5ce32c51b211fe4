"""A row a minute for the charts of the last hours: kept in Redis, lost with it without harm. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

MINUTES: Final = "centralino:floor:minutes"
"""A list in Redis, the latest last."""
KEPT: Final = 720
KEPT_SECONDS: Final = 86_400.0
SERIES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "campaigns": (
        ("utilisation", "last"), ("abandonment", "last"), ("waiting", "most"), ("lines", "mean"),
        ("talking", "mean"), ("pace", "mean"),
    ),
    "queues": (("waiting", "most"), ("longest_wait", "most"), ("service_level", "last")),
    "house": (
        ("utilisation", "last"), ("waiting", "most"), ("lines", "mean"), ("talking", "mean"),
        ("ready", "mean"),
    ),
}  # fmt: skip
"""What is kept of whom, and what a minute of it comes to."""

Table = Mapping[str, Mapping[str, Any]]


@dataclass(slots=True)
class Minute:
    """Gathers the seconds of one minute."""

    begins: datetime
    _kept: dict[tuple[str, str, str], list[float]] = field(default_factory=dict)

    def add(self, tables: Mapping[str, Table]) -> None:
        """One second's tables by kind: campaigns, queues, house."""
        for kind, series in SERIES.items():
            for name, row in tables.get(kind, {}).items():
                for figure, _ in series:
                    value = row.get(figure)
                    if isinstance(value, int | float):
                        self._kept.setdefault((kind, name, figure), []).append(float(value))

    def row(self) -> dict[str, Any]:
        """The minute: each one's figures in the order of `SERIES`, None for what nobody told."""
        found: dict[str, Any] = {"at": round(self.begins.timestamp())}
        names = sorted({(kind, name) for kind, name, _ in self._kept})
        for kind, name in names:
            found.setdefault(kind, {})[name] = [
                _come_to(self._kept.get((kind, name, figure)), how) for figure, how in SERIES[kind]
            ]
        return found


def minute_of(now: datetime) -> datetime:
    """When its minute began."""
    return now.replace(second=0, microsecond=0)


def _come_to(values: list[float] | None, how: str) -> float | None:
    if not values:
        return None
    value = values[-1] if how == "last" else max(values) if how == "most" else sum(values) / len(values)
    return round(value, 4)
