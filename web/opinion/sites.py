"""The sites' card: side by side, placed only where their intervals let them be told apart."""

from typing import Final

from aiohttp import web

from surveys.figures import By, Dimension, Mark, scorecard
from surveys.goals import EXAMPLE
from users import Right
from values import AREAS, BadInputError
from web.access import allowed
from web.keys import PARTS
from web.opinion.asking import SHOWN, period_in, question_of
from web.opinion.cells import Say, cell, period_name, scale_of
from web.opinion.frame import shown, speech
from web.opinion.pages import latest
from web.opinion.reading import reckoned
from web.queries import check_names

KNOWN: Final = frozenset({"by", "period", "area"})


@allowed(Right.REPORTS, partners=True)
async def sites(request: web.Request) -> web.Response:
    """A month's card; without a choice, the latest."""
    check_names(request.query, KNOWN)
    problem, fixed = "", {"dimension": Dimension.SITE.value}
    try:
        asked = question_of(request, {"by": By.MONTH.value, **request.query, **fixed}, SHOWN)
        at = period_in(request.query.get("period", ""), asked)
    except BadInputError as wrong:
        problem, at = str(wrong), ""
        asked = question_of(request, {"by": By.MONTH.value, **fixed}, SHOWN)
    language, t = speech(request)
    async with request.app[PARTS].db.read() as session:
        found = await reckoned(session, asked)
    at = at or latest(found)
    here = [row for row in found.rows if row.period == at]
    scales = {each: scale_of(each, here) for each in SHOWN}
    rows = [
        {
            "name": site.name or t("opinion.none_named"),
            "under": site.path[0] or t("opinion.house"),
            "marks": [
                (cell(site.marks[each].figure, scales[each], language, t), _place(site.marks[each], t))
                for each in SHOWN
            ],
        }
        for site in scorecard(found, at)
    ]
    return shown(
        request,
        "opinion/sites.html",
        status=400 if problem else 200,
        problem=problem,
        by=asked.by,
        bys=list(By),
        areas=AREAS,
        area=asked.area,
        periods=[(each, period_name(each, t)) for each in reversed(asked.periods)],
        at=at,
        at_name=period_name(at, t),
        indicators=SHOWN,
        rows=rows,
        goals=EXAMPLE.read_text(encoding="utf-8"),
    )


def _place(mark: Mark, t: Say) -> str:
    """`place 2`, or `place 1 to 3` where it cannot be told."""
    if mark.best is None or mark.worst is None:
        return ""
    if mark.rank is not None:
        return t("opinion.place", place=mark.rank)
    return t("opinion.places", best=mark.best, worst=mark.worst)
