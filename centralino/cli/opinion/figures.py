"""`centralino opinion figures|scorecard|fieldwork|break-offs`."""

import asyncio
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from centralino.cli.campaign.desk import settings_here, show
from centralino.cli.opinion.asking import (
    Area,
    AsJson,
    ByOption,
    Last,
    Per,
    Since,
    Surveys,
    Until,
    Which,
    known_surveys,
    question,
)
from centralino.cli.opinion.cells import (
    NOTHING,
    figure_told,
    figure_words,
    indicator_head,
    share_words,
    slope_told,
    slope_words,
)
from store import Database
from surveys.figures import (
    By,
    Dimension,
    Fieldwork,
    Mark,
    Question,
    Results,
    Row,
    break_offs,
    fieldwork,
    results,
    scorecard,
)

Month = Annotated[str, typer.Option("--month", metavar="MONTH", help="2026-11; the present one if left out.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands under `centralino opinion`."""
    app.command("figures", help="Indicators with intervals, by weeks or months.")(figures)
    app.command("scorecard", help="Sites, teams or partners of a month side by side, with their places.")(
        card
    )
    app.command("fieldwork", help="What became of those invited: response, cooperation, refusals (AAPOR).")(
        field
    )
    app.command("break-offs", help="At which question people hang up.")(leaving)


def figures(
    by: ByOption = By.WEEK,
    since: Since = "",
    until: Until = "",
    last: Last = 8,
    per: Per = Dimension.ALL,
    surveys: Surveys = "",
    area: Area = "",
    which: Which = "",
    json: AsJson = False,
) -> None:
    """Print indicators; ▲ and ▼ mark significant changes, ▲▲ and ▼▼ those that hold among all together."""
    asked = question(by, since, until, last, per, surveys, area, which)
    found = asyncio.run(_results(asked))
    if json:
        show(
            {
                "rows": [_row_told(asked, row) for row in [*found.rows, *found.totals]],
                "comparisons": found.comparisons,
                "by_chance": round(found.by_chance, 2),
                "trends": [
                    dict(zip(asked.path, path, strict=True)) | {"indicator": each.value} | slope_told(line)
                    for (path, each), line in found.trends.items()
                ],
                "trend_of_all": {each.value: slope_told(line) for each, line in found.whole.items()},
            }
        )
        return
    items = [each for each in asked.indicators if any(row.figures[each].n for row in found.totals)]
    table = Table(title=_title(asked), title_justify="left")
    for head in ("period", *asked.path, *(indicator_head(each) for each in items)):
        table.add_column(head)
    for period in found.periods:
        for row in (each for each in [*found.rows, *found.totals] if each.period == period):
            table.add_row(
                period,
                *_where(asked, row.path, total=row.total),
                *(figure_words(row.figures[each]) for each in items),
            )
    if found.whole:
        table.add_section()
        for path in sorted({path for path, _ in found.trends}):
            lines = (slope_words(each, found.trends.get((path, each))) for each in items)
            table.add_row("each", *_where(asked, path), *lines)
        lines = (slope_words(each, found.whole.get(each)) for each in items)
        table.add_row("each", *_where(asked, (), total=True), *lines)
    _print(table)
    if found.comparisons:
        sys.stdout.write(
            f"{found.comparisons} changes tested; chance alone would mark {found.by_chance:.1f} of them\n"
        )


def card(
    month: Month = "",
    per: Per = Dimension.SITE,
    surveys: Surveys = "",
    area: Area = "",
    which: Which = "",
    json: AsJson = False,
) -> None:
    """Print a month side by side. Its place is told where intervals do not overlap, else a range."""
    asked = question(By.MONTH, month, month, 1, per, surveys, area, which)
    found = asyncio.run(_results(asked))
    sites = scorecard(found, asked.until)
    if json:
        show(
            [
                dict(zip(asked.path, site.path, strict=True))
                | {
                    each.value: figure_told(mark.figure) | {"best": mark.best, "worst": mark.worst}
                    for each, mark in site.marks.items()
                }
                for site in sites
            ]
        )
        return
    table = Table(title=_title(asked), title_justify="left")
    items = [each for each in asked.indicators if any(row.figures[each].n for row in found.totals)]
    for head in (*asked.path, *(indicator_head(each) for each in items)):
        table.add_column(head)
    for site in sites:
        table.add_row(*_where(asked, site.path), *(_place(site.marks[each]) for each in items))
    _print(table)


def field(
    by: ByOption = By.MONTH,
    since: Since = "",
    until: Until = "",
    last: Last = 3,
    per: Per = Dimension.ALL,
    surveys: Surveys = "",
    area: Area = "",
    json: AsJson = False,
) -> None:
    """Print what became of those invited, and the rates RR1, COOP1, REF1 and CON1."""
    asked = question(by, since, until, last, per, surveys, area)
    found = asyncio.run(_fieldwork(asked))
    if json:
        show([_fieldwork_told(asked, each) for each in found])
        return
    heads = ("complete", "partial", "refused", "no_contact", "other", "unknown", "ineligible", "pending")
    table = Table(title=_title(asked), title_justify="left")
    for head in ("period", *asked.path, *heads, "RR1", "COOP1", "REF1", "CON1"):
        table.add_column(head.replace("_", " "))
    for each in found:
        where = _where(asked, each.path, total=each.total)
        went = each.dispositions
        rates = (went.response, went.cooperation, went.refusal, went.contact)
        table.add_row(
            each.period, *where, *(str(getattr(went, head)) for head in heads), *map(share_words, rates)
        )
    _print(table)


def leaving(
    by: ByOption = By.MONTH, since: Since = "", until: Until = "", last: Last = 3, surveys: Surveys = ""
) -> None:
    """Print for each question how many got to it, and how many broke off there."""
    asked = question(by, since, until, last, Dimension.ALL, surveys)
    table = Table(title=_title(asked), title_justify="left")
    for head in ("question", "got to it", "broke off there", "rate"):
        table.add_column(head)
    for each in asyncio.run(_break_offs(asked)):
        table.add_row(each.item, str(each.reached), str(each.broken), share_words(each.rate))
    _print(table)


def _title(asked: Question) -> str:
    span = asked.since if asked.since == asked.until else f"{asked.since} to {asked.until}"
    of = ", ".join(sorted(asked.surveys)) or "all surveys"
    return f"{of}, {span}{f', {asked.area}' if asked.area else ''}"


def _where(asked: Question, path: Sequence[str], *, total: bool = False) -> Sequence[str]:
    """A row's names; the house has no partner's."""
    if total:
        return ["all", *[""] * (len(asked.path) - 1)][: len(asked.path)]
    return [name or "–" for name in path]


def _place(mark: Mark) -> str:
    place = NOTHING if mark.best is None else f"{mark.best}" if mark.rank else f"{mark.best}-{mark.worst}"
    return figure_words(mark.figure) if mark.best is None else f"{place}. {figure_words(mark.figure)}"


def _row_told(asked: Question, row: Row) -> dict[str, Any]:
    where = {} if row.total else dict(zip(asked.path, row.path, strict=True))
    told = {each.value: figure_told(figure) for each, figure in row.figures.items()}
    return {"period": row.period, "total": row.total, **where, **told}


def _fieldwork_told(asked: Question, each: Fieldwork) -> dict[str, Any]:
    went = each.dispositions
    counts = {name: getattr(went, name) for name in went.__slots__}
    return {
        "period": each.period,
        "total": each.total,
        **({} if each.total else dict(zip(asked.path, each.path, strict=True))),
        **counts,
        "rr1": went.response,
        "coop1": went.cooperation,
        "ref1": went.refusal,
        "con1": went.contact,
    }


def _print(table: Table) -> None:
    """Wide tables stay whole: a pipe or a narrow window gets the whole lines."""
    console = Console()
    console.print(table) if console.is_terminal else Console(width=400).print(table)


async def _results(asked: Question) -> Results:
    async with Database(settings_here().database) as db, db.read() as session:
        await known_surveys(session, asked)
        return await results(session, asked)


async def _fieldwork(asked: Question) -> Any:
    async with Database(settings_here().database) as db, db.read() as session:
        await known_surveys(session, asked)
        return await fieldwork(session, asked)


async def _break_offs(asked: Question) -> Any:
    async with Database(settings_here().database) as db, db.read() as session:
        await known_surveys(session, asked)
        return await break_offs(session, asked)
