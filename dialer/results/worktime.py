"""How agents spend their time, from their events: talk, wrap-up, waiting; a campaign's share of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from agents import AgentState
from agents.models import Agent, AgentEvent

TALKING, WRAP_UP = AgentState.TALKING.value, AgentState.WRAP_UP.value
STAFFED = frozenset({AgentState.READY, AgentState.RESERVED, AgentState.TALKING, AgentState.WRAP_UP})
"""Signed in and not paused."""
STALE = timedelta(hours=16)
"""A state that nobody has changed for so long was left over by a crash: it is not counted."""


@dataclass(slots=True)
class WorkTime:
    """Seconds of a pool of agents by state, and what of them belonged to one campaign."""

    by_state: dict[str, float] = field(default_factory=dict)
    talk: float = 0.0
    """With the campaign's customers."""
    wrap_up: float = 0.0
    wraps: int = 0
    """How many wrap-ups of the campaign ended."""

    @property
    def staffed(self) -> float:
        """Signed in and not paused."""
        return sum(self.by_state.get(state, 0.0) for state in STAFFED)

    @property
    def busy(self) -> float:
        """Talk and wrap-up, for whomever."""
        return self.by_state.get(TALKING, 0.0) + self.by_state.get(WRAP_UP, 0.0)

    @property
    def signed_in(self) -> float:
        """With the pauses."""
        return self.staffed + self.by_state.get(AgentState.PAUSED, 0.0)

    @property
    def campaign_share(self) -> float | None:
        """The campaign's part of all talk and wrap-up; None when there was none."""
        return (self.talk + self.wrap_up) / self.busy if self.busy > 0 else None

    def add(self, state: str, seconds: float, *, ours: bool) -> None:
        """So many seconds of somebody in a state."""
        self.by_state[state] = self.by_state.get(state, 0.0) + seconds
        if ours and state == TALKING:
            self.talk += seconds
        elif ours and state == WRAP_UP:
            self.wrap_up += seconds


async def agents_with(session: AsyncSession, skill: str) -> frozenset[str]:
    """The agents who may talk for whoever asks for this skill; '' asks for none."""
    found = await session.execute(select(Agent.name, Agent.skills))
    return frozenset(name for name, skills in found if not skill or skill in skills)


async def work_time(
    session: AsyncSession, campaign: str, pool: Collection[str], since: datetime, now: datetime
) -> WorkTime:
    """What the agents of a pool did since a time, what they are at included.

    An event tells which state ended and how long it had lasted; what of it lies before `since` is left out.
    """
    spent = WorkTime()
    ours = AgentEvent.campaign == campaign
    if not pool:
        return spent
    theirs = AgentEvent.agent.in_(sorted(pool))
    ended = (
        select(AgentEvent.before, ours, func.sum(AgentEvent.seconds), func.count())
        .where(theirs, AgentEvent.at >= since, AgentEvent.at <= now)
        .group_by(AgentEvent.before, ours)
    )
    for state, is_ours, seconds, times in await session.execute(ended):
        spent.add(state, float(seconds), ours=bool(is_ours))
        spent.wraps += int(times) if is_ours and state == WRAP_UP else 0
    first = select(func.min(AgentEvent.seq)).where(theirs, AgentEvent.at >= since, AgentEvent.at <= now)
    for event in await _events(session, first.group_by(AgentEvent.agent)):
        before = (since - (event.at - timedelta(seconds=event.seconds))).total_seconds()
        spent.add(event.before, -max(0.0, before), ours=event.campaign == campaign)
    last = select(func.max(AgentEvent.seq)).where(theirs, AgentEvent.at > now - STALE, AgentEvent.at <= now)
    for event in await _events(session, last.group_by(AgentEvent.agent)):
        lasts = (now - max(event.at, since)).total_seconds()
        spent.add(event.state, lasts, ours=event.campaign == campaign)
    return spent


async def signed_in(session: AsyncSession, pool: Collection[str], now: datetime) -> int:
    """How many agents of a pool are signed in, paused ones included, by what they did last."""
    if not pool:
        return 0
    theirs = AgentEvent.agent.in_(sorted(pool))
    last = select(func.max(AgentEvent.seq)).where(theirs, AgentEvent.at > now - STALE, AgentEvent.at <= now)
    events = await _events(session, last.group_by(AgentEvent.agent))
    return sum(event.state != AgentState.OFFLINE.value for event in events)


async def _events(session: AsyncSession, numbers: object) -> Iterable[AgentEvent]:
    return await session.scalars(select(AgentEvent).where(AgentEvent.seq.in_(numbers)))  # type: ignore[arg-type]


async def handled(
    session: AsyncSession, campaign: str, since: datetime, most: int
) -> Mapping[str, list[float]]:
    """How long the campaign's last talks and wrap-ups took, by state, the latest first."""
    found: dict[str, list[float]] = {}
    for state in (TALKING, WRAP_UP):
        query = (
            select(AgentEvent.seconds)
            .where(AgentEvent.campaign == campaign, AgentEvent.at >= since, AgentEvent.before == state)
            .order_by(AgentEvent.at.desc())
            .limit(most)
        )
        found[state] = [float(each) for each in await session.scalars(query)]
    return found
