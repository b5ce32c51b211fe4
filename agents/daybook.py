"""An agent's day as a bar: which state from when to when, and whose call it was. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from agents.models import AgentEvent
from agents.seat import AgentState

LONGEST = timedelta(hours=16)
"""A state that nobody has changed for so long was left over by a crash."""


@dataclass(frozen=True, slots=True)
class Span:
    """So long in one state."""

    state: str
    begins: datetime
    ends: datetime
    reason: str = ""
    campaign: str = ""
    call: str = ""

    @property
    def seconds(self) -> float:
        """How long."""
        return (self.ends - self.begins).total_seconds()


async def day_events(
    session: AsyncSession, agent: str, begins: datetime, ends: datetime
) -> tuple[AgentEvent | None, Sequence[AgentEvent]]:
    """What an agent did in a time, and what they did last before it."""
    mine = select(AgentEvent).where(AgentEvent.agent == agent)
    before = await session.scalar(
        mine.where(AgentEvent.at < begins, AgentEvent.at > begins - LONGEST)
        .order_by(AgentEvent.at.desc(), AgentEvent.seq.desc())
        .limit(1)
    )
    within = mine.where(AgentEvent.at >= begins, AgentEvent.at < ends)
    events = await session.scalars(within.order_by(AgentEvent.at, AgentEvent.seq))
    return before, events.all()


def spans_of(
    before: AgentEvent | None, events: Sequence[AgentEvent], begins: datetime, ends: datetime
) -> list[Span]:
    """The states one after the other, without the time away; each reaches to the next, the last to `ends`."""
    spans: list[Span] = []
    marks = [*([before] if before is not None else ()), *events]
    for place, mark in enumerate(marks):
        until = marks[place + 1].at if place + 1 < len(marks) else min(ends, mark.at + LONGEST)
        since = max(mark.at, begins)
        if mark.state == AgentState.OFFLINE or until <= since:
            continue
        spans.append(Span(mark.state, since, until, mark.reason, mark.campaign, mark.call_id))
    return spans


def totals(spans: Sequence[Span]) -> dict[str, float]:
    """Seconds by state."""
    found: dict[str, float] = {}
    for span in spans:
        found[span.state] = found.get(span.state, 0.0) + span.seconds
    return found
