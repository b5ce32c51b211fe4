"""How much risk one more call may take, steered so that the day's abandonment ends just under the limit.

The best way to spend a budget of abandoned calls is at one price all day: a call is placed while the
abandonments it may cause are worth the idle time it saves. A price near the limit itself comes close, as what
each call risks is then what each may cost. The threshold of risk begins there and follows, gently, what is
left of the budget, around a level that follows still more slowly. Every turn of it costs utilisation, which
grows less than evenly with abandonment; a reserve costs nearly none.

With a gain g (of the threshold's logarithm for one abandoned call) what is left swings about the reserve as
an Ornstein-Uhlenbeck process does, with a variance of k / 2g. Abandonments come in clusters; k is taken as
2, and the reserve is two standard deviations. Persons hung up on as machines are counted by an estimate,
whose error has the estimate itself as its variance and is in the reserve too.
"""

import math

from dialer.pacing.budget import Budget
from values import BadInputError

FIRST, FIRST_ALONE = 1.1, 9.0
"""The threshold to begin with, as a multiple of the limit, and the agents that double it: where few calls are
under way, one of them is a large step, and the average of a step is less than its end."""
GAIN, GROUP = 0.35, 10.0
"""The gain in the smallest group, and the agents at which it is half: a large one has more to swing with."""
RESERVE = 2.0
"""Standard deviations of what is left that stay unspent: the day may end at any moment."""
SCARCE, SCARCITY = 0.5, 2.5
"""Below this share of the reserve the threshold falls faster, by so much of its logarithm down to nothing."""
SLOW = 0.7
"""Speed of the slow level, as a share of critical damping."""
HIGHEST = 0.6
"""The threshold is never above; most live calls must find an agent."""
EARNED_FIRST = 0.7
"""Abandoned calls that must have been earned before any is risked, but for `TIMID`."""
TIMID = 0.002
"""The threshold until then."""
OVERDRAWN, AGENTS_AN_OVERDRAFT = 1.0, 50.0
"""Abandoned calls over the limit, and agents that add one, from which no risk is taken at all."""
SETTLED = 60
"""Live calls from which the slow level moves."""
LOWEST_LEVEL, HIGHEST_LEVEL, FASTEST = -3.0, 1.5, 1.5
STEEPEST_DOWN, STEEPEST_UP = -4.0, 1.2


class Appetite:
    """The threshold of risk a call may take."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._level = 0.0

    def threshold(self, agents: float) -> float:
        """The risk that a call may take now, in a group of so many agents of usual talks; 0: none at all."""
        budget = self._budget
        if budget.limit <= 0 or agents <= 0 or budget.left < -OVERDRAWN - agents / AGENTS_AN_OVERDRAFT:
            return 0.0
        if budget.limit * budget.live < EARNED_FIRST:
            return TIMID
        first = FIRST * (1 + FIRST_ALONE / agents) * budget.limit
        steep = min(STEEPEST_UP, max(STEEPEST_DOWN, self._pull(agents)))
        scarce = max(1.0, SCARCE * self._reserve(agents))
        short = SCARCITY * max(0.0, scarce - budget.left) / scarce
        return min(HIGHEST, first * math.exp(self._level + steep - short))

    def learn(self, agents: float) -> None:
        """Move the slow level a little, once a live call has ended."""
        if self._budget.live < SETTLED:
            return
        pull = min(FASTEST, max(-FASTEST, self._pull(agents)))
        # Critical damping of budget and level against each other: limit x gain^2 / 4 for each live call.
        step = SLOW * 0.25 * self._budget.limit * _gain(agents) * pull
        self._level = min(HIGHEST_LEVEL, max(LOWEST_LEVEL, self._level + step))

    def _pull(self, agents: float) -> float:
        return _gain(agents) * (self._budget.left - self._reserve(agents))

    def _reserve(self, agents: float) -> float:
        return RESERVE * math.sqrt(1 / _gain(agents) + self._budget.charged)

    def learned(self) -> float:
        """The slow level."""
        return self._level

    def relearn(self, level: float) -> None:
        """Take a slow level given by `learned`.

        Raises:
            BadInputError: it is none.

        """
        if not LOWEST_LEVEL <= level <= HIGHEST_LEVEL:
            raise BadInputError(f"must be from {LOWEST_LEVEL} to {HIGHEST_LEVEL}, not {level}", field="level")
        self._level = float(level)


def _gain(agents: float) -> float:
    return GAIN / (1 + agents / GROUP)
