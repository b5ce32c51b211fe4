"""Shares and paces of late, from one sample a second. Pure."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Share:
    """A part of a whole over the last samples: utilisation is busy agents of staffed ones."""

    most: int = 300
    """How many samples count."""
    _samples: deque[tuple[int, int]] = field(default_factory=deque)
    _part: int = 0
    _whole: int = 0

    def add(self, part: int, whole: int) -> None:
        """One more sample; the oldest goes."""
        self._samples.append((part, whole))
        self._part += part
        self._whole += whole
        while len(self._samples) > self.most:
            part, whole = self._samples.popleft()
            self._part -= part
            self._whole -= whole

    @property
    def value(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self._part / self._whole if self._whole else None


@dataclass(slots=True)
class Pace:
    """How much a counter rises each second, over its last samples."""

    most: int = 10
    _samples: deque[tuple[float, int]] = field(default_factory=deque)

    def add(self, now: float, count: int) -> None:
        """The counter at a time; one that has begun anew is taken so."""
        if self._samples and count < self._samples[-1][1]:
            self._samples.clear()
        self._samples.append((now, count))
        while len(self._samples) > self.most + 1:
            self._samples.popleft()

    @property
    def value(self) -> float:
        """A second."""
        if len(self._samples) < 2:  # noqa: PLR2004  (one sample has no pace)
            return 0.0
        (since, before), (now, count) = self._samples[0], self._samples[-1]
        return (count - before) / (now - since) if now > since else 0.0
