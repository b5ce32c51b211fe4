"""What is noted while a day goes by: how calls ended, and how agents spent their time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from dialer.gate import Formula
from dialer.simulator.abandonment import Counts, by_formula, share
from dialer.simulator.results import Slice

SLICE = 300.0
"""Seconds of a slice."""
_SLICES_AN_HOUR = 12
_ENOUGH = 20
"""Live answers an hour must have before its abandonment says anything."""


@dataclass(slots=True)
class _Noted:
    staffed: float = 0.0
    handled: float = 0.0
    placed: int = 0
    connected: int = 0
    abandoned: int = 0
    false_positives: int = 0

    @property
    def counts(self) -> Counts:
        return Counts(connected=self.connected, dropped=self.abandoned, false_positives=self.false_positives)


@dataclass(slots=True)
class Tally:
    """The notes of one day of so many seconds. Time spent after its end is not counted, calls are."""

    seconds: float
    counts: Counts = field(default_factory=Counts)
    staffed: float = 0.0
    handled: float = 0.0
    """Talk and wrap-up."""
    talked: float = 0.0
    idles: list[float] = field(default_factory=list)
    _slices: list[_Noted] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._slices = [_Noted() for _ in range(max(1, -int(-self.seconds // SLICE)))]

    def slice(self, now: float) -> _Noted:
        """The slice of a moment; what comes after the day belongs to its last one."""
        return self._slices[min(int(now / SLICE), len(self._slices) - 1)]

    def was_there(self, since: float, until: float) -> None:
        """An agent was signed in."""
        for slice_, seconds in self._spread(since, until):
            slice_.staffed += seconds
            self.staffed += seconds

    def was_busy(self, since: float, until: float) -> None:
        """An agent talked and wrapped up."""
        for slice_, seconds in self._spread(since, until):
            slice_.handled += seconds
            self.handled += seconds

    def has_talked(self, since: float, until: float) -> None:
        """An agent talked."""
        self.talked += max(0.0, min(until, self.seconds) - min(since, self.seconds))

    def _spread(self, since: float, until: float) -> Iterator[tuple[_Noted, float]]:
        until = min(until, self.seconds)
        while since < until:
            place = int(since / SLICE)
            end = min((place + 1) * SLICE, until)
            yield self._slices[place], end - since
            since = end

    @property
    def utilisation(self) -> float:
        """Talk and wrap-up / staffed time."""
        return share(self.handled, self.staffed)

    @property
    def talk_minutes_per_agent_hour(self) -> float:
        """Minutes of talk in an hour of an agent's presence."""
        return 60 * share(self.talked, self.staffed)

    @property
    def mean_idle(self) -> float:
        """Seconds between two talks of an agent; 0 when nobody had two."""
        return fmean(self.idles) if self.idles else 0.0

    def series(self) -> Sequence[Slice]:
        """The day in slices."""
        return [
            Slice(
                begins=place * SLICE,
                agents=each.staffed / min(SLICE, self.seconds - place * SLICE),
                utilisation=share(each.handled, each.staffed),
                placed=each.placed,
                connected=each.connected,
                abandoned=each.abandoned,
            )
            for place, each in enumerate(self._slices)
        ]

    def worst_hour(self, formula: Formula) -> float:
        """The worst abandonment of any hour (of twelve slices) with enough live answers to tell."""
        worst = 0.0
        for first in range(max(1, len(self._slices) - _SLICES_AN_HOUR + 1)):
            hour = Counts()
            for each in self._slices[first : first + _SLICES_AN_HOUR]:
                counts = each.counts
                hour.connected += counts.connected
                hour.dropped += counts.dropped
                hour.false_positives += counts.false_positives
            if hour.connected + hour.abandoned >= _ENOUGH:
                worst = max(worst, by_formula(formula, hour))
        return worst
