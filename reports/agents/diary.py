"""Agents' events read for one span: what lies within an interval is added up by the database."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Integer, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from agents.models import Agent, AgentEvent
from reports.agents.spent import OFFLINE, PAUSED, TALKING, WRAP_UP, Days, Stretch, add_stretch, add_whole
from reports.agents.talks import add_holds, add_words, theirs, words_in
from reports.buckets import elapsed
from reports.steps import Span
from store.lifetime import slices

STALE: Final = timedelta(hours=16)
"""A state that nobody has changed for so long was left over by a crash: it is not counted."""

_Event = aliased(AgentEvent)


async def spent_in(session: AsyncSession, span: Span, only: Collection[str] | None, now: datetime) -> Days:
    """What agents did in a span, by agent and interval; `only` these, or all."""
    days: Days = {}
    apart = await _whole(session, span, only, days)
    for part in slices(apart):
        for each in await _stretches(session, AgentEvent.seq.in_(part)):
            add_stretch(days, span, each)
    for each in await _at_the_end(session, span, only, now):
        add_stretch(days, span, each)
    await add_words(session, span, only, days)
    await add_holds(session, span, only, days)
    return days


async def _whole(session: AsyncSession, span: Span, only: Collection[str] | None, days: Days) -> list[int]:
    """Add up what lies in one interval each; gives the numbers of the others, to be looked at singly.

    Those are what crosses a border (by whole seconds, so rather too often), and all pauses: why somebody
    paused stands in the event before.
    """
    seen = (
        select(
            AgentEvent.seq,
            AgentEvent.agent,
            AgentEvent.before,
            AgentEvent.campaign,
            AgentEvent.seconds,
            elapsed(span, AgentEvent.at).label("since"),
        )
        .where(
            AgentEvent.at >= span.since,
            AgentEvent.at < span.until,
            AgentEvent.before != OFFLINE,
            theirs(only, AgentEvent.agent),
        )
        .offset(0)  # so that SQLite works each row's time out once
        .subquery()
    )
    one = seen.c
    begins = int((span.since - span.base).total_seconds())
    place = (one.since // literal(span.step, Integer)).label("place")
    crosses = or_(one.seconds > one.since % span.step, one.seconds > one.since - begins)
    kind = case((one.before == TALKING, one.campaign), else_="").label("kind")
    apart = case((or_(one.before == PAUSED, crosses), one.seq)).label("apart")
    query = select(one.agent, place, one.before, kind, apart, func.count(), func.sum(one.seconds)).group_by(
        one.agent, place, one.before, kind, apart
    )
    others: list[int] = []
    for agent, where, state, campaign, number, times, seconds in await session.execute(query):
        if number is None:
            add_whole(days, agent, int(where), state, campaign, int(times), float(seconds))
        else:
            others.append(int(number))
    return others


async def _at_the_end(
    session: AsyncSession, span: Span, only: Collection[str] | None, now: datetime
) -> list[Stretch]:
    """What everybody was at when the span ended: the event after tells, or nothing has changed since."""
    mine = _Event.agent == Agent.name
    after = (
        select(_Event.seq)
        .where(mine, _Event.at >= span.until)
        .order_by(_Event.at, _Event.seq)
        .limit(1)
        .correlate(Agent)
    ).scalar_subquery()
    last = (
        select(_Event.seq)
        .where(mine, _Event.at < span.until)
        .order_by(_Event.at.desc(), _Event.seq.desc())
        .limit(1)
        .correlate(Agent)
    ).scalar_subquery()
    found = (await session.execute(select(Agent.name, after, last).where(theirs(only, Agent.name)))).all()
    ended: list[Stretch] = []
    for part in slices([after for _, after, _ in found if after is not None]):
        ended += [
            each
            for each in await _stretches(session, AgentEvent.seq.in_(part))
            if each.begin < span.until and each.state != OFFLINE
        ]
    going_on = [last for _, after, last in found if after is None and last is not None]
    until = min(span.until, now)
    for part in slices(going_on):
        for event in await session.scalars(select(AgentEvent).where(AgentEvent.seq.in_(part))):
            lasts = until - event.at
            if event.state != OFFLINE and timedelta() < lasts < STALE:
                ended.append(
                    Stretch(
                        event.agent,
                        event.state,
                        until,
                        lasts.total_seconds(),
                        reason=event.reason,
                        going_on=True,
                    )
                )
    return ended


async def _stretches(session: AsyncSession, *which: ColumnElement[bool]) -> list[Stretch]:
    """Events one by one, each with what the event before it says."""
    before = (
        select(_Event.seq)
        .where(_Event.agent == AgentEvent.agent, _Event.at <= AgentEvent.at, _Event.seq < AgentEvent.seq)
        .order_by(_Event.at.desc(), _Event.seq.desc())
        .limit(1)
        .correlate(AgentEvent)
    ).scalar_subquery()
    wanted = or_(AgentEvent.before == PAUSED, AgentEvent.before == WRAP_UP)
    query = (
        select(AgentEvent, _Event.reason, _Event.before, _Event.seconds)
        .outerjoin(_Event, (_Event.seq == before) & wanted)
        .where(*which)
        .order_by(AgentEvent.seq)
    )
    return [
        Stretch(
            agent=event.agent,
            state=event.before,
            at=event.at,
            seconds=event.seconds,
            campaign=event.campaign,
            reason=(reason or "") if event.before == PAUSED else "",
            talked=float(talked or 0.0) if event.before == WRAP_UP and state == "talking" else 0.0,
        )
        for event, reason, state, talked in await session.execute(query)
    ]


async def reasons_in(session: AsyncSession, since: datetime, until: datetime) -> Sequence[str]:
    """Why anybody paused in a range, sorted; '' where no reason was given."""
    query = (
        select(AgentEvent.reason)
        .where(AgentEvent.state == PAUSED, AgentEvent.at >= since - STALE, AgentEvent.at < until)
        .distinct()
    )
    return sorted(await session.scalars(query))


__all__ = ["reasons_in", "spent_in", "words_in"]
