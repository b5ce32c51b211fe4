"""Contacts and attempts as plain values, for the ways that every call goes: read and written in bulk.

They look like their models and are changed like these, but nobody watches them: what has changed is written
by `keep_contacts` and `keep_attempts`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeVar, cast

from sqlalchemy import ColumnElement, Select, Table, Update, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.models import Attempt, AttemptState, Contact, ContactState


@dataclass(slots=True, eq=False)
class ContactCard:
    """A contact's row as it was read; see `dialer.models.Contact`."""

    id: str
    campaign: str
    event_id: str
    customer_id: str
    number: str
    numbers: Sequence[str]
    zone: str
    zones: str
    fields: Mapping[str, Any]
    list: str
    priority: int
    score: float
    agent: str
    promised: datetime | None
    not_before: datetime
    expires: datetime | None
    state: ContactState
    finished: datetime | None
    outcome: str
    goal: bool
    attempts: int
    tally: Mapping[str, int]
    fence: int


@dataclass(slots=True, eq=False)
class AttemptCard:
    """An attempt's row as it was read, as far as its end is concerned; see `dialer.models.Attempt`."""

    id: str
    contact_id: str
    campaign: str
    number: str
    state: AttemptState
    committed: datetime
    placed: datetime | None
    ringing: datetime | None
    answered: datetime | None
    detected: datetime | None
    joined: datetime | None
    released: datetime | None
    over: datetime | None
    amd: str
    amd_cause: str
    agent: str
    disposition: str
    recording: str
    cost: int
    cause: int
    sip_cause: str
    outcome: str
    goal: bool


AnyContact = Contact | ContactCard
AnyAttempt = Attempt | AttemptCard
C = TypeVar("C", Contact, ContactCard)
"""Either way of having a contact."""


async def locked_contacts(session: AsyncSession, *which: ColumnElement[bool]) -> list[ContactCard]:
    """These contacts in the order of their ids, nobody else's to change until the transaction ends."""
    query = _select(ContactCard, Contact).where(*which).order_by(Contact.id).with_for_update()
    return [ContactCard(*row) for row in await session.execute(query)]


async def locked_attempts(session: AsyncSession, *which: ColumnElement[bool]) -> list[AttemptCard]:
    """These attempts, nobody else's to change until the transaction ends."""
    query = _select(AttemptCard, Attempt).where(*which).with_for_update()
    return [AttemptCard(*row) for row in await session.execute(query)]


async def keep_contacts(session: AsyncSession, contacts: Iterable[AnyContact]) -> None:
    """Write what has changed of those that are cards; the session itself sees to the models."""
    await _keep(session, Contact, _CHANGED, [each for each in contacts if isinstance(each, ContactCard)])


async def keep_called(session: AsyncSession, contacts: Iterable[AnyContact]) -> None:
    """Write that these are being called, and under which lease; nothing else of them has changed."""
    cards = [each for each in contacts if isinstance(each, ContactCard)]
    await _keep(session, Contact, ("state", "fence"), cards)


async def keep_attempts(session: AsyncSession, attempts: Iterable[AttemptCard]) -> None:
    """Write how attempts have ended."""
    await _keep(session, Attempt, _ENDED, list(attempts))


_CHANGED: Final = (
    *("number", "numbers", "zones", "not_before", "state", "finished", "outcome"),
    *("goal", "attempts", "tally", "fence"),
)
_ENDED: Final = (
    *("state", "ringing", "answered", "detected", "joined", "released", "over", "amd", "amd_cause"),
    *("agent", "recording", "cost", "cause", "sip_cause", "outcome", "goal"),
)


async def _keep(
    session: AsyncSession,
    model: type[Contact | Attempt],
    names: tuple[str, ...],
    cards: Sequence[ContactCard | AttemptCard],
) -> None:
    if cards:
        rows = [
            {"which": each.id, **{f"new_{name}": getattr(each, name) for name in names}} for each in cards
        ]
        await session.execute(_update(model, names), rows)


@cache
def _select(card: type[ContactCard | AttemptCard], model: type[Contact | Attempt]) -> Select[Any]:
    table = cast("Table", model.__table__)
    return select(*(table.c[each.name] for each in fields(card)))


@cache
def _update(model: type[Contact | Attempt], names: tuple[str, ...]) -> Update:
    table = cast("Table", model.__table__)
    statement = update(table).where(table.c.id == bindparam("which"))
    return statement.values({name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names})
