"""Options that the commands about opinions share."""

from typing import Annotated, Final

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from surveys.book import check_surveys
from surveys.figures import By, Dimension, Indicator, Question, last_periods
from values import AREAS, BadInputError, SystemClock, no_such

_OPTIONS: Final = frozenset({"from", "to"})

ByOption = Annotated[By, typer.Option("--by", help="Weeks (ISO) or months (of the house's zone).")]
Since = Annotated[str, typer.Option("--from", metavar="PERIOD", help="2026-W40 or 2026-10.")]
Until = Annotated[str, typer.Option("--to", metavar="PERIOD", help="The last one, included.")]
Last = Annotated[
    int, typer.Option("--last", min=1, max=120, help="So many periods, the present one included.")
]
Per = Annotated[Dimension, typer.Option("--per", help="A row for each of these.")]
Surveys = Annotated[str, typer.Option("--survey", metavar="NAMES", help="Only these, with commas.")]
Area = Annotated[str, typer.Option("--area", help="Only this one: commercial, voice, adsl.")]
Which = Annotated[
    str, typer.Option("--indicators", metavar="NAMES", help="Only these, with commas: nps,courtesy.")
]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]


def question(
    by: By,
    since: str,
    until: str,
    last: int,
    per: Dimension,
    surveys: str = "",
    area: str = "",
    which: str = "",
) -> Question:
    """What is asked. Raises `BadInputError` naming the option."""
    if bool(since) != bool(until):
        raise BadInputError("write both --from and --to, or --last", field="--to" if since else "--from")
    if area and area not in AREAS:
        raise BadInputError(no_such(area, AREAS, "area"), field="--area")
    span = (since, until) if since else _ends(last, by)
    try:
        return Question(
            by=by,
            since=span[0],
            until=span[1],
            dimension=per,
            surveys=frozenset(words(surveys)),
            area=area,
            indicators=[indicator(word) for word in words(which)] or tuple(Indicator),
        )
    except BadInputError as problem:
        if problem.field not in _OPTIONS:
            raise
        told = str(problem).removeprefix(f"{problem.field}: ")
        other = ", or --by month" if by is By.WEEK and "is a month" in told else ""
        raise BadInputError(told + other, field=f"--{problem.field}") from problem


async def known_surveys(session: AsyncSession, asked: Question) -> None:
    """Raises `BadInputError` naming a survey that is none, with the nearest there are."""
    await check_surveys(session, asked.surveys, field="--survey")


def words(text: str) -> list[str]:
    """Names with commas between them."""
    return [word.strip() for word in text.split(",") if word.strip()]


def indicator(word: str) -> Indicator:
    """An indicator by its name. Raises `BadInputError`."""
    try:
        return Indicator(word)
    except ValueError as problem:
        raise BadInputError(no_such(word, Indicator, "indicator"), field="--indicators") from problem


def _ends(last: int, by: By) -> tuple[str, str]:
    found = last_periods(last, by, SystemClock().now())
    return found[0], found[-1]
