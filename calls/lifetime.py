"""Personal data has a lifetime: what is over, showing all calls of one customer, and erasing them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from calls.models import Call, Leg, Recording, Segment, TraceRow
from calls.records import CallState
from customers import Trail
from store import Base
from store.lifetime import MONTH, Rule, apply, rows_of, slices

_BLANK = {"caller": "", "dialled": "", "customer_id": ""}
_TABLES: tuple[type[Base], ...] = (Call, Leg, Segment, TraceRow, Recording)


@dataclass(frozen=True, slots=True)
class Kept:
    """A recording: whose call, which file, and whether a court wants it."""

    call_id: str
    path: str
    customer_id: str
    legal_hold: bool


def rules(now: datetime) -> list[Rule]:
    """What is over by now. Recordings go by `expired_recordings`, with their files."""
    half_year, thirteen, two_years = now - 6 * MONTH, now - 13 * MONTH, now - 24 * MONTH
    old = select(Call.call_id).where(Call.call_id == Leg.call_id, Call.began < half_year).exists()
    names = or_(Call.caller != "", Call.dialled != "", Call.customer_id != "")
    return [
        Rule(TraceRow, TraceRow.left < thirteen),
        Rule(Leg, old),
        Rule(Segment, Segment.began < two_years),
        Rule(Call, and_(Call.began < two_years, names), _BLANK),
    ]


async def forget(session: AsyncSession, now: datetime) -> None:
    """Delete or blank what has been kept for as long as its table says; recordings excepted."""
    await apply(session, rules(now))


async def follow(session: AsyncSession, trail: Trail) -> Trail:
    """Add the calls that are theirs by customer or number, and those whose trace names them.

    Reads the whole trace: not on a call's path.
    """
    own = set(await session.scalars(select(Call.call_id).where(_theirs(trail)))) | trail.calls
    traced = set(await session.scalars(select(TraceRow.call_id).where(_naming(trail)).distinct()))
    for part in slices(sorted(traced - own)):
        unknown = select(Call.call_id).where(Call.call_id.in_(part), Call.customer_id == "")
        own |= set(await session.scalars(unknown))
    return replace(trail, calls=frozenset(own), mentions=frozenset(traced - own))


async def show(session: AsyncSession, trail: Trail) -> dict[str, list[dict[str, Any]]]:
    """Everything this room keeps about the calls of a trail that was followed: rows by table."""
    found: dict[str, list[dict[str, Any]]] = {model.__tablename__: [] for model in _TABLES}
    for part in slices(sorted(trail.calls)):
        for model in _TABLES:
            found[model.__tablename__] += await rows_of(session, model, model.__table__.c.call_id.in_(part))
    for part in slices(sorted(trail.mentions)):
        naming = (TraceRow.call_id.in_(part), _naming(trail))
        found[TraceRow.__tablename__] += await rows_of(session, TraceRow, *naming)
    return found


async def erase(session: AsyncSession, trail: Trail) -> None:
    """Blank the calls of a trail that was followed and delete the rows of their recordings.

    Of the trace the steps stay, without keys and values. A call from somebody else's number keeps that number
    and that customer. Recordings under legal hold stay; the files of the others must be gone already
    (`recordings_of`).
    """
    for part in slices(sorted(trail.calls)):
        theirs = Call.customer_id.in_([trail.customer_id, ""])
        await session.execute(update(Call).where(Call.call_id.in_(part), theirs).values(_BLANK))
        await session.execute(update(Segment).where(Segment.call_id.in_(part)).values(party=""))
        await session.execute(
            delete(Recording).where(Recording.call_id.in_(part), Recording.legal_hold.is_(False))
        )
    for part in slices(sorted(trail.calls | trail.mentions)):
        steps = update(TraceRow).where(TraceRow.call_id.in_(part))
        await session.execute(steps.values(keys="", values={}))


async def still_talking(session: AsyncSession, trail: Trail, since: datetime) -> list[str]:
    """Their calls that came up after this time and are not over: more of them will be written down."""
    query = select(Call.call_id).where(_theirs(trail), Call.state == CallState.UP, Call.began > since)
    return list(await session.scalars(query))


async def recordings_of(session: AsyncSession, calls: Sequence[str]) -> list[Kept]:
    """The recordings of calls."""
    found: list[Kept] = []
    for part in slices(calls):
        found += await _kept(session, Recording.call_id.in_(part))
    return found


async def expired_recordings(session: AsyncSession, now: datetime, most: int) -> list[Kept]:
    """Recordings whose time is over and that nobody holds, the longest over first."""
    return await _kept(session, Recording.expires < now, Recording.legal_hold.is_(False), most=most)


async def recordings_until(session: AsyncSession, at: datetime) -> frozenset[str]:
    """The paths of all recordings made until then that are still kept."""
    return frozenset(await session.scalars(select(Recording.path).where(Recording.at <= at)))


async def drop_recordings(session: AsyncSession, gone: Sequence[Kept]) -> None:
    """Delete the rows of recordings whose files have gone."""
    for each in gone:
        await session.execute(
            delete(Recording).where(Recording.call_id == each.call_id, Recording.path == each.path)
        )


async def _kept(session: AsyncSession, *which: ColumnElement[bool], most: int | None = None) -> list[Kept]:
    query = (
        select(Recording.call_id, Recording.path, Call.customer_id, Recording.legal_hold)
        .join(Call, Call.call_id == Recording.call_id, isouter=True)
        .where(*which)
        .order_by(Recording.expires, Recording.path)
        .limit(most)
    )
    return [Kept(row[0], row[1], row[2] or "", row[3]) for row in await session.execute(query)]


def _naming(trail: Trail) -> ColumnElement[bool]:
    return cast(TraceRow.values, Text).contains(f'"{trail.customer_id}"', autoescape=True)


def _theirs(trail: Trail) -> ColumnElement[bool]:
    """By customer; by number where nobody was recognised and the number was theirs alone at the time."""
    by_number = (
        and_(
            Call.customer_id == "",
            or_(Call.caller == held.number, Call.dialled == held.number),
            held.during(Call.began),
        )
        for held in trail.own
    )
    return or_(Call.customer_id == trail.customer_id, *by_number)
