"""What agents said of talks, and how long they kept customers on hold."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from agents.models import TalkOutcome
from agents.queues.models import QueueVisit
from agents.queues.visits import quarter_of
from dialer.models import Attempt, Campaign, Tally
from dialer.results.tallies import hour_of
from reports.agents.spent import Days, Spent
from reports.buckets import place_in
from reports.steps import Span

_LONGEST_CALL: Final = timedelta(days=1)
_WORD: Final = "disposition:"


async def add_words(session: AsyncSession, span: Span, only: Collection[str] | None, days: Days) -> None:
    """What agents said of calls of ours that ended in the span, and of callers they talked to in it."""
    campaigns = (await session.scalars(select(Campaign.name))).all()
    of_ours = [
        Attempt.campaign.in_(campaigns),  # for the index, which begins with it
        Attempt.committed >= span.since - _LONGEST_CALL,
        Attempt.committed < span.until,
        *_within(span, Attempt.over),
        Attempt.agent != "",
        Attempt.disposition != "",
    ]
    of_callers = _within(span, TalkOutcome.at)
    for agent, word, at, which in (
        (Attempt.agent, Attempt.disposition, Attempt.over, of_ours),
        (TalkOutcome.agent, TalkOutcome.disposition, TalkOutcome.at, of_callers),
    ):
        place = place_in(span, at)
        query = select(agent, place, word, func.count()).where(*which, theirs(only, agent))
        for who, where, said, times in await session.execute(query.group_by(agent, place, word)):
            days.setdefault((who, int(where)), Spent()).dispositions[said] += int(times)


async def add_holds(session: AsyncSession, span: Span, only: Collection[str] | None, days: Days) -> None:
    """The seconds that callers were on hold, of talks whose wrap-up ended in the span."""
    place = place_in(span, QueueVisit.finished)
    query = (
        select(QueueVisit.agent, place, func.sum(QueueVisit.hold))
        .where(
            QueueVisit.done_quarter.between(quarter_of(span.since), quarter_of(span.until)),
            *_within(span, QueueVisit.finished),
            QueueVisit.hold > 0,
            theirs(only, QueueVisit.agent),
        )
        .group_by(QueueVisit.agent, place)
    )
    for agent, where, seconds in await session.execute(query):
        days.setdefault((agent, int(where)), Spent()).hold += float(seconds)


async def words_in(session: AsyncSession, since: datetime, until: datetime) -> Sequence[str]:
    """What was said of any talk in a range, sorted."""
    ours = await session.scalars(
        select(Tally.what)
        .where(Tally.what.like(f"{_WORD}%"), Tally.hour >= hour_of(since) - _LONGEST_CALL, Tally.hour < until)
        .distinct()
    )
    callers = await session.scalars(
        select(TalkOutcome.disposition).where(TalkOutcome.at >= since, TalkOutcome.at < until).distinct()
    )
    return sorted({each.removeprefix(_WORD) for each in ours} | set(callers) - {""})


def theirs(only: Collection[str] | None, column: Any) -> ColumnElement[bool]:
    """Whether a row is one of these agents'; None: anybody's."""
    return true() if only is None else column.in_(sorted(only))


def _within(span: Span, column: Any) -> list[ColumnElement[bool]]:
    return [column >= span.since, column < span.until]
