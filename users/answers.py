"""Answers that are kept for a day: who asks again with the same idempotency key is answered the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from store import insert_missing
from users.models import KeptAnswer
from values import BadInputError, CentralinoError

KEPT: Final = timedelta(hours=24)
UNDER_WAY: Final = timedelta(minutes=2)
"""Nobody works on an answer for longer; one that was begun before was broken off."""
LONGEST_KEY: Final = 200


class OtherBodyError(CentralinoError):
    """This idempotency key was used for something else; take a new one."""

    error_id = "idempotency-key-reused"


class UnderWayError(CentralinoError):
    """This is being done already; ask again in a moment with the same key."""

    error_id = "under-way"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    kind: str
    location: str
    body: str


def checked_key(key: str) -> str:
    """The key, or `BadInputError`."""
    if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise BadInputError(f"write up to {LONGEST_KEY} plain characters", field="Idempotency-Key")
    return key


async def begin_answer(session: AsyncSession, who: str, key: str, asked: str, now: datetime) -> Answer | None:
    """The answer that was given; None when this is the first time, which is written down.

    Raises `OtherBodyError`, and `UnderWayError` while the first time is not over.
    """
    ours = (KeptAnswer.who == who, KeptAnswer.key == key)
    too_old = now - KEPT
    await session.execute(delete(KeptAnswer).where(*ours, KeptAnswer.at < too_old))
    await session.execute(
        delete(KeptAnswer).where(*ours, KeptAnswer.status == 0, KeptAnswer.at < now - UNDER_WAY)
    )
    found = await session.get(KeptAnswer, (who, key))
    if found is None:
        row = {"who": who, "key": key, "asked": asked, "at": now}
        await insert_missing(
            session, KeptAnswer, [{**row, "status": 0, "kind": "", "location": "", "body": ""}]
        )
        return None
    if found.asked != asked:
        raise OtherBodyError
    if found.status == 0:
        raise UnderWayError
    return Answer(found.status, found.kind, found.location, found.body)


async def keep_answer(session: AsyncSession, who: str, key: str, answer: Answer) -> None:
    """Write down what was answered."""
    values = {
        "status": answer.status,
        "kind": answer.kind,
        "location": answer.location,
        "body": answer.body,
    }
    ours = (KeptAnswer.who == who, KeptAnswer.key == key)
    await session.execute(update(KeptAnswer).where(*ours).values(values))


async def drop_answer(session: AsyncSession, who: str, key: str) -> None:
    """It came to nothing: whoever asks again begins anew."""
    await session.execute(delete(KeptAnswer).where(KeptAnswer.who == who, KeptAnswer.key == key))
