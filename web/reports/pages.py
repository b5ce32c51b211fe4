"""The page on which a report is chosen, seen, sorted, drawn and taken as a file."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy import select

from agents.models import Agent
from agents.queues.models import QueueRow
from calls.models import TraceRow
from dialer.models import Campaign
from reports import (
    NOT_AVAILABLE,
    TABLES,
    Asked,
    Column,
    Kind,
    Language,
    Range,
    ReportName,
    Row,
    Step,
    Table,
    all_rows,
    report,
)
from reports.funnel.report import WHOLE
from users import Right
from values import BadInputError
from web.access import allowed, who
from web.floor.embedding import embedded
from web.keys import PARTS, WORDS
from web.pages import page
from web.queries import check_names
from web.reports.api import column_told
from web.reports.asking import KNOWN, USUAL, asked_of, language_of, word_of

MOST: Final = 2_000
"""Rows that the page shows; files hold all."""
_DAY_SECONDS: Final = 86_400
_SOURCES: Final = {
    ReportName.AGENTS: select(Agent.name).where(Agent.active).order_by(Agent.name),
    ReportName.CAMPAIGNS: select(Campaign.name).order_by(Campaign.name),
    ReportName.QUEUES: select(QueueRow.name).order_by(QueueRow.name),
    ReportName.FUNNEL: select(TraceRow.flow).distinct().order_by(TraceRow.flow),
}
_MOST_NAMES: Final = 1_000


@allowed(Right.REPORTS, partners=True)
async def reports(request: web.Request) -> web.Response:
    """The chosen report; without a choice, yesterday's agents."""
    check_names(request.query, KNOWN | {"report"})
    visitor, query = who(request), _chosen(request)
    names = [ReportName.AGENTS] if visitor.partner else list(TABLES)
    name, problem, table = ReportName.AGENTS, "", None
    rows: list[Row] = []
    more, asked = False, None
    try:
        name = word_of(ReportName, "report", query) or ReportName.AGENTS
        asked = await asked_of(request, name, query)
        table = await report(request.app[PARTS].db, asked)
        rows, more = await all_rows(table, MOST)
    except BadInputError as wrong:
        problem = str(wrong)
    language = language_of(request)
    columns = list(table.columns) if table else []
    return page(
        request,
        "reports/reports.html",
        status=400 if problem else 200,
        names=names,
        name=name,
        ranges=list(Range),
        steps=list(Step),
        query=query,
        problem=problem,
        asked=asked,
        columns=[column_told(column, language) for column in columns],
        rows=[[_cell(request, column, row, asked) for column in columns] for row in rows] if asked else [],
        more=more,
        most=MOST,
        taking=urlencode(sorted((key, value) for key, value in query.items() if value and key != "report")),
        known=await _names(request, name, asked),
        funnel=funnel_of(rows) if name is ReportName.FUNNEL else [],
        data=embedded(_drawn(columns, rows, table, asked, language) if table and asked else None),
    )


def _chosen(request: web.Request) -> dict[str, str]:
    """The query with its usual values; a time of one's own puts the named range aside."""
    query = {"report": "agents", "range": USUAL.value, "by": Step.DAY.value, **request.query}
    if query.get("from") or query.get("to"):
        query["range"] = ""
    return query


async def _names(request: web.Request, name: ReportName, asked: Asked | None) -> Sequence[str]:
    """What can be chosen by name, by whoever asks: nothing while it is not known what that is."""
    if asked is None:
        return []
    async with request.app[PARTS].db.read() as session:
        found = (await session.scalars(_SOURCES[name].limit(_MOST_NAMES))).all()
    return [each for each in found if asked.agents is None or each in asked.agents]


def _cell(request: web.Request, column: Column, row: Row, asked: Asked | None) -> dict[str, Any]:
    """A value as people read it, and what it is sorted by."""
    value = row.get(column.key, 0 if ":" in column.key else None)
    number = column.kind not in {Kind.TEXT, Kind.TIME}
    if value is None:
        empty = "" if column.kind in {Kind.TEXT, Kind.COUNT} else _none(request)
        return {"text": empty, "sort": "", "number": number}
    if isinstance(value, datetime):
        local = value.astimezone(asked.clock) if asked else value
        return {"text": _moment(local, asked), "sort": value.timestamp(), "number": False}
    if column.kind is Kind.SHARE:
        return {"text": f"{float(value) * 100:.1f} %", "sort": value, "number": True}
    if column.kind is Kind.SECONDS:
        return {"text": length(float(value)), "sort": value, "number": True}
    return {
        "text": f"{value:,}".replace(",", "\u202f") if isinstance(value, int) else str(value),
        "sort": value,
        "number": number,
    }


def _none(request: web.Request) -> str:
    told: str = request.app[WORDS].say(who(request).language, "reports.nothing")
    return told or NOT_AVAILABLE


def _moment(local: datetime, asked: Asked | None) -> str:
    if asked is not None and not asked.by.seconds and (local.hour, local.minute) == (0, 0):
        return local.strftime("%Y-%m-%d")
    return local.strftime("%Y-%m-%d %H:%M")


def length(seconds: float) -> str:
    """Seconds as 0:07, 12:30 or 31:02:03."""
    whole = max(0, round(seconds))
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def _drawn(
    columns: Sequence[Column], rows: Sequence[Row], table: Table, asked: Asked, language: Language
) -> Mapping[str, Any]:
    """What is drawn: the main column over time for those who have the most of it."""
    main, name = table.main, table.name
    kinds = {column.key: column.kind.value for column in columns}
    times = sorted({row["begin"] for row in rows if isinstance(row["begin"], datetime)})
    if asked.report is ReportName.FUNNEL or len(times) < 2:  # noqa: PLR2004  (a point is no line)
        return {"kind": kinds.get(main, ""), "at": [], "series": []}
    place = {at: number for number, at in enumerate(times)}
    series: dict[str, list[Any]] = {}
    for row in rows:
        values = series.setdefault(str(row[name]), [None] * len(times))
        begin = row["begin"]
        assert isinstance(begin, datetime)  # noqa: S101  (for the type checker)
        values[place[begin]] = row.get(main)
    most = sorted(series.items(), key=lambda each: -sum(value or 0 for value in each[1]))[:5]
    return {
        "kind": kinds.get(main, ""),
        "title": next(column.title(language) for column in columns if column.key == main),
        "at": [at.timestamp() for at in times],
        "days": asked.by.seconds is None,
        "zone": asked.zone,
        "series": [{"name": each, "values": values} for each, values in most],
    }


def funnel_of(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The funnel as it is drawn: for each flow, version and interval its steps with their bars."""
    drawn: list[dict[str, Any]] = []
    for row in rows:
        if row["step"] == WHOLE:
            drawn.append({"flow": row["flow"], "version": row["version"], "whole": row, "steps": []})
        elif drawn:
            whole = drawn[-1]["whole"]["callers"] or 1
            callers, left = _whole_number(row["callers"]), _whole_number(row["hung_up"])
            drawn[-1]["steps"].append(
                {
                    "step": row["step"],
                    "callers": callers,
                    "hung_up": left,
                    "reach": callers / whole,
                    "width": round(600 * callers / whole, 1),
                    "gone": round(600 * left / whole, 1),
                }
            )
    return drawn[:6]


def _whole_number(value: object) -> int:
    return value if isinstance(value, int) else 0


__all__ = ["MOST", "Language", "funnel_of", "length", "reports"]
