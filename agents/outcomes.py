"""What an agent says that a talk with a caller came to; talks of campaigns are disposed with the dialler."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from agents.models import TalkOutcome
from store import Event, emit, upsert
from values import BadInputError, EventId

TALK_SAID = "agents.talk_said"
"""The event: an agent has said what a talk with a caller came to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An agent's word on a talk with somebody who rang us."""

    call_id: str
    agent: str
    at: datetime
    disposition: str
    queue: str = ""
    """Where they had waited; '' when nobody knows."""
    customer_id: str = ""
    notes: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


class AlreadySaidError(BadInputError):
    """Something else was said of this talk before; a talk is decided once."""

    error_id = "already-disposed"


async def say_outcome(session: AsyncSession, said: Said) -> bool:
    """Keep it; False when the same was said before. Raises `AlreadySaidError`."""
    before = await session.scalar(
        select(TalkOutcome.disposition).where(
            TalkOutcome.call_id == said.call_id, TalkOutcome.agent == said.agent
        )
    )
    if before == said.disposition:
        return False
    if before is not None:
        raise AlreadySaidError(f"was said to be {before!r} before", field="disposition")
    await upsert(
        session, TalkOutcome, [asdict(said) | {"fields": dict(said.fields)}], key=["call_id", "agent"]
    )
    await emit(session, [_event(said)])
    return True


async def outcome_of(session: AsyncSession, call_id: str, agent: str) -> str:
    """What an agent has said of a talk; '' when nothing yet."""
    found = await session.scalar(
        select(TalkOutcome.disposition).where(TalkOutcome.call_id == call_id, TalkOutcome.agent == agent)
    )
    return found or ""


def _event(said: Said) -> Event:
    names = ("call_id", "queue", "customer_id", "agent", "disposition")
    return Event(
        id=EventId(f"said-{said.call_id}-{said.agent}"),
        kind=TALK_SAID,
        at=said.at,
        key=said.call_id,
        payload={name: getattr(said, name) for name in names},
    )
