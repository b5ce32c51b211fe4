"""The law's abandonment as it stood at the end of each interval. Pure."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dialer.gate import AbandonCounts, Formula
from dialer.results import Law
from dialer.results.abandonment import WORDS, counts_of_words
from dialer.results.ended import Counted
from reports.campaigns.counts import Counts, add

Dated = tuple[datetime, Counts]


@dataclass(slots=True)
class Window:
    """One campaign's counts in order of time; asked with growing ends.

    Before the range they are known by the hour: an hour in which the law's window begins counts as a whole.
    """

    law: Law
    before: Sequence[Dated] = ()
    """Hours before the range."""
    _since: list[datetime] = field(default_factory=list)
    _counts: list[Counts] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take the hours before the range."""
        for at, counts in self.before:
            self.put(at, counts)

    def put(self, at: datetime, counts: Mapping[str, Counted]) -> None:
        """What an interval that begins then came to; told in order."""
        self._since.append(at)
        self._counts.append({what: counts[what] for what in WORDS if what in counts})

    def rate(self, end: datetime) -> float | None:
        """By the law's formula over the law's window that ends so; None when nobody answered in it."""
        begin = self.law.begin(end)
        if begin == end:  # the window has just been closed: at midnight its day is told, not the next one
            begin = self.law.begin(_just_before(end))
        first = bisect_left(self._since, begin)
        if (
            first
            and (first == len(self._since) or self._since[first] > begin)
            and self._is_hour(first - 1, begin)
        ):
            first -= 1
        sums: Counts = {}
        for counts in self._counts[first:]:
            add(sums, counts)
        return rate_of(self.law, sums)

    def _is_hour(self, place: int, begin: datetime) -> bool:
        """Whether the window begins within this hour before the range."""
        return place < len(self.before) and (begin - self._since[place]).total_seconds() < 3600  # noqa: PLR2004


def rate_of(law: Law, counts: Mapping[str, Counted]) -> float | None:
    """The law's rate. How many persons were taken for machines is worked out only where the law wants it."""
    if law.rule.formula is Formula.UK:
        return law.rate(counts_of_words(counts, law))
    abandoned, connected = (counts.get(what, (0, 0.0))[0] for what in ("abandoned", "connected"))
    return law.rate(AbandonCounts(abandoned=abandoned, connected=connected))


def _just_before(end: datetime) -> datetime:
    return datetime.fromtimestamp(end.timestamp() - 1, end.tzinfo)
