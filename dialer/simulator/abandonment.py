"""How calls ended, and what the laws make of it."""

from dataclasses import dataclass

from dialer.gate import AbandonCounts, Formula, abandoned_share


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


def by_formula(formula: Formula, counts: Counts) -> float:
    """Abandonment as a law counts it, from what is known here and only estimated in life.

    Who is a person is certain here, so the UK's formula for campaigns without detection, which estimates just
    that, comes to the same as the one with detection and nobody hung up as a machine.
    """
    known = AbandonCounts(
        abandoned=counts.abandoned,
        connected=counts.connected,
        false_positives=counts.false_positives,
        detection=True,
    )
    found = abandoned_share(formula, known)
    return found if found is not None else float(counts.abandoned > 0)


def by_dialler(counts: Counts) -> float:
    """a/(a+y) over all that was taken for a person, as a dialler sees it that cannot tell them apart."""
    a = counts.abandoned + counts.machines_dropped
    return share(a, a + counts.connected + counts.machines_joined)
