"""What queueing needs from others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from agents import Reservation
from agents.queues import Queue, Visit
from centralino.core.joining.ports import TalkOrder
from values import PhoneNumber


@dataclass(frozen=True, slots=True)
class Whose:
    """Who a caller is and what they want, as far as it is known when they come into the queue."""

    customer_id: str = ""
    tier: str = ""
    reason: str = ""
    path: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Met:
    """An agent is theirs: join them by this order, and tell by `not_there` when that could not be."""

    reservation: Reservation
    order: TalkOrder
    visit: Visit
    record: bool


class Asking(Protocol):
    """Finds that out; waits for nobody for long, and never raises."""

    async def __call__(self, call_id: str, customer_id: str) -> Whose:
        """`customer_id` is who their flow began with, '' nobody."""
        ...


class Keeping(Protocol):
    """Keeps places of those who are to be called back."""

    def may(self, number: PhoneNumber) -> bool:
        """Whether this number may be called back at all."""
        ...

    async def keep(self, queue: Queue, visit: Visit, number: PhoneNumber, *, now: datetime) -> None:
        """From now on they have a place in the line without being on it. Raises `StoreUnavailableError`."""
        ...


CameTo = Callable[[str, str], None]
"""What a call came to, told where its record is."""
