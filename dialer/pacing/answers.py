"""How probably a person answers a placed call, as it drifts and jumps over the day.

A posterior over a grid of probabilities, even in log-odds. Calls are weighed in the order of placing, once
all placed in the same second had time to end: persons answer sooner than a ring-out ends, so that the calls
that ended lately tell too high or too low whenever the pace changes. A second look adds those still under way
by their likelihood; it may only raise the plan, as dialling too fast costs what dialling too slowly does not.
"""

import math
from collections.abc import Sequence
from itertools import chain

from values import BadInputError

POINTS = 48
LOWEST, HIGHEST = 0.004, 0.97
SETTLED_AFTER = 32.0
"""Seconds after which nearly every call has ended."""
JUMPS = 2e-4
"""Chance a second that the probability jumps anywhere (a new list, noon)."""
DRIFT = 4e-4
"""Chance a second that it moves to each neighbouring grid point."""
USUAL_SPREAD = 0.1
"""The standard deviation, as a share of the mean, that a day of calls leaves."""
PAUSE = 60
"""Seconds; a longer pause in placing forgets no more than this one."""


class AnswerRate:
    """The probability that a placed call is answered by a person."""

    def __init__(self) -> None:
        low, high = (math.log(p / (1 - p)) for p in (LOWEST, HIGHEST))
        odds = (math.exp(low + (high - low) * i / (POINTS - 1)) for i in range(POINTS))
        self.grid = [x / (1 + x) for x in odds]
        self._log_yes = [math.log(p) for p in self.grid]
        self._log_no = [math.log(1 - p) for p in self.grid]
        even = [p * (1 - p) for p in self.grid]  # over the log-odds, as even as can be over p itself
        self._anywhere = [x / sum(even) for x in even]
        self._weights = self._anywhere[:]
        self._open: dict[int, list[int]] = {}
        self._last: int | None = None
        self.settled, self.settled_spread = self._moments(self._weights)
        self.mean, self.spread = self.settled, self.settled_spread

    @property
    def planned(self) -> float:
        """The probability to plan with: the settled one or, when calls under way show a rise, a higher one.

        What is less known than usual is taken higher by so much: few calls, at first, tell little.
        """
        unsure = max(0.0, self.settled_spread - USUAL_SPREAD * self.settled)
        return min(HIGHEST, max(self.settled + unsure, self.mean - self.spread))

    def ended(self, placed: float, *, live: bool) -> None:
        """Take note of a call's end, by the time it was placed."""
        counts = self._open.setdefault(math.floor(placed), [0, 0])
        counts[0 if live else 1] += 1

    def settle(self, now: float) -> None:
        """Weigh the calls placed in each second that is over by now."""
        edge = math.floor(now - SETTLED_AFTER)
        for second in sorted(second for second in self._open if second < edge):
            self._weigh(second, *self._open.pop(second))

    def nowcast(self, ringing: Sequence[Sequence[float]], waiting: int) -> None:
        """Weigh what is not settled: ended calls, and ringing ones by their log likelihoods on the grid."""
        live = waiting + sum(counts[0] for counts in self._open.values())
        other = sum(counts[1] for counts in self._open.values())
        logs = [live * yes + other * no for yes, no in zip(self._log_yes, self._log_no, strict=True)]
        if ringing:
            logs = [x + sum(column) for x, column in zip(logs, zip(*ringing, strict=True), strict=True)]
        top = max(logs)
        stays = (1 - JUMPS) ** SETTLED_AFTER
        weights = [
            (w * stays + (1 - stays) * a) * math.exp(x - top)
            for w, a, x in zip(self._weights, self._anywhere, logs, strict=True)
        ]
        self.mean, self.spread = self._moments(weights)

    def _weigh(self, second: int, live: int, other: int) -> None:
        passed = 1 if self._last is None else min(PAUSE, max(1, second - self._last))
        self._last = second
        logs = [live * yes + other * no for yes, no in zip(self._log_yes, self._log_no, strict=True)]
        top = max(logs)
        weights = [w * math.exp(x - top) for w, x in zip(self._weights, logs, strict=True)]
        stays = (1 - JUMPS) ** passed
        aside = min(0.2, DRIFT * passed)
        scale = stays / sum(weights)
        below = chain(weights[:1], weights[:-1])
        above = chain(weights[1:], weights[-1:])
        self._weights = [
            scale * ((1 - 2 * aside) * w + aside * (x + y)) + (1 - stays) * a
            for x, w, y, a in zip(below, weights, above, self._anywhere, strict=True)
        ]
        self.settled, self.settled_spread = self._moments(self._weights)

    def _moments(self, weights: Sequence[float]) -> tuple[float, float]:
        whole = sum(weights)
        mean = sum(w * p for w, p in zip(weights, self.grid, strict=True)) / whole
        square = sum(w * p * p for w, p in zip(weights, self.grid, strict=True)) / whole
        return mean, math.sqrt(max(0.0, square - mean * mean))

    def learned(self) -> list[float]:
        """The posterior as plain numbers; calls not yet settled are left out."""
        return list(self._weights)

    def relearn(self, weights: Sequence[float]) -> None:
        """Take a posterior given by `learned`.

        Raises:
            BadInputError: it has another length or a weight that cannot be.

        """
        if len(weights) != POINTS or min(weights) < 0 or not 0 < sum(weights) < math.inf:
            raise BadInputError("is no posterior of the answer rate", field="answers")
        whole = sum(weights)
        self._weights = [w / whole for w in weights]
        self.settled, self.settled_spread = self._moments(self._weights)
        self.mean, self.spread = self.settled, self.settled_spread
