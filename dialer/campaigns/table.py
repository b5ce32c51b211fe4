"""Reading campaigns: one, a page of them, and those that may call now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.models import Campaign
from values import BadInputError

MOST = 500


class UnknownCampaignError(BadInputError):
    """There is no such campaign."""

    error_id = "unknown-campaign"


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """Some campaigns, and where the next ones begin."""

    campaigns: Sequence[Campaign]
    cursor: str
    """'' on the last page."""


async def campaign(session: AsyncSession, name: str) -> Campaign:
    """One campaign. Raises `UnknownCampaignError`."""
    return _found(await session.get(Campaign, name), name)


async def locked(session: AsyncSession, name: str) -> Campaign:
    """One campaign, nobody else's to change until the transaction's end. Raises `UnknownCampaignError`."""
    found = await session.get(Campaign, name, with_for_update=True, populate_existing=True)
    return _found(found, name)


def _found(found: Campaign | None, name: str) -> Campaign:
    if found is None:
        raise UnknownCampaignError(f"there is no campaign {name[:80]!r}", field="campaign")
    return found


async def campaigns(session: AsyncSession) -> list[Campaign]:
    """All campaigns that are not archived, in the order in which they call."""
    return list(await session.scalars(_in_order().where(Campaign.archived.is_(False))))


async def page(
    session: AsyncSession,
    *,
    archived: bool | None = False,
    named: str = "",
    limit: int = 50,
    cursor: str = "",
) -> CampaignPage:
    """Campaigns by name, a page at a time; `archived` None: both kinds.

    `named` is a part of the name or title. Raises `BadInputError` for a limit out of range.
    """
    if not 1 <= limit <= MOST:
        raise BadInputError(f"write a number from 1 to {MOST}", field="limit")
    query = select(Campaign).order_by(Campaign.name).limit(limit + 1)
    if archived is not None:
        query = query.where(Campaign.archived.is_(archived))
    if named:
        query = query.where(
            or_(
                Campaign.name.icontains(named, autoescape=True),
                Campaign.title.icontains(named, autoescape=True),
            )
        )
    if cursor:
        query = query.where(Campaign.name > cursor)
    found = (await session.scalars(query)).all()
    return CampaignPage(found[:limit], found[limit - 1].name if len(found) > limit else "")


async def callable_now(
    session: AsyncSession, now: datetime, names: Collection[str] | None = None
) -> list[Campaign]:
    """The campaigns that may call now (of these), in the order in which they do."""
    if names is None:
        return list(await session.scalars(_callable(), {"now": now}))
    return list(await session.scalars(_callable_of(), {"now": now, "names": list(names)}))


# kept, so that SQLAlchemy need not work out each time what they are compiled to
@cache
def _callable() -> Select[Any]:
    return _in_order().where(
        Campaign.paused.is_(False),
        Campaign.archived.is_(False),
        or_(Campaign.starts.is_(None), Campaign.starts <= bindparam("now")),
        or_(Campaign.ends.is_(None), Campaign.ends > bindparam("now")),
    )


@cache
def _callable_of() -> Select[Any]:
    return _callable().where(Campaign.name.in_(bindparam("names", expanding=True)))


def _in_order() -> Select[Any]:
    return select(Campaign).order_by(Campaign.priority.desc(), Campaign.name)
