"""`centralino events`: send business events, see what came of them, check and try rules."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from centralino.cli.campaign.desk import settings_here, show
from centralino.cli.given import given
from centralino.cli.rulebook import checked_book, vocabulary_here
from centralino.rooms import Rooms
from proactive.events import KINDS, EventState, Taken
from proactive.events.queries import EventFilter, event_named, event_told, latest, unknown_names
from proactive.events.reading import Read, read_json, read_lines
from proactive.events.sheet import read_sheet
from proactive.events.trial import Trial, try_rules
from proactive.rules import RulesError, overlaps
from proactive.rules.telling import rules_told
from values import BadInputError, SystemClock, check_year, no_such

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
rules = typer.Typer(no_args_is_help=True, help="Which event calls whom: check a file, try it on the past.")
app.add_typer(rules, name="rules")

SOME_REFUSED = 3
"""How `send` ends when some events were taken and others refused, as `list import` does."""

T = TypeVar("T")
_READERS: dict[str, Callable[[bytes], Read]] = {
    ".csv": read_sheet, ".json": read_json, ".ndjson": read_lines, ".jsonl": read_lines,
}  # fmt: skip
File = Annotated[Path, typer.Argument(metavar="FILE", help="Where it lies.", readable=False, callback=given)]


@app.command("send")
def send(file: File) -> None:
    """Take events in from a .csv, .json or .ndjson; prints what was taken.

    Ends with 3 when some were refused, with 1 when all were.
    """
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise BadInputError(f"{file.name}: write a .csv, .json or .ndjson", field="FILE")
    read = reader(file.read_bytes())

    async def go(rooms: Rooms) -> Taken:
        intake = rooms.proactive.intake
        events = await intake.prepare(read.events)
        async with rooms.db.write() as session:
            return await intake.take(session, events, rooms.db.clock.now(), places=read.places)

    taken = _with_rooms(go)
    refused = sorted([*read.refused, *taken.refused], key=lambda each: each.place)
    for each in refused:
        where = f"{file}:{each.place if reader is read_sheet else each.place + 1}"
        about = f" {each.id}" if each.id else ""
        sys.stderr.write(f"{where}:{about} {each.field}: {each.reason}\n")
    show({"accepted": len(taken.accepted), "repeated": len(taken.repeated), "refused": len(refused)})
    if refused:
        raise typer.Exit(SOME_REFUSED if taken.accepted or taken.repeated else 1)


@app.command("list")
def list_events(
    kind: Annotated[str, typer.Option("--type", help="Only this type.")] = "",
    state: Annotated[EventState | None, typer.Option(help="Only those.")] = None,
    customer: Annotated[str, typer.Option(help="Only this customer's.")] = "",
    about: Annotated[str, typer.Option(help="Only this order's, fault's, …")] = "",
    limit: Annotated[int, typer.Option(min=1, max=500)] = 20,
) -> None:
    """Print the latest events, a line each."""
    if kind and kind not in KINDS:
        raise BadInputError(no_such(kind, KINDS, "type of event"), field="--type")
    wanted = EventFilter(type=kind, state=state, customer_id=customer, about=about)

    async def found(session: AsyncSession) -> Any:
        return (await latest(session, wanted, limit=limit)).events

    for row in _read(found):
        came = row.result.get("refused") or row.result.get("waits") or _came(row.result)
        words = (f"{row.received:%Y-%m-%d %H:%M:%S}", row.id, row.type, row.key, row.state.value, came)
        sys.stdout.write("  ".join(word for word in words if word) + "\n")


@app.command("show")
def show_event(event: Annotated[str, typer.Argument(metavar="ID", help="The sender's id.")]) -> None:
    """Print one event with what came of it, as JSON."""

    async def found(session: AsyncSession) -> Any:
        return await event_named(session, event)

    row = _read(found)
    if row is None:
        raise BadInputError(f"there is no event {event}", field="ID")
    show(event_told(row))


@rules.command("show")
def show_rules() -> None:
    """Print the rules that hold here, as JSON."""

    async def go(rooms: Rooms) -> Any:
        return rules_told(rooms.proactive.rulings.shelf, await vocabulary_here(rooms))

    show(_with_rooms(go))


@rules.command("check")
def check(file: File) -> None:
    """Check a file of rules; each problem is told with file, line and rule.

    Rules of one event that may both want to call by one campaign are a warning, and which of them holds.
    """
    try:
        book = checked_book(file, _with_rooms(vocabulary_here))
    except RulesError as problem:
        sys.stderr.write(f"{problem}\n")
        raise typer.Exit(1) from problem
    for each in overlaps(book):
        sys.stderr.write(f"{file}: warning: {each}\n")
    sys.stdout.write(f"{file}: sound; {len(book.rules)} rules hold with the house's own\n")


@rules.command("try")
def try_file(
    file: File,
    since: Annotated[
        str, typer.Option(metavar="DAY", help="2026-11-25, or a time; in UTC. A week ago if left out.")
    ] = "",
    until: Annotated[str, typer.Option(metavar="DAY", help="Before it; in UTC. Until now if left out.")] = "",
) -> None:
    """Try rules on past events: which contacts would have been made. Nothing is written.

    Events that wait for what comes before them are told apart: nobody knows yet what comes of them.
    """

    async def go(rooms: Rooms) -> Trial:
        now = rooms.db.clock.now()
        book = checked_book(file, await vocabulary_here(rooms))
        begin, end = _moment("--since", since, now - timedelta(days=7)), _moment("--until", until, now)
        if begin >= end:
            raise BadInputError(
                f"{begin:%Y-%m-%d %H:%M} does not lie before {end:%Y-%m-%d %H:%M}", field="--since"
            )
        async with rooms.db.read() as session:
            return await try_rules(session, rooms.proactive.rulings, book, begin, end)

    _print(_with_rooms(go))


def _print(trial: Trial) -> None:
    columns = ("contact", "replaced", "control", "no_number", "late", "outranked", "withdrawal")
    sys.stdout.write(f"{trial.facts} facts looked at\n")
    if trial.fresh:
        sys.stdout.write(f"{trial.fresh} of them are new, and not worked yet\n")
    if trial.parked:
        sys.stdout.write(
            f"{trial.parked} more wait for what comes before them (parked), and are not counted\n"
        )
    sys.stdout.write("\n")
    width = max([4, *map(len, trial.by_rule)])
    sys.stdout.write(f"{'rule':{width}}" + "".join(f"{name:>12}" for name in columns) + "\n")
    for rule, counts in sorted(trial.by_rule.items()):
        sys.stdout.write(f"{rule:{width}}" + "".join(f"{counts[name]:>12}" for name in columns) + "\n")
    if trial.first:
        sys.stdout.write("\nthe first contacts:\n")
    for each in trial.first:
        when = each.contact.not_before if each.contact else None
        words = f"from {when:%Y-%m-%d %H:%M} UTC" if when else "at once"
        sys.stdout.write(
            f"  {each.fact.id}  {each.rule}  {each.fact.customer_id}  {each.campaign}  {words}\n"
        )
    really = ", ".join(f"{campaign} {count}" for campaign, count in sorted(trial.really.items()))
    sys.stdout.write(f"\nreally made in that time: {really or 'none'}\n")


def _came(result: Any) -> str:
    told = [f"customers touched: {result['touched']}"] if "touched" in result else []
    if unknown := unknown_names(result):
        told.append(f"{result['unknown']['count']} unknown: {unknown}")
    return ", ".join([*told, *(f"{each['rule']} {each['result']}" for each in result.get("rules", ()))])


def _moment(option: str, given: str, otherwise: datetime) -> datetime:
    """A day or a time. Raises `BadInputError` naming the option."""
    if not given:
        return otherwise
    try:
        found = datetime.fromisoformat(given)
    except ValueError as problem:
        words = f"{given[:40]!r} is no day; write one as in 2026-11-25, or a time as in 2026-11-25T18:00:00"
        raise BadInputError(words, field=option) from problem
    check_year(option, found.year)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _with_rooms(deed: Callable[[Rooms], Awaitable[T]]) -> T:
    async def go() -> T:
        async with Rooms.open(settings_here(), SystemClock()) as rooms:
            return await deed(rooms)

    return asyncio.run(go())


def _read(deed: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
    async def go(rooms: Rooms) -> Any:
        async with rooms.db.read() as session:
            return await deed(session)

    return _with_rooms(go)
