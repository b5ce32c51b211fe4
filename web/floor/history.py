"""The minutes of the last hours, for the charts: kept by the core in Redis, read once a minute at most."""

from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from store import LiveStore
from values import BadInputError, Clock

MINUTES: Final = "centralino:floor:minutes"
MOST: Final = 720
FRESH_SECONDS: Final = 15.0
SERIES: Final = {
    "campaigns": ("utilisation", "abandonment", "waiting", "lines", "talking", "pace"),
    "queues": ("waiting", "longest_wait", "service_level"),
    "house": ("utilisation", "waiting", "lines", "talking", "ready"),
}
"""The figures of a row, in the core's order (`centralino.core.floor.minutes`)."""


@dataclass(slots=True)
class Minutes:
    """Rows as last read."""

    live: LiveStore
    clock: Clock
    _rows: list[dict[str, Any]] = field(default_factory=list)
    _read: float = float("-inf")

    async def series(self, kind: str, name: str, minutes: int) -> dict[str, list[Any]]:
        """One's figures over the last minutes: `at` in seconds, and a list for each figure.

        Raises `BadInputError` for a kind that is none.
        """
        if kind not in SERIES:
            raise BadInputError(f"choose one of: {', '.join(SERIES)}", field="kind")
        now = self.clock.monotonic()
        if now - self._read > FRESH_SECONDS:
            self._rows, self._read = await self.live.last(MINUTES, MOST), now
        told: dict[str, list[Any]] = {"at": [], **{figure: [] for figure in SERIES[kind]}}
        since = self.clock.now().timestamp() - 60 * minutes
        for row in self._rows:
            if not isinstance(row, dict) or row.get("at", 0) < since:
                continue
            values = (row.get(kind) or {}).get(name) or [None] * len(SERIES[kind])
            told["at"].append(row["at"])
            for figure, value in zip(SERIES[kind], values, strict=False):
                told[figure].append(value)
        return told


HISTORY: Final = web.AppKey("floor.history", Minutes)
