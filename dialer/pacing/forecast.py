"""What would become of calls placed now: how probably one more of them takes an agent from a live answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from dialer.pacing.face import PacingState
from dialer.pacing.handling import HandlingModel
from dialer.pacing.horizon import AHEAD, total
from dialer.pacing.ring import RingModel
from dialer.pacing.shortfall import Counts, chance_short

MOMENTS = len(AHEAD)
SOON = 2
"""Moments ahead by which not every call under analysis is told from a machine."""
SOON_SHARE = 0.6
LATE = 5
"""Moments ahead from which all are looked at; of earlier ones, when hardly anyone answers, only some."""
HARDLY = 0.01
"""The share of answers at an early moment that is not looked at."""
MOST = 2000
"""Calls placed at one moment, at most."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Agents and answers at each moment of `AHEAD`, without new calls."""

    free: int
    """Agents free now, less those whom waiting callers take; may be negative."""
    freed: tuple[Counts, ...]
    """Agents who come free, in time for an answer at that moment to be served."""
    answers: tuple[Counts, ...]
    """Live answers among the calls under way."""
    fresh: Sequence[float]
    """Chance that a call placed now is answered by a person up to that moment."""
    shares: Sequence[float]
    """When, if so: the share of live answers between the moment before and that one."""

    def risk(self, calls: int, enough: float = 1.0) -> float:
        """The chance that one more live answer, after `calls` new calls, ends in an abandonment.

        Where it is sure to be more than `enough`, any number above that may be given instead.

        It does when no agent is left at its own moment, or at a later one, where it has taken the agent of
        another.
        """
        worst = risk = 0.0
        before = 1.0
        for i in range(MOMENTS - 1, -1, -1):
            share = self.shares[i]
            if share >= HARDLY or i >= LATE:
                answers, fresh = self.answers[i], self.fresh[i]
                more = Counts(answers.mean + calls * fresh, answers.variance + calls * fresh * (1 - fresh))
                worst = max(worst, chance_short(self.free, self.freed[i], more))
                if risk + worst * before > enough:
                    return risk + worst * before
            risk += share * worst
            before -= share
        return risk

    def most_calls(self, threshold: float) -> int:
        """The most new calls of which each, as it is added, has a risk of at most the threshold."""
        if self.risk(0, threshold) > threshold:
            return 0
        fits, step = 0, 1
        while fits < MOST and self.risk(fits + step, threshold) <= threshold:
            fits += step
            step *= 2
        beyond = fits + step
        while beyond - fits > 1:
            middle = (fits + beyond) // 2
            if self.risk(middle, threshold) <= threshold:
                fits = middle
            else:
                beyond = middle
        return fits + 1


def foresee(state: PacingState, free: int, ring: RingModel, handling: HandlingModel) -> Forecast:
    """The forecast for a state with so many agents free, by what was learned."""
    busy = len(state.busy_agents)
    stay = max(0.0, 1 - state.leaving / busy) if busy else 0.0
    freed = total(handling.rows(state.busy_agents))
    answers = total(ring.rows(state.ringing))
    share = ring.person_share
    agents, persons = [], []
    for i in range(MOMENTS):
        mean = stay * freed[i]
        agents.append(Counts(mean, max(1e-9, mean - stay * stay * freed[MOMENTS + i])))
        told = state.analysing * share * (SOON_SHARE if i < SOON else 1.0)
        variance = answers[i] - answers[MOMENTS + i] + told * (1 - share)
        persons.append(Counts(answers[i] + told, max(1e-9, variance)))
    return Forecast(free, tuple(agents), tuple(persons), ring.fresh, ring.shares)
