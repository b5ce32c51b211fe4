"""Drawing who is asked after an agent's call, and settling what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from agents import agent_cards
from calls import CallState
from calls.models import Call
from customers import Channel, Customers
from dialer import Purpose
from dialer.do_not_call import entries_of
from dialer.gate.purpose import blocked_by
from store import Database
from surveys.aftercall.rules import AfterCall, cell_of, read_after_call
from surveys.interviews import Given, Invitation, break_off, invite, locked, settle
from surveys.items import counted_week, week_of
from surveys.models import CUT, Interview, InterviewState, Occasion, Survey
from surveys.quotas import CellKey, Cells, limits_of
from surveys.sampling import by_chance, hold, may_ask, sampling_plan
from values import BadInputError, CallId, Clock, CustomerId, PhoneNumber, Scalar

LEFT: Final = timedelta(minutes=5)
"""How long after its call an interview may still be settled by whoever had it in hand."""
_OPEN: Final = (InterviewState.INVITED, InterviewState.STARTED)
_MOST: Final = 500

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A talk that has just begun."""

    call_id: CallId
    agent: str
    queue: str
    """Through which they came; '' through none."""
    campaign: str
    customer_id: str
    number: PhoneNumber
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who is to be asked when the talk is over."""

    interview: str
    flow: str
    shortest: float
    """Seconds of talk below which they are not asked after all."""
    fields: Mapping[str, Scalar] = field(default_factory=dict)


class AfterCalls:
    """Draws, and writes down."""

    def __init__(
        self, db: Database, customers: Customers, known: Callable[[str], bool], clock: Clock
    ) -> None:
        """`known`: whether a questionnaire of this name is published."""
        self._db = db
        self._customers = customers
        self._known = known
        self._clock = clock

    async def draw(self, talk: Talk) -> Asked | None:
        """Whether this customer is to be asked; if so their invitation stands.

        Not asked is who is unknown to us: nobody could tell when they were asked last.
        """
        if not talk.customer_id:
            return None
        async with self._db.read() as session:
            for survey, settings, area in await self._surveys(session, talk):
                sampling = sampling_plan(survey.plan)
                if not by_chance(sampling.seed or survey.name, talk.call_id, settings.share):
                    continue
                invitation = await self._invitation(session, survey, settings, area, talk)
                if not await self._room(session, survey, invitation.stratum, talk.at):
                    continue
                if not await self._wanted(session, talk, timedelta(days=sampling.quarantine_days)):
                    return None
                break
            else:
                return None
        async with self._db.write() as session:
            await hold(session, [talk.customer_id])  # somebody else may have drawn them meanwhile
            quarantine = timedelta(days=sampling.quarantine_days)
            if not await may_ask(session, [talk.customer_id], talk.at, quarantine):
                return None
            (interview,) = await invite(session, [invitation], talk.at)
        log.info("opinion.drawn", call=talk.call_id, survey=survey.name)
        return Asked(interview, survey.questionnaire, settings.shortest, {"area": invitation.area})

    async def unfit(self, interview: str) -> None:
        """They were put through to somebody else, or the talk was too short: there is nothing to judge."""
        async with self._db.write() as session:
            await settle(session, {interview: InterviewState.INELIGIBLE}, self._clock.now())

    async def cut(self, interview: str) -> None:
        """Their agent ended their call before they could be asked: told apart from their own hanging up."""
        now = self._clock.now()
        async with self._db.write() as session:
            row = (await locked(session, [interview])).get(interview)
            if row is not None and row.state is InterviewState.INVITED:
                row.state, row.finished, row.last_item = InterviewState.OTHER, now, CUT

    async def over(self, interview: str, *, asked: bool) -> None:
        """Their call is over: before the first question, in the middle, or after the last."""
        now = self._clock.now()
        async with self._db.write() as session:
            if not asked:  # they hung up first
                await settle(session, {interview: InterviewState.NO_CONTACT}, now)
                return
            row = (await locked(session, [interview])).get(interview)
            if row is not None and row.state in {InterviewState.INVITED, InterviewState.STARTED}:
                await break_off(session, [Given(interview=interview)], now)

    async def left_over(self) -> int:
        """Settle what nobody did since a core fell, or the database was away; how many."""
        now = self._clock.now()
        weeks = {week_of(now), week_of(now - timedelta(days=7))}
        names = select(Survey.name).where(Survey.occasion == Occasion.AFTER_CALL)
        query = (
            select(Interview.id, Interview.state)
            .join(Call, Call.call_id == Interview.call_id)
            .where(Interview.survey.in_(names), Interview.week.in_(weeks), Interview.state.in_(_OPEN))
            .where(Call.state != CallState.UP, Call.ended < now - LEFT)
            .limit(_MOST)
        )
        async with self._db.read() as session:
            found = (await session.execute(query)).all()
        for interview, state in found:
            await self.over(interview, asked=state is InterviewState.STARTED)
        return len(found)

    async def _surveys(self, session: AsyncSession, talk: Talk) -> list[tuple[Survey, AfterCall, str]]:
        query = (
            select(Survey).where(Survey.active, Survey.occasion == Occasion.AFTER_CALL).order_by(Survey.name)
        )
        found = []
        for survey in await session.scalars(query):
            try:
                settings = read_after_call(survey.plan)
                sampling_plan(survey.plan)
            except BadInputError as problem:
                log.warning("opinion.plan_unreadable", survey=survey.name, why=str(problem))
                continue
            area = settings.area(talk.queue, talk.campaign) if settings else None
            if settings is not None and area is not None and self._known(survey.questionnaire):
                found.append((survey, settings, area))
        return found

    async def _invitation(
        self, session: AsyncSession, survey: Survey, settings: AfterCall, area: str, talk: Talk
    ) -> Invitation:
        cards = await agent_cards(session, [talk.agent], inactive=True)
        team, site, partner = (cards[0].team, cards[0].site, cards[0].partner) if cards else ("", "", "")
        area = area or survey.area
        return Invitation(
            id=f"after-{talk.call_id}",
            survey=survey.name,
            customer_id=talk.customer_id,
            call_id=talk.call_id,
            about=talk.call_id,
            agent=talk.agent,
            team=team,
            site=site,
            partner=partner,
            area=area,
            stratum=cell_of(limits_of(survey.plan), area, site),
            weight=1.0 / settings.share,
            language=talk.language,
        )

    async def _room(self, session: AsyncSession, survey: Survey, cell: str, now: datetime) -> bool:
        """Whether the cell still wants complete interviews this week."""
        planned = limits_of(survey.plan).get(cell)
        key = CellKey(survey.name, cell, counted_week(Occasion(survey.occasion), week_of(now)))
        return key not in await Cells(session).filled({key: planned})

    async def _wanted(self, session: AsyncSession, talk: Talk, quarantine: timedelta) -> bool:
        """Whether the customer may be asked at all: not after their word against it, nor twice in a while."""
        entries = await entries_of(session, talk.number)
        if blocked_by(Purpose.SURVEY, [each.purpose for each in entries.entries]):
            return False
        customer = CustomerId(talk.customer_id)
        words = await self._customers.consents(
            session, [customer], Purpose.SURVEY.value, Channel.VOICE, talk.at
        )
        if words.get(customer) is False:
            return False
        return talk.customer_id in await may_ask(session, [talk.customer_id], talk.at, quarantine)
