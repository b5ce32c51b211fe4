"""Polls: planned to a precision, their progress, and what they say by region."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from reports import Language
from reports.printed import Estimate, Shape, say, span
from surveys.figures import LEAST
from surveys.models import Occasion, Survey
from surveys.polls import RegionOutlook, RegionResult
from surveys.sampling import Precision, size_for
from users import Right
from values import BadInputError
from web.access import allowed, who
from web.errors import NotFoundError
from web.keys import PARTS
from web.opinion.cells import Say, place
from web.opinion.frame import item_name, shown, speech
from web.pages import page
from web.queries import check_names
from web.surveys.desk import desk_of
from web.surveys.polling import item_in

ASKED: Final = ("margin", "confidence", "population", "response", "deff")
USUAL: Final[Mapping[str, str]] = {
    "margin": "5", "confidence": "95", "population": "", "response": "40", "deff": "1",
}  # fmt: skip
SHADES: Final = 5
HUNDRED: Final = 100
_LONGEST: Final = 12


@allowed(Right.REPORTS)
async def polls(request: web.Request) -> web.Response:
    """All polls, and one of them whole, by one of its questions."""
    check_names(request.query, ("poll", "item"))
    item = item_in(request.query)
    parts, (language, t) = request.app[PARTS], speech(request)
    may_start = who(request).may(Right.SURVEYS)
    async with parts.db.read() as session:
        found = await _polls(session)
        chosen = _chosen(found, request.query.get("poll", ""))
        items: Sequence[str] = []
        results: Sequence[RegionResult] = []
        outlook: Sequence[RegionOutlook] = []
        if chosen:
            desk = desk_of(request).polls
            items = await desk.questions(session, chosen.name)
            item = item or items[0]
            results = await desk.results(session, chosen.name, item)
            if may_start and chosen.plan.get("regions"):
                outlook = await desk.outlook(session, chosen.name, parts.clock.now())
    rows = [_row(each, language, t) for each in results]
    return shown(
        request,
        "opinion/polls.html",
        polls=found,
        chosen=chosen,
        item=item,
        items=[(each, item_name(each, t)) for each in items],
        rows=rows,
        together=_together(results, language, t),
        outlook=outlook,
        planner=USUAL,
        size=size_for(_precision(USUAL)),
        few=LEAST,
        count=lambda value: say(value, Shape.COUNT, language),
        points=lambda value: f"±{say(value * HUNDRED, Shape.NUMBER, language)}",
    )


@allowed(Right.REPORTS)
async def planner(request: web.Request) -> web.Response:
    """A fragment: how many complete interviews a precision takes, and how many to invite for them."""
    check_names(request.query, ASKED)
    language, _ = speech(request)
    problem, size = "", None
    try:
        size = size_for(_precision({**USUAL, **request.query}))
    except BadInputError as wrong:
        problem = str(wrong)
    return page(
        request,
        "opinion/size.html",
        size=size,
        problem=problem,
        count=lambda value: say(value, Shape.COUNT, language),
    )


def _precision(asked: Mapping[str, str]) -> Precision:
    population = _number(asked, "population") if asked["population"].strip() else None
    return Precision(
        margin=_number(asked, "margin") / HUNDRED,
        confidence=_number(asked, "confidence") / HUNDRED,
        population=int(population) if population is not None else None,
        response=_number(asked, "response") / HUNDRED,
        deff=_number(asked, "deff"),
    )


def _number(asked: Mapping[str, str], name: str) -> float:
    text = asked[name].strip().replace(",", ".")
    if len(text) > _LONGEST or not text.replace(".", "", 1).isdecimal():
        raise BadInputError("write a number", field=name)
    return float(text)


async def _polls(session: AsyncSession) -> Sequence[Survey]:
    query = select(Survey).where(Survey.occasion == Occasion.POLL).order_by(Survey.created.desc())
    return (await session.scalars(query)).all()


def _chosen(found: Sequence[Survey], name: str) -> Survey | None:
    if not name:
        return found[0] if found else None
    for each in found:
        if each.name == name:
            return each
    raise NotFoundError("There is no such poll.")


def _row(found: RegionResult, language: Language, t: Say) -> dict[str, Any]:
    known, hidden = found.known, found.few
    estimate = Estimate(None if hidden else found.share, found.low, found.high, known)
    target = found.target or 0
    return {
        "region": found.region or t("opinion.none_named"),
        "invited": found.invited,
        "complete": found.complete,
        "target": found.target,
        "done": min(1.0, found.complete / target) if target else None,
        "refused": found.refused,
        "not_reached": found.not_reached,
        "partial": found.partial,
        "known": known,
        "hidden": hidden,
        "text": t("opinion.few") if hidden else say(found.share, Shape.SHARE, language),
        "span": span(estimate, Shape.SHARE, language),
        "shade": None if hidden or found.share is None else min(SHADES, int(found.share * SHADES) + 1),
        "low": place(found.low, (0.0, 1.0)),
        "at": place(found.share or 0.0, (0.0, 1.0)),
        "high": place(found.high, (0.0, 1.0)),
    }


def _together(found: Sequence[RegionResult], language: Language, t: Say) -> dict[str, Any]:
    """The whole poll's progress."""
    complete, target = sum(each.complete for each in found), sum(each.target or 0 for each in found)
    return {
        "invited": say(sum(each.invited for each in found), Shape.COUNT, language),
        "complete": say(complete, Shape.COUNT, language),
        "target": say(target, Shape.COUNT, language) if target else "–",
        "done": say(complete / target, Shape.SHARE, language) if target else t("opinion.nobody"),
        "partial": say(sum(each.partial for each in found), Shape.COUNT, language),
        "refused": say(sum(each.refused for each in found), Shape.COUNT, language),
        "not_reached": say(sum(each.not_reached for each in found), Shape.COUNT, language),
    }
