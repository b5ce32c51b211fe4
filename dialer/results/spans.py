"""What attempts came to since any instant: by the tallies, and by themselves for part of an hour."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.models import Attempt, AttemptState
from dialer.results.ended import Counted, Ended, Reading, ended_of
from dialer.results.tallies import HOUR, hour_of, sums_of, tallied


async def counted_since(
    session: AsyncSession,
    campaign: str,
    reading: Reading,
    since: datetime | None,
    *,
    what: Sequence[str] = (),
) -> Mapping[str, Counted]:
    """Counts and seconds by word, of attempts committed at or after `since` (None: of all) that are over."""
    if since is None:
        return await tallied(session, campaign, what=what)
    hour = hour_of(since)
    if hour == since:
        return await tallied(session, campaign, since=since, what=what)
    found = dict(await tallied(session, campaign, since=hour + HOUR, what=what))
    for (_, _, word), (number, seconds) in sums_of(
        await ended_between(session, campaign, reading, since, hour + HOUR)
    ).items():
        if not what or word in what:
            before = found.get(word, (0, 0.0))
            found[word] = before[0] + number, before[1] + seconds
    return found


async def ended_between(
    session: AsyncSession, campaign: str, reading: Reading, since: datetime, until: datetime
) -> list[Ended]:
    """A campaign's attempts that are over, committed at or after `since` and before `until`."""
    query = select(Attempt).where(
        Attempt.campaign == campaign,
        Attempt.committed >= since,
        Attempt.committed < until,
        Attempt.state == AttemptState.DONE,
    )
    return [ended_of(each, reading) for each in await session.scalars(query)]


async def recount(
    session: AsyncSession, campaign: str, reading: Reading, since: datetime, until: datetime
) -> Mapping[str, Counted]:
    """What the tallies of these hours should say, counted anew: for checks, and after a restore."""
    sums = sums_of(await ended_between(session, campaign, reading, since, until))
    found: dict[str, Counted] = {}
    for (_, _, word), (number, seconds) in sums.items():
        before = found.get(word, (0, 0.0))
        found[word] = before[0] + number, before[1] + seconds
    return found
