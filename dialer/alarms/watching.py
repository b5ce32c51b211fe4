"""Which alarms begin and end as figures come in. Pure; the time is handed in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from dialer.alarms.rules import Threshold

CALM_SECONDS: Final = 5.0
"""A figure must be on its good side for so long before its alarm ends: one that flickers is one alarm."""

Reading = tuple[str, str]
"""Figure and subject."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm begins."""

    rule: Threshold
    subject: str
    value: float


@dataclass(frozen=True, slots=True)
class Turns:
    """What one look brought."""

    raised: Sequence[Raised]
    cleared: Sequence[tuple[str, str]]
    """Rule and subject."""


@dataclass(slots=True)
class Watching:
    """Remembers since when each threshold is crossed, and which alarms are on."""

    on: set[tuple[str, str]] = field(default_factory=set)
    """Rule and subject of the alarms that are on."""
    _since: dict[tuple[str, str], float] = field(default_factory=dict)
    _calm: dict[tuple[str, str], float] = field(default_factory=dict)

    def look(self, rules: Iterable[Threshold], readings: Mapping[Reading, float], now: float) -> Turns:
        """Compare. A figure that nobody tells any more, and a rule that is gone, end their alarm."""
        raised: list[Raised] = []
        crossed: set[tuple[str, str]] = set()
        for rule in rules:
            if not rule.enabled:
                continue
            for (figure, subject), value in readings.items():
                if figure != rule.figure or rule.subject not in {"", subject} or not rule.crossed(value):
                    continue
                key = rule.id, subject
                crossed.add(key)
                since = self._since.setdefault(key, now)
                if key not in self.on and now - since >= rule.seconds:
                    self.on.add(key)
                    raised.append(Raised(rule, subject, value))
        self._since = {key: since for key, since in self._since.items() if key in crossed}
        return Turns(raised, self._cleared(crossed, now))

    def _cleared(self, crossed: set[tuple[str, str]], now: float) -> list[tuple[str, str]]:
        self._calm = {key: self._calm.get(key, now) for key in self.on - crossed}
        over = [key for key, since in self._calm.items() if now - since >= CALM_SECONDS]
        self.on.difference_update(over)
        return sorted(over)
