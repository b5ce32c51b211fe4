"""Agents' events read for one span: what lies within an interval is added up by the database."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from agents.models import Agent, AgentEvent
from reports.agents.spent import OFFLINE, PAUSED, WRAP_UP, Days, Stretch, add_stretch, add_whole
from reports.agents.talks import add_holds, add_words, theirs, words_in
from reports.buckets import elapsed, place_in
from reports.steps import Span
from store.lifetime import slices

STALE: Final = timedelta(hours=16)
"""A state that nobody has changed for so long was left over by a crash: it is not counted."""

_Event = aliased(AgentEvent)


async def spent_in(session: AsyncSession, span: Span, only: Collection[str] | None, now: datetime) -> Days:
    """What agents did in a span, by agent and interval; `only` these, or all."""
    days: Days = {}
    await _whole(session, span, only, days)
    for each in await _crossing(session, span, only):
        add_stretch(days, span, each)
    for each in await _at_the_end(session, span, only, now):
        add_stretch(days, span, each)
    await add_words(session, span, only, days)
    await add_holds(session, span, only, days)
    return days


def _crosses(span: Span) -> ColumnElement[bool]:
    """Whether a stretch began before the interval in which it ended; whole seconds, so rather too often."""
    since_first = elapsed(span, AgentEvent.at)
    since_range = since_first - int((span.since - span.base).total_seconds())
    return or_(AgentEvent.seconds > since_first % span.step, AgentEvent.seconds > since_range)


async def _whole(session: AsyncSession, span: Span, only: Collection[str] | None, days: Days) -> None:
    place = place_in(span, AgentEvent.at)
    query = (
        select(
            AgentEvent.agent,
            place,
            AgentEvent.before,
            AgentEvent.campaign,
            func.count(),
            func.sum(AgentEvent.seconds),
        )
        .where(
            AgentEvent.at >= span.since,
            AgentEvent.at < span.until,
            AgentEvent.before.not_in([OFFLINE, PAUSED]),
            ~_crosses(span),
            theirs(only, AgentEvent.agent),
        )
        .group_by(AgentEvent.agent, place, AgentEvent.before, AgentEvent.campaign)
    )
    for agent, where, state, campaign, times, seconds in await session.execute(query):
        add_whole(days, agent, int(where), state, campaign, int(times), float(seconds))


async def _crossing(session: AsyncSession, span: Span, only: Collection[str] | None) -> list[Stretch]:
    """Those that cross a border, and all pauses: why somebody paused stands in the event before."""
    return await _stretches(
        session,
        AgentEvent.at >= span.since,
        AgentEvent.at < span.until,
        AgentEvent.before != OFFLINE,
        or_(AgentEvent.before == PAUSED, _crosses(span)),
        theirs(only, AgentEvent.agent),
    )


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
