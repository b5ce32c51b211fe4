"""Lanes: the people of a campaign who may be called at the same times, and when that is."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.gate import NEVER, Gate, open_now
from dialer.models import Campaign, ContactList, Lane
from store import insert_missing

Place = tuple[str, str, str]
"""What makes a lane: campaign, list, zone key."""

_CHUNK = 300


@dataclass(frozen=True, slots=True)
class Opening:
    """Which zone keys of a campaign are open now, and when the next one of the others opens."""

    open: frozenset[str]
    next: datetime | None
    """None when nothing is closed, or nothing closed opens within two weeks."""


async def lane_ids(session: AsyncSession, places: Iterable[Place]) -> dict[Place, int]:
    """The lanes of these places, made where they are missing."""
    wanted = sorted(set(places))
    found = await _known(session, wanted)
    missing = [place for place in wanted if place not in found]
    if missing:
        rows = [{"campaign": campaign, "list": name, "zones": zones} for campaign, name, zones in missing]
        await insert_missing(session, Lane, rows)
        found |= await _known(session, missing)
    return found


async def _known(session: AsyncSession, places: Sequence[Place]) -> dict[Place, int]:
    found: dict[Place, int] = {}
    for first in range(0, len(places), _CHUNK):
        named = tuple_(Lane.campaign, Lane.list, Lane.zones).in_(places[first : first + _CHUNK])
        rows = await session.execute(select(Lane.id, Lane.campaign, Lane.list, Lane.zones).where(named))
        found |= {(row.campaign, row.list, row.zones): row.id for row in rows}
    return found


@cache  # so that SQLAlchemy need not work out each time what it is compiled to
def called() -> Select[int, str, str]:
    """The lanes of `campaigns`, a parameter, whose list is active: id, campaign, zone key."""
    return (
        select(Lane.id, Lane.campaign, Lane.zones)
        .outerjoin(ContactList, ContactList.name == Lane.list)
        .where(
            Lane.campaign.in_(bindparam("campaigns", expanding=True)),
            or_(ContactList.name.is_(None), ContactList.active.is_(True)),
        )
        .order_by(Lane.id)
    )


async def open_lanes(session: AsyncSession, campaign: str, zones: Collection[str] | None) -> list[int]:
    """The lanes of a campaign that may be called: of active lists, and of these zone keys (None: of all)."""
    rows = await session.execute(called(), {"campaigns": [campaign]})
    return [row.id for row in rows if zones is None or row.zones in zones]


async def openings(
    session: AsyncSession, gate: Gate, campaigns: Sequence[Campaign], now: datetime
) -> dict[str, Opening]:
    """By campaign, which zone keys `claim` may be given now, and when to ask again at the latest.

    One small query for all. The answer holds until the next full minute, since windows begin and end on
    minutes; a key that comes in meanwhile is simply not open yet.
    """
    keys: dict[str, set[str]] = {each.name: set() for each in campaigns}
    for row in await session.execute(called(), {"campaigns": list(keys)}):
        keys[row.campaign].add(row.zones)
    return {each.name: _opening(gate, each, keys[each.name], now) for each in campaigns}


def _opening(gate: Gate, campaign: Campaign, keys: Collection[str], now: datetime) -> Opening:
    when: Mapping[str, datetime | None] = open_now(
        gate.profile(campaign.profile), campaign.purpose, campaign.hours, keys, now
    )
    later = [opens for opens in when.values() if opens is not None and opens < NEVER]
    return Opening(frozenset(key for key in keys if when[key] is None), min(later, default=None))
