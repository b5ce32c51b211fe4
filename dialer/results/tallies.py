"""Tallies: what a campaign's attempts came to, hour by hour, counted in the transaction that ends them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import cast

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.models import Tally
from dialer.results.ended import Counted, Ended, counts_of

HOUR = timedelta(hours=1)

_TALLIES = cast("Table", Tally.__table__)

Key = tuple[str, datetime, str]
"""Campaign, hour, what."""


def hour_of(at: datetime) -> datetime:
    """When the hour of an instant began, UTC."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def sums_of(ended: Iterable[Ended], *, instead_of: Iterable[Ended] = ()) -> dict[Key, Counted]:
    """What attempts add up to by campaign, hour and word, less what others did; without zeros."""
    sums: dict[Key, Counted] = {}
    for sign, group in ((1, ended), (-1, instead_of)):
        for each in group:
            hour = hour_of(each.committed)
            for what, (count, seconds) in counts_of(each).items():
                key = (each.campaign, hour, what)
                before = sums.get(key, (0, 0.0))
                sums[key] = (before[0] + sign * count, before[1] + sign * seconds)
    return {key: each for key, each in sums.items() if each != (0, 0.0)}


async def count(session: AsyncSession, ended: Sequence[Ended], *, instead_of: Sequence[Ended] = ()) -> None:
    """Count attempts that have just ended: call it once in the transaction that writes their end.

    `instead_of` takes out what was counted before, when more becomes known of an attempt that is over: an
    agent's disposition. Rows are taken in one order by everybody, so that two who count at once wait for
    each other and never in a circle.
    """
    sums = sums_of(ended, instead_of=instead_of)
    rows = [
        {"campaign": key[0], "hour": key[1], "what": key[2], "count": number, "seconds": seconds}
        for key, (number, seconds) in sorted(sums.items())
    ]
    if rows:  # not in one statement: that would be compiled anew each time
        await session.execute(_more(session.get_bind().dialect.name), rows)


@cache
def _more(dialect: str) -> postgresql.Insert | sqlite.Insert:
    added = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(_TALLIES)
    return added.on_conflict_do_update(
        index_elements=["campaign", "hour", "what"],
        set_={
            "count": _TALLIES.c.count + added.excluded["count"],
            "seconds": _TALLIES.c.seconds + added.excluded["seconds"],
        },
    )


async def tallied(
    session: AsyncSession,
    campaign: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    what: Sequence[str] = (),
) -> Mapping[str, Counted]:
    """What a campaign's hours come to: those that begin at or after `since` and before `until`."""
    query = (
        select(Tally.what, func.sum(_TALLIES.c.count), func.sum(_TALLIES.c.seconds))
        .where(Tally.campaign == campaign)
        .group_by(Tally.what)
    )
    if since:
        query = query.where(Tally.hour >= since)
    if until:
        query = query.where(Tally.hour < until)
    if what:
        query = query.where(Tally.what.in_(what))
    return {word: (int(number), float(seconds)) for word, number, seconds in await session.execute(query)}
