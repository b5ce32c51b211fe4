"""Polls: where a problem is thought to be, how many to ask there, and what they say."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Channel, consenting_in, living_how_many, living_in
from dialer import Purpose
from store.lifetime import slices
from surveys.book import survey
from surveys.calling import Calling
from surveys.figures.questions import LEAST
from surveys.items import SCALES
from surveys.models import Answer, Interview, InterviewState, Occasion
from surveys.plans import regions_of
from surveys.questionnaires import Items
from surveys.quotas import Cells
from surveys.sampling import (
    Candidate,
    Precision,
    SamplingPlan,
    Size,
    asked_lately,
    may_ask,
    sampling_plan,
    size_for,
)
from values import BadInputError, CustomerId, no_such
from values.proportions import wilson, wilson_reach

ITEM: Final = "arrived"
"""The question a poll is about, unless it is told."""


@dataclass(frozen=True, slots=True)
class RegionOutlook:
    """What it takes to know about one place."""

    region: str
    customers: int
    """Who live there."""
    may_be_asked: int
    """Of them, who have consented and were not asked lately."""
    size: Size

    @property
    def reach(self) -> float:
        """Half the interval's width that all who may be asked could bring at best, as a share."""
        return wilson_reach(0.5, min(self.size.complete, self.may_be_asked)) if self.may_be_asked else 0.5


@dataclass(frozen=True, slots=True)
class RegionResult:
    """What they say in one place."""

    region: str
    invited: int
    complete: int
    partial: int
    refused: int
    not_reached: int
    yes: int
    no: int
    share: float | None
    """Of those who know, how many say yes; None while nobody has."""
    low: float
    high: float
    target: int | None

    @property
    def known(self) -> int:
        """How many have said yes or no."""
        return self.yes + self.no

    @property
    def few(self) -> bool:
        """Whether too few have for their share to be shown."""
        return self.known < LEAST


@dataclass(frozen=True, slots=True)
class Look:
    """A poll's places, looked through."""

    plan: SamplingPlan
    outlook: Sequence[RegionOutlook]
    """What the poll takes, place by place."""
    frame: Sequence[Candidate]
    """Who have consented."""
    allowed: frozenset[str]
    """Of the frame, who were not asked lately."""


