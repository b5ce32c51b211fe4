"""What is told of the proactive processes: volumes by month, and what the calls are good for. Values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from proactive.volumes.differences import Difference, Pair, combined

PROCESSES: Final = (
    "line_notice", "works_notice", "welcome", "appointments", "fault_closure", "traffic_alarm",
)  # fmt: skip
"""The campaigns of the processes, in the order of a customer's life."""
WINDOW_DAYS: Final = 7
"""Within how many days a call to care counts as one that should not have been needed."""


def share(part: int, whole: int) -> float | None:
    """A share; None where there is nothing to have a share of."""
    return part / whole if whole else None


@dataclass(frozen=True, slots=True)
class Volume:
    """One process in one month: the contacts made in it, and what came of them, also later."""

    process: str
    month: str
    contacts: int
    taken_back: int
    """Contacts whose reason went away before anybody was called."""
    open: int
    """Contacts still to be called."""
    attempts: int
    """Calls placed for these contacts, those that rang nowhere left out."""
    reached: int
    """Settled contacts with a call that a person answered."""
    understood: int
    """Of those reached, who listened to the end, or answered."""

    @property
    def settled(self) -> int:
        """Contacts that were to be called and are over."""
        return self.contacts - self.taken_back - self.open

    @property
    def reach_rate(self) -> float | None:
        """How many of those that are over were reached."""
        return share(self.reached, self.settled)

    @property
    def understood_rate(self) -> float | None:
        """How many of those reached listened to the end."""
        return share(self.understood, self.reached)


@dataclass(frozen=True, slots=True)
class Effect:
    """Calls to care within a week: of customers whom a process was to call, and of those it left alone.

    All who were drawn to be called count, also those whom nobody reached: the two groups were drawn by lot,
    at the same share, and only so do they differ in nothing but this. A customer counts once.
    """

    process: str
    pairs: Sequence[Pair]
    """The called and the control group, for each share at which they were drawn."""

    @property
    def called(self) -> int:
        """Customers who were to be called, and could have been left alone."""
        return sum(each.n for each in self.pairs)

    @property
    def called_again(self) -> int:
        """Of them those who rang care within the window."""
        return sum(each.hits for each in self.pairs)

    @property
    def control(self) -> int:
        """Customers who were left alone."""
        return sum(each.other_n for each in self.pairs)

    @property
    def control_again(self) -> int:
        """Of them those who rang care within the window."""
        return sum(each.other_hits for each in self.pairs)

    @property
    def difference(self) -> Difference | None:
        """By how much fewer (below nought) of those called rang care; None without a control group."""
        return combined(self.pairs)


@dataclass(frozen=True, slots=True)
class Volumes:
    """A period's figures."""

    since: datetime
    until: datetime
    zone: str
    months: Sequence[str]
    volumes: Sequence[Volume]
    """By process and month, months without contacts too."""
    effects: Sequence[Effect]
    """Processes that drew a control group; decisions of the last week are left out, their window is open."""
