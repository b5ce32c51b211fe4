"""What came of a simulated day, and of several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from dialer.gate import Formula
from dialer.simulator.abandonment import Counts, by_dialler, by_formula


@dataclass(frozen=True, slots=True)
class Slice:
    """Five minutes of a day."""

    begins: float
    """Seconds since the day began."""
    agents: float
    """Signed in, on average."""
    utilisation: float
    """Talk and wrap-up / staffed; 0 when nobody was there."""
    placed: int
    connected: int
    abandoned: int


@dataclass(frozen=True, slots=True)
class InboundResult:
    """How the callers fared who rang the same agents."""

    calls: int
    answered: int
    gave_up: int
    in_time: float
    """Share of all that was answered within the goal (service level)."""
    mean_wait: float
    """Seconds, of those answered."""


@dataclass(frozen=True, slots=True)
class ListResult:
    """How far the list came."""

    contacts: int
    finished: int
    reached: int
    """Contacts an agent talked to."""
    waiting: int
    """Contacts to be tried again later."""
    ends: float
    """Hours of such days until nobody is left: known when it came within the day, else at the day's rate.

    Infinite when nobody was finished.
    """


@dataclass(frozen=True, slots=True)
class DayResult:
    """One day of one contender. The same seed gives the same, but for `decision_seconds`."""

    contender: str
    seed: int
    formula: Formula
    hours: float
    counts: Counts
    utilisation: float
    """Talk and wrap-up / staffed time, within the day."""
    staffed_hours: float
    talk_minutes_per_agent_hour: float
    mean_idle: float
    """Seconds between two talks of an agent."""
    worst_hour: float
    """The worst abandonment (by the campaign's formula) of any 60 minutes with 20 live answers or more."""
    series: Sequence[Slice]
    inbound: InboundResult | None
    list: ListResult | None
    decisions: int
    decision_seconds: float = field(compare=False)
    """Mean time the pacer took to decide; processor time unless measured otherwise."""

    @property
    def abandonment(self) -> float:
        """By the campaign's formula."""
        return by_formula(self.formula, self.counts)

    @property
    def by_formula(self) -> Mapping[str, float]:
        """By every formula, and `dialler`: as seen by who cannot tell a person from a machine put through."""
        shares = {formula.value: by_formula(formula, self.counts) for formula in Formula}
        return {"dialler": by_dialler(self.counts), **shares}


@dataclass(frozen=True, slots=True)
class Summary:
    """Several days of one contender on one scenario."""

    contender: str
    title: str
    days: Sequence[DayResult]

    @property
    def utilisation(self) -> float:
        """Of the mean day."""
        return fmean(day.utilisation for day in self.days)

    @property
    def worst_utilisation(self) -> float:
        """Of the worst day."""
        return min(day.utilisation for day in self.days)

    @property
    def abandonment(self) -> float:
        """Of the mean day."""
        return fmean(day.abandonment for day in self.days)

    @property
    def worst_abandonment(self) -> float:
        """Of the worst day."""
        return max(day.abandonment for day in self.days)

    @property
    def worst_hour(self) -> float:
        """The worst hour of all days."""
        return max(day.worst_hour for day in self.days)

    @property
    def talk_minutes_per_agent_hour(self) -> float:
        """Of the mean day."""
        return fmean(day.talk_minutes_per_agent_hour for day in self.days)

    @property
    def mean_idle(self) -> float:
        """Seconds between two talks of an agent, of the mean day."""
        return fmean(day.mean_idle for day in self.days)

    @property
    def placed(self) -> float:
        """Calls a day."""
        return fmean(day.counts.placed for day in self.days)

    @property
    def decision_seconds(self) -> float:
        """Mean time of a decision."""
        return fmean(day.decision_seconds for day in self.days)
