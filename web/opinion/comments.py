"""What customers said in their own words: listed, and listened to where the recordings are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Final

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from calls.models import Recording
from surveys.figures import Question
from surveys.figures.columns import narrowed
from surveys.items import COMMENT, RECOMMEND
from surveys.models import Answer, Interview
from users import Right
from web.access import who

MOST: Final = 20
SOUND: Final = ".wav"


@dataclass(frozen=True, slots=True)
class Comment:
    """One customer's words."""

    at: datetime
    area: str
    site: str
    score: int | None
    """What they said to `recommend`; None when they were not asked."""
    call: str
    audio: str
    """Where it is listened to, which is written down; '' when there is no recording any more."""
    words: str
    """As an agent wrote them down; '' for a recording."""


async def comments(request: web.Request, session: AsyncSession, asked: Question) -> Sequence[Comment] | None:
    """The latest ones; None for who may not listen."""
    if not who(request).may(Right.RECORDINGS):
        return None
    score = aliased(Answer)
    query = (
        select(Interview, Answer.text, score.value)
        .join(Answer, (Answer.interview == Interview.id) & (Answer.item == COMMENT))
        .outerjoin(score, (score.interview == Interview.id) & (score.item == RECOMMEND))
        .where(Answer.text != "")
        .order_by(Interview.finished.desc())
        .limit(MOST)
    )
    rows = (await session.execute(narrowed(query, asked, Interview.finished))).all()
    sounds = await _sounds(session, [interview.call_id for interview, _, _ in rows])
    return [_comment(interview, text, value, sounds) for interview, text, value in rows]


def _comment(
    interview: Interview, text: str, score: int | None, sounds: Collection[tuple[str, str]]
) -> Comment:
    there = (interview.call_id, _stem(text)) in sounds
    spoken = there or PurePath(text).suffix == SOUND  # whose recording may be gone by now
    return Comment(
        at=interview.finished or interview.invited,
        area=interview.area,
        site=interview.site,
        score=score,
        call=interview.call_id,
        audio=_audio(interview.call_id, text) if there else "",
        words="" if spoken else text,
    )


async def _sounds(session: AsyncSession, calls: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Which recordings there are of these calls, by call and name."""
    wanted = select(Recording.call_id, Recording.path).where(Recording.call_id.in_(sorted({*calls} - {""})))
    return frozenset((call, _stem(path)) for call, path in await session.execute(wanted))


def _stem(path: str) -> str:
    return PurePath(path).stem


def _audio(call: str, text: str) -> str:
    return f"/api/v1/recordings/{call}/audio?file={_stem(text)}"
