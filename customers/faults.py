"""How a fault may go from one state to the next. Pure rules."""

from enum import StrEnum

from values import CentralinoError


class FaultStatus(StrEnum):
    """Where a fault stands."""

    OPEN = "open"
    RESTORED = "restored"
    """The network says it is repaired; the customer has not said so yet."""
    CLOSED = "closed"
    REOPENED = "reopened"
    """The customer says it is not repaired, or the network works on it again."""


class FaultChangeError(CentralinoError):
    """The fault cannot go to that state."""

    error_id = "fault-change"


MAY_FOLLOW = {
    FaultStatus.OPEN: frozenset({FaultStatus.RESTORED}),
    FaultStatus.RESTORED: frozenset({FaultStatus.CLOSED, FaultStatus.REOPENED}),
    FaultStatus.REOPENED: frozenset({FaultStatus.RESTORED}),
    FaultStatus.CLOSED: frozenset({FaultStatus.REOPENED}),
}
"""What may come after each state. A closed fault that is back is reopened, so that its history stays one."""

OWNER_MAY = {
    FaultStatus.OPEN: frozenset({FaultStatus.CLOSED}),
    FaultStatus.REOPENED: frozenset({FaultStatus.CLOSED}),
}
"""What besides may come when the system that owns faults says so: one that is cancelled is never restored."""

TIMES = {
    FaultStatus.RESTORED: "restored_at",
    FaultStatus.CLOSED: "closed_at",
    FaultStatus.REOPENED: "reopened_at",
}
"""The column that remembers when a fault last came into a state."""


def check_change(fault_id: str, before: FaultStatus, after: FaultStatus, *, owner: bool = False) -> bool:
    """Whether there is anything to change; `owner`: the system that owns faults says so.

    Raises `FaultChangeError` when it is impossible.
    """
    if before is after:
        return False
    if after not in MAY_FOLLOW[before] and not (owner and after in OWNER_MAY.get(before, ())):
        raise FaultChangeError(f"fault {fault_id} is {before} and cannot become {after}")
    return True
