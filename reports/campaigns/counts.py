"""What attempts came to by campaign and interval: from the hours' tallies, or from themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.models import Attempt, AttemptState, Contact, Tally
from dialer.results import Ended, Reading, counts_of
from dialer.results.ended import Counted
from dialer.retry import REFUSED_BY_NETWORK
from reports.buckets import place_in
from reports.steps import Span

Counts = dict[str, Counted]
"""How many and how many seconds, by the words of `docs/reference/results.md`."""
Places = dict[tuple[str, int], Counts]
"""By campaign and interval."""

HOUR = timedelta(hours=1)
_COLUMNS = (
    Attempt.campaign, Attempt.committed, Attempt.placed, Attempt.ringing, Attempt.answered, Attempt.detected,
    Attempt.joined, Attempt.released, Attempt.over, Attempt.outcome, Attempt.goal, Attempt.amd, Attempt.cause,
    Attempt.sip_cause, Attempt.agent, Attempt.disposition, Attempt.cost,
)  # fmt: skip


def on_the_hour(span: Span) -> bool:
    """Whether all its borders are borders of tallied hours."""
    edges = (span.since.timestamp(), span.until.timestamp(), span.base.timestamp(), span.step)
    whole = all(edge % 3600 == 0 for edge in edges[:3])
    return whole and (span.step % 3600 == 0 or len(span.places) == 1)


async def counts_in(session: AsyncSession, span: Span, readings: Mapping[str, Reading]) -> Places:
    """What the attempts of these campaigns that were committed in the span, and are over, came to."""
    if on_the_hour(span):
        return await _tallied(session, span, sorted(readings))
    return await _read(session, span, readings)


async def _tallied(session: AsyncSession, span: Span, names: Sequence[str]) -> Places:
    place = place_in(span, Tally.hour)
    query = (
        select(Tally.campaign, place, Tally.what, func.sum(Tally.__table__.c.count), func.sum(Tally.seconds))
        .where(Tally.campaign.in_(names), Tally.hour >= span.since, Tally.hour < span.until)
        .group_by(Tally.campaign, place, Tally.what)
    )
    found: Places = {}
    for campaign, where, what, count, seconds in await session.execute(query):
        found.setdefault((campaign, int(where)), {})[what] = (int(count), float(seconds))
    return found


async def _read(session: AsyncSession, span: Span, readings: Mapping[str, Reading]) -> Places:
    query = select(*_COLUMNS).where(
        Attempt.campaign.in_(sorted(readings)),
        Attempt.committed >= span.since,
        Attempt.committed < span.until,
        Attempt.state == AttemptState.DONE,
    )
    names = [column.key for column in _COLUMNS]
    found: Places = {}
    for row in await session.execute(query):
        each = Ended(**dict(zip(names, row, strict=True)), reading=readings[row.campaign])
        counts = found.setdefault((each.campaign, span.place(each.committed)), {})
        add(counts, counts_of(each))
    return found


def add(counts: Counts, more: Mapping[str, Counted]) -> None:
    """Add counts to others."""
    for what, (number, seconds) in more.items():
        before = counts.get(what, (0, 0.0))
        counts[what] = (before[0] + number, before[1] + seconds)


async def hours_before(
    session: AsyncSession, names: Sequence[str], since: datetime, until: datetime, what: Sequence[str]
) -> dict[str, list[tuple[datetime, Counts]]]:
    """Some words' tallies by campaign and hour, the earliest first."""
    query = (
        select(Tally.campaign, Tally.hour, Tally.what, Tally.__table__.c.count)
        .where(Tally.campaign.in_(names), Tally.hour >= since, Tally.hour < until, Tally.what.in_(what))
        .order_by(Tally.hour)
    )
    found: dict[str, list[tuple[datetime, Counts]]] = {name: [] for name in names}
    for campaign, hour, word, count in await session.execute(query):
        hours = found[campaign]
        if not hours or hours[-1][0] != hour:
            hours.append((hour, {}))
        hours[-1][1][word] = (int(count), 0.0)
    return found


async def tried_in(
    session: AsyncSession, span: Span, names: Sequence[str]
) -> dict[tuple[str, int], tuple[int, int]]:
    """Different people tried, and attempts that rang or may have, by campaign and interval."""
    place = place_in(span, Attempt.committed)
    query = (
        select(Attempt.campaign, place, func.count(Attempt.contact_id.distinct()), func.count())
        .where(
            Attempt.campaign.in_(names),
            Attempt.committed >= span.since,
            Attempt.committed < span.until,
            Attempt.state == AttemptState.DONE,
            Attempt.outcome != REFUSED_BY_NETWORK,
        )
        .group_by(Attempt.campaign, place)
    )
    rows = await session.execute(query)
    return {(campaign, int(where)): (int(people), int(made)) for campaign, where, people, made in rows}


async def people_of(session: AsyncSession, names: Sequence[str], until: datetime) -> dict[str, int]:
    """How many people were on the campaigns' lists at a time."""
    query = (
        select(Contact.campaign, func.count())
        .where(Contact.campaign.in_(names), Contact.created < until)
        .group_by(Contact.campaign)
    )
    return {campaign: int(count) for campaign, count in await session.execute(query)}
