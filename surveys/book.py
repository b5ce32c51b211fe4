"""The surveys there are: set up, looked up, held. One that rings people has a campaign of the dialler's."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer import CampaignPlan, Gate, Purpose, pause, set_up
from dialer.changes import HOUSE
from store import upsert
from surveys.cati import asked_by_agents, read_cati
from surveys.items import week_of
from surveys.models import Occasion, Survey
from surveys.names import Names, check_names
from surveys.plans import check_plan
from surveys.quotas import Cells, limits_of
from values import AREAS, BadInputError, no_such

CAMPAIGN: Final = "opinion_"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TITLE = 120

RETRY: Final[Mapping[str, Any]] = {
    "max_attempts": 4,
    "outcomes": {
        "no_answer": {"after": [240, 1440], "most": 3},
        "busy": {"after": [30, 240], "most": 3},
        "machine": {"after": [1440], "most": 2},
        "refused": {"after": [30, 240], "most": 3},
        "interrupted": {"after": [60], "most": 2},
        "unallocated": {"after": [10], "skip_number": True},
        "number_changed": {"after": [10], "skip_number": True},
        "invalid_number": {"after": [10], "skip_number": True},
    },
}
"""Nobody who hung up, said no or said nothing is rung a second time about our curiosity."""


class UnknownSurveyError(BadInputError):
    """There is no such survey."""

    error_id = "unknown-survey"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyPlan:
    """A survey as its owner writes it; see `surveys.models.Survey` and `surveys.plans` for the words."""

    name: str
    questionnaire: str
    occasion: Occasion
    title: str = ""
    area: str = ""
    active: bool = True
    plan: Mapping[str, Any] = field(default_factory=dict)


class Book:
    """Sets surveys up."""

    def __init__(
        self,
        gate: Gate,
        *,
        profile: str,
        caller_id: str,
        known: Callable[[str], bool] = lambda _: True,
        flows: Callable[[], Collection[str]] = tuple,
        names: Names = Names(),  # noqa: B008  (it is frozen)
    ) -> None:
        """`known`: whether a questionnaire of this name is published; `flows`: those that are."""
        self._gate = gate
        self._profile = profile
        self._caller_id = caller_id
        self._known = known
        self._flows = flows
        self._names = names

    async def set_up(
        self, session: AsyncSession, plan: SurveyPlan, now: datetime, *, by: str = HOUSE
    ) -> Survey:
        """Write a survey down, or change it; one that rings people gets its campaign.

        Changed quotas hold from now on, also for those who were counted this week.
        The campaign is paused, or goes on, when the survey's `active` changes, and says so in its history;
        otherwise it stays as operations have left it. Raises `BadInputError` naming the field that makes no
        sense, before anything is written.
        """
        self._check(plan)
        await check_names(session, plan.occasion, plan.plan, self._names)
        there = await session.get(Survey, plan.name, populate_existing=True)
        if there is not None and there.occasion is not plan.occasion:
            raise BadInputError(f"{plan.name} asks {there.occasion}; choose another name", field="occasion")
        was_active = there.active if there else True
        row = {
            "name": plan.name,
            "title": plan.title or plan.name,
            "questionnaire": plan.questionnaire,
            "occasion": plan.occasion,
            "area": plan.area,
            "active": plan.active,
            "plan": dict(plan.plan),
            "created": there.created if there else now,
        }
        await upsert(session, Survey, [row], key=["name"])
        if plan.occasion is not Occasion.POLL:  # a poll's limits are set as it is started
            await Cells(session).replan(plan.name, week_of(now), limits_of(plan.plan))
        if plan.occasion is not Occasion.AFTER_CALL:
            await set_up(session, self._gate, self._campaign(plan))
            if plan.active != was_active:
                asks = campaign_of(plan.name)
                await pause(session, asks, paused=not plan.active, by=by, at=now, why=f"survey {plan.name}")
        return await survey(session, plan.name)

    def _campaign(self, plan: SurveyPlan) -> CampaignPlan:
        campaign = CampaignPlan(
            name=campaign_of(plan.name),
            title=f"Opinion: {plan.title or plan.name}",
            flow=plan.questionnaire,
            purpose=Purpose.SURVEY,
            profile=self._profile,
            caller_id=self._caller_id,
            retry=RETRY,
            priority=10,
        )
        return asked_by_agents(campaign, read_cati(plan.plan))

    def _check(self, plan: SurveyPlan) -> None:
        if not _NAME.fullmatch(plan.name):
            raise BadInputError("write small letters, digits and _, at most 40", field="name")
        if len(plan.title) > _TITLE or not plan.title.isprintable():
            raise BadInputError(f"write at most {_TITLE} letters in one line", field="title")
        if plan.area and plan.area not in AREAS:
            raise BadInputError(no_such(plan.area, AREAS, "area"), field="area")
        if not self._known(plan.questionnaire):
            told = no_such(plan.questionnaire, self._flows(), "published questionnaire")
            raise BadInputError(f"{told}. Publish its flow first", field="questionnaire")
        check_plan(plan.plan)


def campaign_of(name: str) -> str:
    """The campaign that rings a survey's people."""
    return CAMPAIGN + name


async def survey(session: AsyncSession, name: str) -> Survey:
    """One survey. Raises `UnknownSurveyError`."""
    found = await session.get(Survey, name, populate_existing=True)
    if found is None:
        there = await session.scalars(select(Survey.name))
        raise UnknownSurveyError(no_such(name, there.all(), "survey"), field="survey")
    return found


async def check_surveys(session: AsyncSession, names: Collection[str], *, field: str = "survey") -> None:
    """Raises `BadInputError` for a survey that is none, with the nearest there are."""
    if names:
        there = (await session.scalars(select(Survey.name))).all()
        for name in sorted(set(names) - set(there)):
            raise BadInputError(no_such(name, there, "survey"), field=field)


async def surveys(session: AsyncSession, *, occasion: Occasion | None = None) -> Sequence[Survey]:
    """All surveys by name, or those of one occasion."""
    query = select(Survey).order_by(Survey.name)
    return (await session.scalars(query.where(Survey.occasion == occasion) if occasion else query)).all()
