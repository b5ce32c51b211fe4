"""Agents as an earlier process left them. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from agents.cards import AgentCard
from agents.desk import SIGN_OUT
from agents.models import AgentEvent
from agents.presence import Present
from agents.seat import BUSY, AgentState, Seat

_SAME: Final = timedelta(seconds=0.1)
"""Two words of one change differ by less than this."""


@dataclass(frozen=True, slots=True)
class Left:
    """What was last known of an agent."""

    state: AgentState
    since: datetime
    lasted: float
    paused: bool
    reason: str
    campaign: str
    call: str
    going_home: bool = False


def left_by(row: AgentEvent, seen: Present | None) -> Left:
    """The later of what was written down and what was last told."""
    state = AgentState(row.state)
    if seen is None or seen.since < row.at - _SAME:
        paused = state is AgentState.PAUSED or (
            state is AgentState.OFFLINE and row.before == AgentState.PAUSED.value
        )
        return Left(state, row.at, row.seconds, paused, row.reason, row.campaign, row.call_id)
    same = seen.since < row.at + _SAME and seen.state is state
    return Left(
        seen.state,
        row.at if same else seen.since,
        row.seconds if same else 0.0,
        seen.leaving or seen.state is AgentState.PAUSED,
        seen.reason,
        seen.campaign,
        seen.call,
        seen.going_home,
    )


def returned(card: AgentCard, left: Left, *, now: datetime, seconds: float) -> Seat | None:
    """The seat of an agent who was signed in; None for who was not. `seconds` is the desk's clock at `now`.

    Nobody is taken for ready: whose leg is found in its park becomes so, or paused if that is what they were.
    """
    if left.state is AgentState.OFFLINE and left.reason == SIGN_OUT:
        return None
    busy = left.state in BUSY
    since = seconds - max(0.0, (now - left.since).total_seconds())
    return Seat(
        agent=card.name,
        skills=card.skills,
        state=left.state if busy else AgentState.OFFLINE,
        since=since,
        leaving=left.paused,
        going_home=left.going_home,
        reason=left.reason if left.paused else "",
        campaign=left.campaign if busy else "",
        call=left.call if busy else "",
        busy_since=since - left.lasted if left.state is AgentState.WRAP_UP else since,
    )
