"""`centralino opinion plan|more`: how many answers a precision takes, and how many are missing."""

import asyncio
from dataclasses import asdict
from typing import Annotated, Any

import orjson
import typer

from centralino.cli.campaign.desk import By as By_
from centralino.cli.campaign.desk import settings_here, show, who
from centralino.cli.opinion.asking import (
    Area,
    ByOption,
    Last,
    Per,
    Since,
    Surveys,
    Until,
    indicator,
    known_surveys,
    question,
)
from centralino.cli.opinion.cells import WORDS
from store import Database
from surveys.book import check_surveys
from surveys.figures import By, Dimension, Indicator, Question, Shown, Tally
from surveys.figures.counted import counted
from surveys.figures.results import pooled
from surveys.sampling import Precision, more_needed, nps_variance, share_variance, size_for, targets, weigh
from users import note_deed
from values import BadInputError, SystemClock

Response = Annotated[float, typer.Option("--response", help="The share of those invited who complete.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands under `centralino opinion`."""
    app.command("plan", help="How many interviews a precision takes, and how they are shared among cells.")(
        plan
    )
    app.command("weigh", help="Weigh a drawn survey's answers by their strata.")(weigh_)
    app.command("more", help="How many more answers make what there is as precise as wanted.")(more)


def plan(
    margin: Annotated[float, typer.Option("--margin", help="± so many points.")] = 5.0,
    confidence: Annotated[float, typer.Option("--confidence")] = 0.95,
    population: Annotated[int, typer.Option("--population", help="0: very many.")] = 0,
    deff: Annotated[float, typer.Option("--deff", help="The design effect.")] = 1.0,
    response: Response = 1.0,
    share: Annotated[
        float, typer.Option("--share", help="The share that is expected; 0.5 is the worst.")
    ] = 0.5,
    nps: Annotated[bool, typer.Option("--nps", help="For NPS, which takes more.")] = False,
    cells: Annotated[
        str, typer.Option("--cells", metavar="JSON", help='Contacts of each cell: {"voice|Roma": 6000}.')
    ] = "",
    least: Annotated[
        int, typer.Option("--least", min=0, help="For each cell at least; 30 can be shown.")
    ] = 0,
) -> None:
    """Print sizes and, with cells, their targets as JSON: what a survey's plan takes."""
    if not 0 <= share <= 1:
        raise BadInputError("write a share from 0 to 1", field="--share")
    size = size_for(
        Precision(
            margin=margin / 100,
            confidence=confidence,
            variance=nps_variance() if nps else share_variance(share),
            population=population or None,
            deff=deff,
            response=response,
        )
    )
    shared = {"targets": targets(size.complete, _cells(cells), least)} if cells else {}
    show({"complete": size.complete, "invite": size.invite, "enough": size.enough, **shared})


def weigh_(
    survey: Annotated[str, typer.Argument(metavar="SURVEY", help="Its name; it must have been drawn.")],
    by: By_ = "",
) -> None:
    """Give each complete interview its stratum's size ÷ complete as weight, and print them. Again at will."""
    show(asyncio.run(_weighed(survey, who(by))))


def more(
    which: Annotated[str, typer.Argument(metavar="INDICATOR", help="nps, csat, courtesy, …")],
    margin: Annotated[float, typer.Option("--margin", help="± so many points, or marks of a mean.")] = 2.0,
    by: ByOption = By.MONTH,
    since: Since = "",
    until: Until = "",
    last: Last = 1,
    per: Per = Dimension.ALL,
    surveys: Surveys = "",
    area: Area = "",
    response: Response = 1.0,
) -> None:
    """Print for each row what it has, how precise that is, and what is missing.

    Of a row that no table shows it prints why: how many there are, and what they say, would follow from it.
    """
    asked = question(by, since, until, last, per, surveys, area, which)
    wanted = indicator(which)
    found = asyncio.run(_tallies(asked, wanted))
    show(
        [
            dict(zip(asked.path, path, strict=True)) | _told(wanted, *found[path], margin, response)
            for path in sorted(found)
        ]
    )


def _told(wanted: Indicator, shown: Shown, tally: Tally, margin: float, response: float) -> dict[str, Any]:
    if shown in {Shown.FEW, Shown.GUARD}:
        return {"n": None, "why": WORDS[shown]}
    need = more_needed(wanted, tally, margin=margin, response=response)
    reach = None if need.n == 0 else round(need.reach, 3)
    return {"n": need.n, "reach": reach, "needed": need.needed, "more": need.more, "invite": need.invite}


def _cells(text: str) -> dict[str, int]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(n, int) and n >= 0 for n in found.values()):
        raise BadInputError('write cells and numbers as in {"voice|Roma": 6000}', field="--cells")
    return found


async def _weighed(survey: str, by: str) -> list[dict[str, Any]]:
    now = SystemClock().now()
    async with Database(settings_here().database) as db, db.write() as session:
        await check_surveys(session, {survey}, field="survey")
        found = await weigh(session, survey)
        await note_deed(session, at=now, by=by, did="survey.weighed", subject=survey)
    return [asdict(each) for each in found]


async def _tallies(asked: Question, wanted: Indicator) -> dict[tuple[str, ...], tuple[Shown, Tally]]:
    """All periods together, by row: whether it may be shown, and its answers."""
    async with Database(settings_here().database) as db, db.read() as session:
        await known_surveys(session, asked)
        cells = await counted(session, asked)
    table, together = pooled(asked, cells)
    rows = table.rows if asked.path else table.totals
    of = {row.path: (asked.until, row.path, asked.area, wanted.definition.item) for row in rows}
    return {row.path: (row.figures[wanted].shown, together.get(of[row.path], Tally())) for row in rows}
