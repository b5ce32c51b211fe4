"""How abandonment is counted, by whose law. Formulas: `rules.md` §1 (not legal advice)."""

from dataclasses import dataclass
from enum import StrEnum


class Law(StrEnum):
    """Whose formula of abandonment counts."""

    US = "us"
    IT = "it"
    UK = "uk"


@dataclass(slots=True)
class Counts:
    """How the calls of a day ended. Every placed call is counted in exactly one of the ends."""

    placed: int = 0
    connected: int = 0
    """Persons joined to an agent in time."""
    late: int = 0
    """Persons joined to an agent too late: abandoned."""
    dropped: int = 0
    """Persons hung up because no agent came: abandoned."""
    gave_up: int = 0
    """Persons who heard nobody and hung up themselves: abandoned."""
    false_positives: int = 0
    """Persons taken for a machine, and hung up."""
    machines_joined: int = 0
    """Machines put through to an agent, in time or late."""
    machines_dropped: int = 0
    """Machines taken for a person, or not looked at, and hung up because no agent came."""
    machines: int = 0
    """Machines found out by detection."""
    no_answer: int = 0
    busy: int = 0
    failed: int = 0

    @property
    def abandoned(self) -> int:
        """Persons who answered and were not joined to an agent in time."""
        return self.late + self.dropped + self.gave_up

    @property
    def ended(self) -> int:
        """All ends together; equal to `placed` when the day is over."""
        persons = self.connected + self.abandoned + self.false_positives
        machines = self.machines_joined + self.machines_dropped + self.machines
        return persons + machines + self.no_answer + self.busy + self.failed


def share(part: float, whole: float) -> float:
    """Part of a whole; 0 of nothing."""
    return part / whole if whole else 0.0


def by_law(law: Law, counts: Counts) -> float:
    """Abandonment as a law counts it.

    - US: a/(a+y) of calls answered by a person; machines do not count.
    - Italy: a/y, silent calls per successfully completed call.
    - UK: (a+f)/(a+f+y), f the persons hung up as machines. Without detection f is 0, and what is known of
      persons here is what the UK's estimate a' = a(1−m) aims at.
    """
    a, y = counts.abandoned, counts.connected
    if law is Law.IT:
        return share(a, y) if y else float(bool(a))
    if law is Law.UK:
        a += counts.false_positives
    return share(a, a + y)


def by_dialler(counts: Counts) -> float:
    """a/(a+y) over all that was taken for a person, as a dialler sees it that cannot tell them apart."""
    a = counts.abandoned + counts.machines_dropped
    return share(a, a + counts.connected + counts.machines_joined)
