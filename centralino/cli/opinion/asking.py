"""Options that the commands about opinions share."""

from typing import Annotated

import typer

from surveys.figures import By, Dimension, Indicator, Question, last_periods
from values import BadInputError, SystemClock

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
    span = (since, until) if since else _ends(last, by)
    return Question(
        by=by,
        since=span[0],
        until=span[1],
        dimension=per,
        surveys=frozenset(words(surveys)),
        area=area,
        indicators=[indicator(word) for word in words(which)] or tuple(Indicator),
    )


def words(text: str) -> list[str]:
    """Names with commas between them."""
    return [word.strip() for word in text.split(",") if word.strip()]


def indicator(word: str) -> Indicator:
    """An indicator by its name. Raises `BadInputError`."""
    try:
        return Indicator(word)
    except ValueError as problem:
        raise BadInputError(f"write one of {', '.join(Indicator)}", field="--indicators") from problem


def _ends(last: int, by: By) -> tuple[str, str]:
    found = last_periods(last, by, SystemClock().now())
    return found[0], found[-1]
