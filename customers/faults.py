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
    """The customer says it is not repaired."""


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

TIMES = {
    FaultStatus.RESTORED: "restored_at",
    FaultStatus.CLOSED: "closed_at",
    FaultStatus.REOPENED: "reopened_at",
}
"""The column that remembers when a fault last came into a state."""


def check_change(fault_id: str, before: FaultStatus, after: FaultStatus) -> bool:
    """Whether there is anything to change. Raises `FaultChangeError` when it is impossible."""
    if before is after:
        return False
    if after not in MAY_FOLLOW[before]:
        raise FaultChangeError(f"fault {fault_id} is {before} and cannot become {after}")
    return True
