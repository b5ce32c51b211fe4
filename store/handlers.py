"""Who takes events, and how patient the outbox is with them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from store.outbox import Event


@dataclass(frozen=True, slots=True)
class Handler:
    """Somebody who acts on events in the database.

    `take(session, events)` gets them in order and writes into the session, in which they are also marked
    delivered: what it writes happens once. The name is kept in the database; renamed, it gets pending events
    anew.
    """

    name: str
    take: Callable[[AsyncSession, Sequence[Event]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Courier:
    """Somebody who carries events out of the house.

    `take(events)` holds no transaction. They are marked delivered after it, so that it may see one again
    after a crash and must know it by its id.
    """

    name: str
    take: Callable[[Sequence[Event]], Awaitable[None]]


Subscriptions = Mapping[str, Sequence[Handler | Courier]]
"""Who wants which kind of event."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How a failing handler is treated. Seconds; the waits double from `first_wait` to `longest_wait`."""

    tries: int = 8
    first_wait: float = 0.5
    longest_wait: float = 60.0
    deadline: float = 10.0
    """How long a handler may take over what it is given at once."""

    def wait(self, tries: int) -> timedelta:
        """How long to wait after so many failed tries."""
        return timedelta(seconds=min(self.longest_wait, self.first_wait * 2 ** (tries - 1)))
