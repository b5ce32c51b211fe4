"""Whose turn it is: claimed by an expiring lease, so that no two workers ever take the same contact.

A contact to be called has one narrow row in `turns`. A claim moves it out of the index of those who are
ready; when the lease runs out it comes back by itself. It goes when the attempt is committed (`take_up`), and
a new one is made when the contact is to be called again (`put_back`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Select,
    Update,
    bindparam,
    case,
    delete,
    exists,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from dialer import postgresql
from dialer.cards import C, ContactCard, keep_contacts, locked_contacts
from dialer.lanes import called, lane_ids, open_lanes
from dialer.models import Attempt, Contact, ContactState, Stage, Turn
from dialer.order import IS_PROMISED, IS_READY, IS_WAITING, first_promised, first_ready, first_waking
from dialer.postgresql import Leased
from store import insert_missing

CHUNK = 400
"""How many rows a statement names at most."""
_ROUNDS = 10
"""How often a claim looks again when what it found had expired."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A contact handed to one worker for a while; `fence` proves it when the attempt is committed."""

    contact_id: str
    campaign: str
    fence: int
    agent: str = ""
    """The free agent who was promised to the customer; '' when anybody may talk to them."""


async def with_due_contacts(
    session: AsyncSession,
    campaigns: Sequence[str],
    now: datetime,
    *,
    zones: Mapping[str, Collection[str]] | None = None,
) -> frozenset[str]:
    """Which of these campaigns have somebody to call now; `zones` are the keys open for each (None: all)."""
    rows = await session.execute(_due(), {"campaigns": campaigns, "now": now})
    return frozenset(row.campaign for row in rows if zones is None or row.zones in zones[row.campaign])


@cache  # so that SQLAlchemy need not work out each time what it is compiled to
def _due() -> Select[str, str]:
    """Campaign and zone key of the lanes of `campaigns` with somebody to call `now`: both are parameters."""
    lane = called().order_by(None).subquery()
    ready = exists().where(Turn.lane == lane.c.id, IS_READY)
    promised = exists().where(Turn.lane == lane.c.id, IS_PROMISED)
    waking = exists().where(Turn.lane == lane.c.id, IS_WAITING, Turn.wake <= bindparam("now"))
    return select(lane.c.campaign, lane.c.zones).where(or_(ready, promised, waking)).distinct()


async def claim(
    session: AsyncSession,
    campaign: str,
    most: int,
    *,
    worker: str,
    lease: timedelta,
    now: datetime,
    agents: Collection[str] = (),
    zones: Collection[str] | None = None,
    promised_only: bool = False,
) -> list[Lease]:
    """Lease up to `most` due contacts of a campaign to a worker.

    First those who were promised a call-back, the longest due first: one promised to an agent only when that
    agent is among `agents`, the free ones, and one at a time for each; after `dialer.order.PATIENCE` anybody
    will do. Then by priority, score, and how long they are due. Only contacts of active lists, and only those
    whose zone key is in `zones`, the keys open now (None: any). With `promised_only` nobody but those
    promised.

    On PostgreSQL rows that another worker is just taking are stepped over, and the transaction does not wait
    for the disk, so that nothing else belongs in it but `take_up`; on SQLite there is one writer at a time. A
    lease that runs out frees its contact by itself.
    """
    lanes = await open_lanes(session, campaign, zones)
    if not lanes or most < 1:
        return []
    await _wake(session, lanes, 2 * most, now)
    promised = await first_promised(session, lanes, most, agents, now)
    leased = await _lease(session, list(promised), worker, now + lease)
    taken = [each for each in leased if each.fresh(now)]
    for _ in range(_ROUNDS):
        if len(taken) >= most or promised_only:
            break
        room = most - len(taken)
        leased = await _lease_ready(session, lanes, room, worker, now + lease)
        taken += [each for each in leased if each.fresh(now)]
        if len(leased) < room or all(each.fresh(now) for each in leased):
            break
    return [Lease(each.contact_id, campaign, each.fence, promised.get(each.contact_id, "")) for each in taken]


async def _wake(session: AsyncSession, lanes: Sequence[int], most: int, now: datetime) -> None:
    """Make ready whose time has come, the longest first."""
    if session.get_bind().dialect.name == "postgresql":
        await postgresql.wake(session, lanes, most, now)
        return
    for part in _parts(await first_waking(session, lanes, most, now)):
        await session.execute(_freed(Turn.contact_id.in_(part)))


async def _lease_ready(
    session: AsyncSession, lanes: Sequence[int], most: int, worker: str, until: datetime
) -> list[Leased]:
    """Lease the first of those who are ready, in order.

    Those that have expired are leased as well: so they are in nobody's way until they are closed.
    """
    if session.get_bind().dialect.name == "postgresql":
        return await postgresql.lease_ready(session, lanes, most, worker, until)
    return await _lease(session, await first_ready(session, lanes, most), worker, until)


async def _lease(session: AsyncSession, chosen: Sequence[str], worker: str, until: datetime) -> list[Leased]:
    """Lease these contacts; gives them in their order."""
    found = {}
    for part in _parts(chosen):
        leased = (
            update(Turn)
            .where(Turn.contact_id.in_(part))
            .values(stage=Stage.WAITING, wake=until, owner=worker, fence=Turn.fence + 1)
            .returning(Turn.rank, Turn.place, Turn.due, Turn.contact_id, Turn.fence, Turn.expires)
        )
        for row in await session.execute(leased, execution_options={"synchronize_session": False}):
            found[row.contact_id] = Leased(*row)
    return [found[each] for each in chosen]


