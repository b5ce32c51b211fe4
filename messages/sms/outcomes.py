"""A text that is over is told of, to whoever wrote it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from messages.sms.models import TextMessage, TextState
from store import Event, emit
from values import EventId

TEXT_DONE: Final = "messages.text_done"
"""The outbox event when a text is over. Payload: id, state, about, purpose, customer_id, segments, code."""


async def finish(
    session: AsyncSession,
    texts: Iterable[TextMessage],
    state: TextState,
    now: datetime,
    *,
    why: str = "",
    code: str = "",
) -> list[str]:
    """Bring texts to their end, and tell of it; gives their ids. Word that comes late is told again."""
    told, ids = [], []
    for each in texts:
        each.state, each.done = state, now
        each.why, each.code = why[:300], code
        told.append(_event(each, now))
        ids.append(each.id)
    await session.flush()
    await emit(session, told)
    return ids


def _event(done: TextMessage, now: datetime) -> Event:
    return Event(
        id=EventId(f"text-{done.id}-{done.state.value}"),
        kind=TEXT_DONE,
        at=now,
        key=done.customer_id or done.id,
        payload={
            "id": done.id,
            "state": done.state.value,
            "about": done.about,
            "purpose": done.purpose,
            "customer_id": done.customer_id,
            "segments": done.segments,
            "code": done.code,
        },
    )
