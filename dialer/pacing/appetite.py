"""How much risk one more call may take, steered so that the day's abandonment ends just under the limit.

The best way to spend a budget of abandoned calls is at one price all day: a call is placed while the
abandonments it may cause are worth the idle time it saves. That price is not known, so it is found: the
threshold of risk rises with what is left of the budget and falls with it, around a level that slowly follows.
A reserve stays unspent, as the day may end at any moment; a large group needs a larger one, and has it in
minutes.
"""

import math
from dataclasses import dataclass

from dialer.pacing.budget import Budget
from values import BadInputError


@dataclass(frozen=True, slots=True)
class Temper:
    """The constants of the steering, found by simulation over groups of 3 to 300 agents."""

    first: float = 0.15
    """The threshold to begin with, at a limit of 3 %."""
    gain: float = 1.0
    """How strongly the logarithm of the threshold follows one abandoned call, in a small group."""
    reserve: float = 2.0
    """Abandoned calls kept unspent by a small group."""
    group: float = 40.0
    """Agents at which the gain is half and the reserve double."""
    slow: float = 0.7
    """Speed of the slow level, as a share of critical damping."""
    highest: float = 0.6
    """The threshold is never above; most live calls must find an agent."""


USUAL_LIMIT = 0.03
EARNED_FIRST = 0.7
"""Abandoned calls that must have been earned before any is risked, but for `TIMID`."""
TIMID = 0.002
"""The threshold until then."""
OVERDRAWN, AGENTS_AN_OVERDRAFT = 1.0, 50.0
"""Abandoned calls over the limit, and agents that add one, from which no risk is taken at all."""
SETTLED = 60
"""Live calls from which the slow level moves."""
SCARCE, SCARCITY = 1.1, 3.0
"""Below so much left, one more abandoned call may pass the limit: the threshold falls faster."""
LOWEST_LEVEL, HIGHEST_LEVEL = -3.0, 1.5
STEEPEST_DOWN, STEEPEST_UP = -4.0, 1.2


class Appetite:
    """The threshold of risk a call may take."""

    def __init__(self, budget: Budget, temper: Temper | None = None) -> None:
        self._budget = budget
        self._temper = temper or Temper()
        self._level = 0.0

    def threshold(self, agents: float) -> float:
        """The risk that a call may take now, in a group of so many agents of usual talks; 0: none at all."""
        budget, temper = self._budget, self._temper
        if budget.limit <= 0 or budget.left < -OVERDRAWN - agents / AGENTS_AN_OVERDRAFT:
            return 0.0
        if budget.limit * budget.live < EARNED_FIRST:
            return TIMID
        first = temper.first * min(2.0, math.sqrt(budget.limit / USUAL_LIMIT))
        steep = min(STEEPEST_UP, max(STEEPEST_DOWN, self._pull(agents)))
        smallness = self._smallness(agents)
        scarce = SCARCITY * smallness * max(0.0, SCARCE / math.sqrt(smallness) - budget.left)
        return min(temper.highest, first * math.exp(self._level + steep - scarce))

    def learn(self, agents: float) -> None:
        """Move the slow level a little, once a live call has ended."""
        if self._budget.live < SETTLED:
            return
        temper = self._temper
        pull = min(1.5, max(-1.5, self._pull(agents)))
        # Critical damping of budget and level against each other: limit x gain^2 / 4 for each live call.
        step = temper.slow * 0.25 * self._budget.limit * self._gain(agents) * pull
        self._level = min(HIGHEST_LEVEL, max(LOWEST_LEVEL, self._level + step))

    def _gain(self, agents: float) -> float:
        return self._temper.gain * self._smallness(agents)

    def _smallness(self, agents: float) -> float:
        return 1 / (1 + agents / self._temper.group)

    def _pull(self, agents: float) -> float:
        reserve = self._temper.reserve / self._smallness(agents)
        return self._gain(agents) * (self._budget.left - reserve)

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