def _freed(*which: ColumnElement[bool]) -> Update:
    """Nobody has leased these any more: they are ready."""
    kind = Turn.stage.type
    ready = case((Turn.promised, literal(Stage.PROMISED, kind)), else_=literal(Stage.READY, kind))
    freed = update(Turn).where(*which).values(stage=ready, owner="")
    return freed.execution_options(synchronize_session=False)


async def give_back(session: AsyncSession, leases: Sequence[Lease]) -> None:
    """End leases before their time, so that others may call."""
    for part in _parts(leases):
        await session.execute(_freed(_held(part)))


async def release(session: AsyncSession, owners: str) -> int:
    """End the leases of workers whose name begins so: of a dead process. How many there were."""
    theirs = (Turn.owner != literal("", literal_execute=True), Turn.owner.startswith(owners, autoescape=True))
    freed = await session.execute(_freed(*theirs).returning(Turn.contact_id))
    return len(freed.all())


async def take_up(session: AsyncSession, leases: Sequence[Lease]) -> dict[str, ContactCard]:
    """The leased contacts that are still this worker's, by id, locked, and taken out of the queue.

    Whoever calls this decides about each in the same transaction: it is being called (`keep_called`), it is
    put back, or it is done. Left out are those whose lease has passed to another worker, or that are done
    meanwhile.
    """
    contacts: dict[str, ContactCard] = {}
    if session.get_bind().dialect.name == "postgresql":
        await postgresql.be_sure(session)
    for part in _parts(leases):
        named = Contact.id.in_([each.contact_id for each in part])
        found = await locked_contacts(session, named, Contact.state == ContactState.READY)
        locked = {contact.id: contact for contact in found}
        gone = delete(Turn).where(_held(part)).returning(Turn.contact_id, Turn.fence)
        for row in await session.execute(gone, execution_options={"synchronize_session": False}):
            if contact := locked.get(row.contact_id):
                contact.fence = row.fence
                contacts[contact.id] = contact
    return contacts


def _held(leases: Sequence[Lease]) -> ColumnElement[bool]:
    return tuple_(Turn.contact_id, Turn.fence).in_([(each.contact_id, each.fence) for each in leases])


async def put_back(session: AsyncSession, again: Mapping[C, datetime], now: datetime) -> None:
    """These contacts are to be called from their time on; a turn that one still has is made anew.

    A promise holds until a call has been placed for it; after that the next call is one like any other.
    """
    if not again:
        return
    await take_off(session, [contact.id for contact in again])
    for contact, at in again.items():
        contact.state = ContactState.READY
        contact.not_before = at
    await keep_contacts(session, again)
    lanes = await lane_ids(session, {(each.campaign, each.list, each.zones) for each in again})
    kept = await _kept(session, [each.id for each in again if each.promised and each.promised <= now])
    rows = [
        turn_row(
            lane=lanes[contact.campaign, contact.list, contact.zones],
            contact_id=contact.id,
            priority=contact.priority,
            score=contact.score,
            due=at,
            expires=contact.expires,
            promised=contact.promised is not None and contact.id not in kept,
            agent=contact.agent,
            fence=contact.fence,
            now=now,
        )
        for contact, at in again.items()
    ]
    await insert_turns(session, rows)


async def _kept(session: AsyncSession, contact_ids: Sequence[str]) -> set[str]:
    """Those to whom a call was placed since it was promised."""
    found: set[str] = set()
    for part in _parts(contact_ids):
        placed = select(Attempt.contact_id).join(Contact, Contact.id == Attempt.contact_id)
        since = Attempt.committed >= Contact.promised
        found |= set(await session.scalars(placed.where(Attempt.contact_id.in_(part), since)))
    return found


async def take_off(session: AsyncSession, contact_ids: Sequence[str]) -> None:
    """These contacts are not to be called."""
    for part in _parts(contact_ids):
        await session.execute(_taken_off(), {"contacts": part})


@cache
def _taken_off() -> Delete:
    gone = delete(Turn).where(Turn.contact_id.in_(bindparam("contacts", expanding=True)))
    return gone.execution_options(synchronize_session=False)


async def insert_turns(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put rows made by `turn_row` into the queue; one that is there already stays as it is."""
    await insert_missing(session, Turn, rows)


def turn_row(
    *,
    lane: int,
    contact_id: str,
    priority: int,
    score: float,
    due: datetime,
    expires: datetime | None,
    now: datetime,
    promised: bool = False,
    agent: str = "",
    fence: int = 0,
) -> dict[str, Any]:
    """A contact's row in the queue."""
    awake = Stage.PROMISED if promised else Stage.READY
    return {
        "contact_id": contact_id,
        "lane": lane,
        "stage": awake if due <= now else Stage.WAITING,
        "rank": -priority,
        "place": -score,
        "due": due,
        "wake": due,
        "expires": expires,
        "promised": promised,
        "agent": agent if promised else "",
        "owner": "",
        "fence": fence,
    }


def _parts(things: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (things[first : first + CHUNK] for first in range(0, len(things), CHUNK))
