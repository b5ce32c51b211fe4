"""A token bucket: so many starts a second, a few at once."""

from values import Clock

BURST_SECONDS = 0.25
"""How much of a second's calls may start at once after a pause."""


class Bucket:
    """A token bucket: so many starts a second, a few at once."""

    def __init__(self, rate: float, clock: Clock) -> None:
        self.rate = rate
        self._clock = clock
        self._most = _most(rate)
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

    def change(self, rate: float) -> None:
        """From now on at another rate; what was saved up stays, as far as the new rate bears it."""
        _ = self.tokens  # what came in until now came at the old rate
        self.rate, self._most = rate, _most(rate)
        self._tokens = min(self._tokens, self._most)

    @property
    def wait(self) -> float:
        """Seconds until there is one again; 0 when there is."""
        if self.tokens >= 1:
            return 0.0
        return (1 - self._tokens) / self.rate


def _most(rate: float) -> float:
    return max(1.0, rate * BURST_SECONDS)
