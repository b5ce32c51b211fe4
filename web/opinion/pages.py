"""The page of results: indicators with their intervals, over time and side by side."""

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from reports import Language
from surveys.book import check_surveys
from surveys.figures import (
    By,
    Dimension,
    Fieldwork,
    Indicator,
    Question,
    Results,
    Row,
    break_offs,
    fieldwork,
)
from surveys.models import Survey
from users import Right
from values import AREAS, BadInputError
from web.access import allowed, who
from web.floor.embedding import embedded
from web.keys import PARTS
from web.opinion.asking import KNOWN, SHOWN, dimensions_of, period_in, question_of
from web.opinion.cells import (
    Say,
    added,
    cell,
    drawn,
    line_words,
    period_name,
    scale_of,
    shape_of,
    share,
)
from web.opinion.comments import comments
from web.opinion.frame import item_name, shown, speech
from web.opinion.precision import further
from web.opinion.reading import reckoned
from web.queries import check_names

MOST_LINES: Final = 12
"""Rows that can be chosen in the drawing."""
MOST_LEFT: Final = 6


@allowed(Right.REPORTS, partners=True)
async def opinion(request: web.Request) -> web.Response:
    """Indicators of the chosen time; without a choice, the last 13 weeks."""
    check_names(request.query, KNOWN | {"period"})
    visitor, query, problem = who(request), dict(request.query), ""
    async with request.app[PARTS].db.read() as session:
        try:
            asked = question_of(request, query, SHOWN)
            at = period_in(query.get("period") or "", asked)
            await check_surveys(session, asked.surveys)
        except BadInputError as wrong:
            problem, at = str(wrong), ""
            asked = question_of(request, {}, SHOWN)
        found = await reckoned(session, asked)
        told = await fieldwork(session, asked)
        left = await break_offs(session, asked)
        surveys = await _surveys(session)
        said = await comments(request, session, asked)
        language, t = speech(request)
        at = at or latest(found)
        here = added([each.dispositions for each in told if each.total and each.period == at])
        more = await further(session, found, at, here, language)
    return shown(
        request,
        "opinion/opinion.html",
        status=400 if problem else 200,
        problem=problem,
        query=query,
        by=asked.by,
        bys=list(By),
        dimension=asked.dimension,
        dimensions=dimensions_of(visitor),
        areas=AREAS,
        area=asked.area,
        survey=next(iter(asked.surveys), ""),
        surveys=surveys,
        periods=[(each, period_name(each, t)) for each in reversed(asked.periods)],
        at=at,
        at_name=period_name(at, t),
        indicators=SHOWN,
        **tables(found, at, language, t),
        **_asking(told, t),
        left=[(item_name(each.item, t), each) for each in left if each.broken][:MOST_LEFT],
        share=lambda value: share(value, language, t),
        further=more,
        comments=said,
        by_chance=f"{found.by_chance:.0f}",
        comparisons=found.comparisons,
        data=embedded(data_of(found, t)),
    )


def tables(found: Results, at: str, language: Language, t: Say) -> dict[str, Any]:
    """The tiles and the rows of a period."""
    total = next(row for row in found.totals if row.period == at)
    here = [row for row in found.rows if row.period == at] if found.asked.path else []
    around = list(found.totals)
    scales = {each: scale_of(each, here) for each in SHOWN}
    return {
        "tiles": [
            (
                each,
                cell(total.figures[each], scale_of(each, around), language, t),
                line_words(found.whole.get(each), each, found.asked.by, language, t),
            )
            for each in SHOWN
        ],
        "rows": [
            {
                "name": name_of(row, found.asked, t),
                "under": under(row),
                "cells": [cell(row.figures[each], scales[each], language, t) for each in SHOWN],
            }
            for row in here
        ],
    }


def _asking(told: Sequence[Fieldwork], t: Say) -> dict[str, Any]:
    """How the asking went: each period, and all together."""
    sums = [each for each in told if each.total]
    return {
        "asking": [(period_name(each.period, t), each.dispositions) for each in sums],
        "asked_all": added([each.dispositions for each in sums]),
    }


def name_of(row: Row, asked: Question, t: Say) -> str:
    """What a row is called."""
    if asked.dimension is Dimension.AREA:
        return t(f"opinion.area_{row.name}") if row.name in AREAS else row.name or t("opinion.area_none")
    if row.name:
        return row.name
    return t("opinion.house") if asked.dimension is Dimension.PARTNER else t("opinion.none_named")


def under(row: Row) -> str:
    """To whom it belongs: the site of a team, the partner of a site."""
    return " · ".join(each for each in row.path[:-1] if each)


def latest(found: Results) -> str:
    """The last period that has something to show."""
    for row in reversed(found.totals):
        if any(figure.estimate for figure in row.figures.values()):
            return row.period
    return found.periods[-1]


def data_of(found: Results, t: Say) -> dict[str, Any]:
    """What the scripts draw."""
    totals = {row.period: row for row in found.totals}
    lines: list[tuple[str, Sequence[Row | None]]] = [
        (t("opinion.everybody"), [totals.get(each) for each in found.periods])
    ]
    if found.asked.path:
        by_path: dict[tuple[str, ...], dict[str, Row]] = {}
        for row in found.rows:
            by_path.setdefault(row.path, {})[row.period] = row
        most = sorted(by_path.values(), key=lambda rows: -sum(_answers(row) for row in rows.values()))
        for rows in most[:MOST_LINES]:
            one = next(iter(rows.values()))
            lines.append((name_of(one, found.asked, t), [rows.get(each) for each in found.periods]))
    return {
        "periods": [period_name(each, t, short=True) for each in found.periods],
        "names": [period_name(each, t) for each in found.periods],
        "indicators": [
            {
                "key": each.value,
                "title": t(f"opinion.indicator_{each}"),
                "shape": shape_of(each).value,
                "least": each.definition.least,
                "most": each.definition.most,
            }
            for each in SHOWN
        ],
        "series": drawn(lines, SHOWN),
    }


def _answers(row: Row) -> int:
    figure = row.figures.get(Indicator.NPS)
    return figure.n if figure else 0


async def _surveys(session: AsyncSession) -> Sequence[tuple[str, str]]:
    rows = await session.execute(select(Survey.name, Survey.title).order_by(Survey.title))
    return [(name, title) for name, title in rows]
