"""Texts on their way into the queue, and out of it again while nobody has taken them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from messages.sms.models import TextMessage, TextState
from messages.sms.outcomes import finish
from messages.sms.patience import LIVES
from messages.sms.segments import size_of
from store import insert_missing
from values import BadInputError, PhoneNumber

LONGEST: Final = 1600
"""Characters: what carriers take."""
_CHUNK: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text to be sent."""

    id: str
    """Its writer's own; the same again is one text."""
    to: PhoneNumber
    words: str
    purpose: str
    """As of calls (`dialer.Purpose`): it says which wishes and hours hold."""
    customer_id: str = ""
    about: str = ""
    """What its writer wants to hear of it by, when it is over."""
    zone: str = ""
    """The time zone of the address."""
    not_before: datetime | None = None
    expires: datetime | None = None
    """None: two days from now."""


async def queue_texts(session: AsyncSession, texts: Sequence[Text], now: datetime) -> None:
    """Have texts sent once this transaction is committed; one whose id was queued before is passed over.

    Raises `BadInputError` for a text without words or of more than `LONGEST` characters.
    """
    rows = [_row(each, now) for each in texts]
    for first in range(0, len(rows), _CHUNK):
        await insert_missing(session, TextMessage, rows[first : first + _CHUNK])


async def withdraw_texts(session: AsyncSession, ids: Sequence[str], why: str, now: datetime) -> list[str]:
    """Leave out texts whose reason has gone; gives the ids of those that will not be sent."""
    gone: list[str] = []
    for first in range(0, len(ids), _CHUNK):
        found = await session.scalars(
            select(TextMessage)
            .where(TextMessage.id.in_(ids[first : first + _CHUNK]), TextMessage.state == TextState.WAITING)
            .order_by(TextMessage.id)
            .with_for_update()
        )
        gone += await finish(session, found.all(), TextState.WITHDRAWN, now, why=why)
    return gone


def _row(each: Text, now: datetime) -> dict[str, object]:
    words = each.words.strip()
    if not words:
        raise BadInputError("a text needs words", field="words")
    if len(words) > LONGEST:
        raise BadInputError(f"a text has at most {LONGEST} characters, this one {len(words)}", field="words")
    return {
        "id": each.id,
        "number": each.to,
        "words": words,
        "purpose": each.purpose,
        "customer_id": each.customer_id,
        "zone": each.zone,
        "about": each.about,
        "state": TextState.WAITING,
        "queued": now,
        "next_at": each.not_before or now,
        "expires": each.expires or (each.not_before or now) + LIVES,
        "tries": 0,
        "sent": None,
        "done": None,
        "sid": "",
        "segments": size_of(words).segments,
        "cost_micros": 0,
        "code": "",
        "why": "",
    }
