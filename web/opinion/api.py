"""Opinions for programs: `/api/v1/opinion`."""

from typing import Any, Final

from aiohttp import web

from surveys.book import check_surveys
from surveys.figures import By, Dimension, Indicator, break_offs, fieldwork
from users import Right
from values import AREAS
from web.access import allowed
from web.keys import PARTS
from web.openapi.describe import FLAG, NUMBER, WHOLE, Parameters, described, one_of, record
from web.opinion.asking import KNOWN, question_of
from web.opinion.reading import reckoned
from web.opinion.told import fieldwork_told, indicators_told, results_told
from web.queries import check_names, json_answer

ASKED: Final[Parameters] = {
    "by": one_of(*By, says="weeks (ISO 8601) or months"),
    "last": {
        **WHOLE,
        "minimum": 1,
        "maximum": 60,
        "description": "so many periods, the present one included",
    },
    "from": "the first period, as 2026-W40 or 2026-10; with `to`, in place of `last`",
    "to": "the last period, which belongs to it",
    "dimension": one_of(*Dimension, says="by what rows are told apart; agents want the right `surveys`"),
    "survey": "one survey by its name",
    "area": one_of(*AREAS, says="one area of care"),
    "language": "of the words",
}
_FIGURE: Final = record(
    shown="`yes`, `nobody`, `few`, or `guard` (it would give another's away)",
    n=WHOLE, value=NUMBER, low=NUMBER, high=NUMBER,
    change=record(difference=NUMBER, low=NUMBER, high=NUMBER, p=NUMBER, significant=FLAG, firm=FLAG),
)  # fmt: skip
_ROW: Final = record(
    period="the week or month", figures={"type": "object", "additionalProperties": dict(_FIGURE)}
)
_LINE: Final = record(
    a_period=NUMBER,
    low=NUMBER,
    high=NUMBER,
    p=NUMBER,
    significant=FLAG,
    periods={**WHOLE, "description": "how many had a figure: a line takes four"},
)
FIGURES: Final = record(
    by="week or month", least=WHOLE, confidence=NUMBER,
    rows={"type": "array", "items": dict(_ROW)}, totals={"type": "array", "items": dict(_ROW)},
    trends={
        "type": "array", "items": dict(_LINE),
        "description": "the straight line through each row's figures, by its path and indicator",
    },
    trend_of_all={"type": "object", "additionalProperties": dict(_LINE)},
)  # fmt: skip


@allowed(Right.REPORTS, Right.DESK, partners=True)
@described(answer=record(indicators={"type": "array"}))
async def indicators(request: web.Request) -> web.Response:
    """Which indicators there are, from which question, on which scale."""
    check_names(request.query, ())
    return json_answer({"indicators": indicators_told(list(Indicator))})


@allowed(Right.REPORTS, partners=True)
@described(
    query=ASKED,
    answer=FIGURES,
    words="Figures of fewer than 30 answers are hidden, and so is what gives them away.",
)
async def figures(request: web.Request) -> web.Response:
    """What customers think: indicators with 95 % intervals, by week or month."""
    check_names(request.query, KNOWN)
    asked = question_of(request, request.query)
    async with request.app[PARTS].db.read() as session:
        await check_surveys(session, asked.surveys)
        found = await reckoned(session, asked)
    return json_answer(results_told(found))


@allowed(Right.REPORTS, partners=True)
@described(query=ASKED, answer=record(rows={"type": "array"}, break_offs={"type": "array"}))
async def asking(request: web.Request) -> web.Response:
    """How the asking went: AAPOR's rates by period, and at which question interviews were broken off."""
    check_names(request.query, KNOWN)
    asked = question_of(request, request.query)
    async with request.app[PARTS].db.read() as session:
        await check_surveys(session, asked.surveys)
        told: dict[str, Any] = fieldwork_told(
            await fieldwork(session, asked), await break_offs(session, asked)
        )
    return json_answer(told)