class Polls:
    """Plans and counts polls; `surveys.starting` starts them."""

    def __init__(self, calling: Calling, items: Items = lambda _: ()) -> None:
        """`items`: the questions of each questionnaire."""
        self._calling = calling
        self._items = items

    async def outlook(self, session: AsyncSession, name: str, now: datetime) -> Sequence[RegionOutlook]:
        """What the poll takes, place by place: counted by the database. Raises as `look`."""
        plan, places = await self._poll(session, name)
        there = await living_how_many(session, places)
        willing = consenting_in(places, Purpose.SURVEY.value, Channel.VOICE, now).subquery()
        resting = asked_lately(now, timedelta(days=plan.quarantine_days))
        asked = exists().where(Interview.customer_id == willing.c.id, *resting)
        query = select(willing.c.region, func.count()).where(~asked).group_by(willing.c.region)
        open_ = {row[0]: row[1] for row in await session.execute(query)}
        return [_outlook(plan, place, there.get(place, 0), open_.get(place, 0)) for place in places]

    async def look(self, session: AsyncSession, name: str, now: datetime) -> Look:
        """Look a poll's places through before a draw: of a million customers many seconds, and only read.

        Raises `UnknownSurveyError` and `BadInputError`.
        """
        plan, places = await self._poll(session, name)
        people = await living_in(session, places)
        willing = await self._willing(session, list(people), now)
        allowed = await may_ask(session, willing, now, timedelta(days=plan.quarantine_days))
        return await asyncio.to_thread(_look, plan, places, people, willing, allowed)

    async def questions(self, session: AsyncSession, name: str) -> Sequence[str]:
        """Those that were answered with yes or no, the poll's own first; just that one while none was."""
        query = select(Answer.item).join(Interview, Interview.id == Answer.interview).distinct()
        said = query.where(Interview.survey == name, Interview.state == InterviewState.COMPLETE)
        found = set(await session.scalars(said.where(Answer.value.in_((0, 1))))) - SCALES.keys()
        return sorted(found, key=lambda item: (item != ITEM, item)) or [ITEM]

    async def results(self, session: AsyncSession, name: str, item: str = ITEM) -> Sequence[RegionResult]:
        """What they have said so far, place by place, with Wilson's interval of 95 %.

        Raises `UnknownSurveyError`, and `BadInputError` for a question that it does not ask and nobody has
        answered, if any others are known.
        """
        row = await survey(session, name)
        await _check_item(session, name, item, self._items(row.questionnaire))
        states = await session.execute(
            select(Interview.region, Interview.state, func.count())
            .where(Interview.survey == name)
            .group_by(Interview.region, Interview.state)
        )
        counted: dict[str, Counter[InterviewState]] = {}
        for region, state, count in states:
            counted.setdefault(region, Counter())[state] = count
        said = await session.execute(
            select(Interview.region, Answer.value, func.count())
            .join(Answer, Answer.interview == Interview.id)
            .where(Interview.survey == name, Interview.state == InterviewState.COMPLETE)
            .where(Answer.item == item, Answer.value.in_((0, 1)))
            .group_by(Interview.region, Answer.value)
        )
        votes = {(region, int(value or 0)): count for region, value, count in said}
        targets = await Cells(session).of_week(name, "")
        return [_result(region, counted[region], votes, targets.get(region)) for region in sorted(counted)]

    async def _poll(self, session: AsyncSession, name: str) -> tuple[SamplingPlan, Sequence[str]]:
        row = await survey(session, name)
        if row.occasion is not Occasion.POLL:
            raise BadInputError(f"{name} is no poll: it asks {row.occasion}", field="survey")
        places = regions_of(row.plan)
        if not places:
            raise BadInputError(f"{name} names no places; write them in its plan", field="plan.regions")
        return sampling_plan(row.plan), places

    async def _willing(
        self, session: AsyncSession, people: Sequence[CustomerId], now: datetime
    ) -> list[CustomerId]:
        found: list[CustomerId] = []
        for part in slices(people):
            found += sorted(await self._calling.consenting(session, part, now))
        return found


async def _check_item(session: AsyncSession, name: str, item: str, asks: Collection[str]) -> None:
    if item == ITEM or item in asks:
        return
    asked = select(Answer.item).join(Interview, Interview.id == Answer.interview).distinct()
    there = {*asks, *await session.scalars(asked.where(Interview.survey == name))}
    if there and item not in there:
        raise BadInputError(no_such(item, there, "question"), field="item")


def _look(
    plan: SamplingPlan,
    places: Sequence[str],
    people: Mapping[CustomerId, str],
    willing: Sequence[CustomerId],
    allowed: frozenset[str],
) -> Look:
    frame = [Candidate(customer, people[customer]) for customer in willing]
    there = Counter(people.values())
    open_ = Counter(each.stratum for each in frame if each.customer_id in allowed)
    outlook = [_outlook(plan, place, there[place], open_[place]) for place in places]
    return Look(plan, outlook, frame, allowed)


def _outlook(plan: SamplingPlan, place: str, population: int, open_: int) -> RegionOutlook:
    size = size_for(
        Precision(
            margin=plan.margin,
            confidence=plan.confidence,
            variance=plan.variance,
            population=population or None,
            deff=plan.deff,
            response=plan.response,
        )
    )
    return RegionOutlook(place, population, open_, size)


def _result(
    region: str,
    states: Counter[InterviewState],
    votes: Mapping[tuple[str, int], int],
    target: int | None,
) -> RegionResult:
    yes, no = votes.get((region, 1), 0), votes.get((region, 0), 0)
    known = yes + no
    low, high = wilson(yes / known, known) if known else (0.0, 1.0)
    return RegionResult(
        region=region,
        invited=states.total(),
        complete=states[InterviewState.COMPLETE],
        partial=states[InterviewState.PARTIAL],
        refused=states[InterviewState.REFUSED],
        not_reached=states[InterviewState.NO_CONTACT] + states[InterviewState.UNKNOWN],
        yes=yes,
        no=no,
        share=yes / known if known else None,
        low=low,
        high=high,
        target=target,
    )
