"""What the post of texts needs of others: whether a text may go, and somebody who takes it along."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class Wish:
    """A text that somebody would like to send."""

    number: str
    purpose: str
    customer_id: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Leave:
    """The answer: whether it may go; else why not, and when to ask again (None: never)."""

    allowed: bool
    why: str = ""
    retry_at: datetime | None = None


MayText = Callable[[AsyncSession, Sequence[Wish], datetime], Awaitable[Sequence[Leave]]]
"""Asked in the transaction that claims texts, last before each goes. One answer a wish, in order."""


async def anybody(_session: AsyncSession, wishes: Sequence[Wish], _now: datetime) -> Sequence[Leave]:
    """Every text may go: for tests and for networks of nobody but ourselves."""
    return [Leave(allowed=True) for _ in wishes]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the carrier gave for a text it has taken."""

    sid: str
    segments: int = 0
    """0: it has not counted yet."""


class Carrier(Protocol):
    """Who takes texts to the network."""

    @property
    def on(self) -> bool:
        """Whether it is set up."""
        ...

    @property
    def tells(self) -> bool:
        """Whether word comes back of what became of a text."""
        ...

    async def send(self, text_id: str, number: str, words: str) -> Receipt:
        """Hand a text over, once. Raises `TextLaterError`, `TextRefusedError`, `TextUnsureError`."""
        ...
