"""How much the way to the network bears: lines at once and calls a second, by trunk."""

from collections.abc import Sequence
from dataclasses import dataclass

from values import Clock

BURST_SECONDS = 0.25
"""How much of a second's calls may start at once after a pause."""


@dataclass(frozen=True, slots=True)
class Trunk:
    """One way to the public network."""

    name: str
    lines: int
    calls_per_second: float


class Bucket:
    """A token bucket: so many starts a second, a few at once."""

    def __init__(self, rate: float, clock: Clock) -> None:
        self.rate = rate
        self._clock = clock
        self._most = max(1.0, rate * BURST_SECONDS)
        self._tokens = self._most
        self._at = clock.monotonic()

    @property
    def tokens(self) -> int:
        """How many may start now."""
        now = self._clock.monotonic()
        self._tokens = min(self._most, self._tokens + (now - self._at) * self.rate)
        self._at = now
        return int(self._tokens + 1e-9)

    def take(self) -> bool:
        """Take one, if there is one."""
        if self.tokens < 1:
            return False
        self._tokens -= 1
        return True

    def put_back(self) -> None:
        """Return one that was not used."""
        self._tokens = min(self._most, self._tokens + 1)

    @property
    def wait(self) -> float:
        """Seconds until there is one again; 0 when there is."""
        if self.tokens >= 1:
            return 0.0
        return (1 - self._tokens) / self.rate


class Trunks:
    """All trunks in their order, with what is in use."""

    def __init__(self, trunks: Sequence[Trunk], clock: Clock) -> None:
        self._trunks = {trunk.name: trunk for trunk in trunks}
        self._buckets = {trunk.name: Bucket(trunk.calls_per_second, clock) for trunk in trunks}
        self._used = dict.fromkeys(self._trunks, 0)

    def allowed(self, names: Sequence[str]) -> list[str]:
        """The trunks a campaign may use, in order: those it names, or all."""
        return [name for name in names if name in self._trunks] if names else list(self._trunks)

    def take(self, names: Sequence[str]) -> str | None:
        """Reserve a line and a start on the first of these trunks that has both; None when none has."""
        for name in names:
            if self._used[name] < self._trunks[name].lines and self._buckets[name].take():
                self._used[name] += 1
                return name
        return None

    def occupy(self, name: str) -> None:
        """Count a line that is in use already: a call adopted after a restart."""
        if name in self._used:
            self._used[name] += 1

    def free(self, name: str) -> None:
        """A line is free again."""
        if name in self._used:
            self._used[name] -= 1

    def put_back(self, name: str) -> None:
        """Return a line and a start that were not used."""
        self.free(name)
        self._buckets[name].put_back()

    @property
    def used(self) -> dict[str, int]:
        """Lines in use by trunk."""
        return dict(self._used)

    def wait(self, names: Sequence[str]) -> float | None:
        """Seconds until one of these may start a call; None when a line must become free first."""
        waits = [self._buckets[name].wait for name in names if self._used[name] < self._trunks[name].lines]
        return min(waits, default=None)
