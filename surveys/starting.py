"""Starting a poll: its places are looked through while others work, and only who was drawn is written."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store import Database
from surveys.calling import Call, Calling, interview_of
from surveys.interviews import Invitation
from surveys.models import Interview, InterviewState, Survey
from surveys.polls import Look, Polls
from surveys.quotas import Cells, limits_of
from surveys.sampling import Drawn, hold, keep, may_ask, pool, spread
from values import CustomerId

LASTS: Final = timedelta(days=14)
"""How long a poll rings those it has drawn."""
PORTION: Final = 100
"""How many are invited while the database is held: a dialler in a hurry waits no longer than for these."""
NOT_REACHED: Final = (InterviewState.NO_CONTACT, InterviewState.UNKNOWN)
_BYTES: Final = 12

Note = Callable[[AsyncSession], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Started:
    """What came of starting a poll."""

    invited: Counter[str]
    resting: int
    seed: str


class Starting:
    """Draws whom a poll asks, and has them rung, its places in turns that chance mixes.

    The database is held for the draw, and then for a portion of people at a time. Started twice at once, or
    again after it was cut short, a poll never invites more than it takes, nor anybody twice: each portion
    holds the survey and its people, and looks again at who may be asked and how many are missing.
    """

    def __init__(self, db: Database, polls: Polls, calling: Calling) -> None:
        self._db = db
        self._polls = polls
        self._calling = calling

    async def start(self, name: str, now: datetime, note: Note) -> Started:
        """Draw, invite and have them rung; started again, it invites as many as are still missing.

        `note` writes down who did so, with the draw. Raises `UnknownSurveyError` and `BadInputError`.
        """
        async with self._db.read() as session:
            look = await self._polls.look(session, name, now)
        found = await asyncio.to_thread(pool, name, look.frame, look.allowed, look.plan.seed)
        sizes = {each.region: each.size for each in look.outlook}
        most = {region: size.invite for region, size in sizes.items()}
        async with self._db.write() as session:
            own = limits_of((await _locked(session, name)).plan)
            made = await keep(session, found, await _missing(session, name, most), now)
            complete = {
                region: min(size.complete, own.get(region, size.complete)) for region, size in sizes.items()
            }
            await Cells(session).limit(name, "", complete, now)
            await note(session)
        invited: Counter[str] = Counter()
        turns = spread(made.people, made.seed)
        for first in range(0, len(turns), PORTION):
            part = turns[first : first + PORTION]
            async with self._db.write() as session:
                invited += await self._ring(session, name, look, made.id, part, now, most)
        return Started(invited, made.resting, made.seed)

    async def _ring(
        self,
        session: AsyncSession,
        name: str,
        look: Look,
        draw: str,
        part: Sequence[tuple[Drawn, float]],
        now: datetime,
        most: Mapping[str, int],
    ) -> Counter[str]:
        row = await _locked(session, name)
        ids = [CustomerId(each.customer_id) for each, _ in part]
        await hold(session, ids)
        willing = await self._calling.consenting(session, ids, now)
        open_ = await may_ask(session, willing, now, timedelta(days=look.plan.quarantine_days))
        room = Counter(await _missing(session, name, most))
        before = await _times_asked(session, name, ids)
        calls: list[Call] = []
        for each, place in part:
            if each.customer_id not in open_ or room[each.stratum] <= 0:
                continue
            room[each.stratum] -= 1
            invitation = Invitation(
                survey=name,
                customer_id=each.customer_id,
                region=each.stratum,
                stratum=each.stratum,
                weight=each.weight,
                about=draw,
            )
            source = _source(row, each.customer_id, before[each.customer_id], now)
            calls.append(Call(invitation=invitation, source=source, expires=now + LASTS, place=place))
        made = set(await self._calling.ring(session, calls, now))
        return Counter(each.invitation.stratum for each in calls if interview_of(each.source) in made)


async def _locked(session: AsyncSession, name: str) -> Survey:
    """The survey, held until the transaction ends."""
    query = select(Survey).where(Survey.name == name).with_for_update(key_share=True)
    return (await session.scalars(query.execution_options(populate_existing=True))).one()


async def _missing(session: AsyncSession, name: str, most: Mapping[str, int]) -> dict[str, int]:
    """How many invitations places are short of; whom it did not reach, it asks others in place of."""
    query = select(Interview.stratum, func.count()).where(Interview.survey == name)
    query = query.where(Interview.state.not_in(NOT_REACHED))
    there = Counter({row[0]: row[1] for row in await session.execute(query.group_by(Interview.stratum))})
    return {region: max(0, invite - there[region]) for region, invite in most.items()}


async def _times_asked(session: AsyncSession, name: str, customers: Sequence[CustomerId]) -> Counter[str]:
    query = select(Interview.customer_id, func.count()).where(Interview.survey == name)
    query = query.where(Interview.customer_id.in_(customers)).group_by(Interview.customer_id)
    return Counter({row[0]: row[1] for row in await session.execute(query)})


def _source(survey: Survey, customer: str, times: int, now: datetime) -> str:
    """The same for the same customer asked for the same time, whichever draw found them.

    A digest: it outlives the customer's name on the interview. The year tells those apart who are asked
    again after their name is gone.
    """
    words = f"{survey.name} {survey.created.isoformat()} {customer} {now.year} {times}"
    return f"{survey.name}:{blake2b(words.encode(), digest_size=_BYTES).hexdigest()}"
