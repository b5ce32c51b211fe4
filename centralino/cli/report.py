"""`centralino report`: reports as files or on the terminal, and those that go out by mail."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from centralino.cli.campaign.desk import By, settings_here, show, who
from centralino.cli.monthly import take_monthly
from centralino.cli.target import check_folder
from centralino.settings import Settings
from reports import Asked, Language, Range, ReportName, Step, moment_of, names_of, range_of, report
from reports.files import csv_parts, write_csv, write_xlsx
from reports.schedules import (
    Form,
    Plan,
    ReportSchedule,
    ReportSending,
    change_schedule,
    make_schedule,
    plan_of,
    remove_schedule,
    schedule,
    schedules,
    send_now,
    sendings,
)
from store import Database
from users import note_deed
from values import HOUSE_ZONE, BadInputError, SystemClock

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
schedule_app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command("monthly")(take_monthly)
app.add_typer(schedule_app, name="schedule", help="Reports that go out by mail at their times.")

Since = Annotated[str, typer.Option("--from", metavar="DAY", help="A day or a time: 2026-12-24T18:30.")]
Until = Annotated[str, typer.Option("--to", metavar="DAY", help="The last day, or a time not included.")]
Named = Annotated[Range | None, typer.Option("--range", help="In place of --from and --to.")]
By_ = Annotated[Step, typer.Option("--by", help="The interval of each row.")]
Zone = Annotated[str, typer.Option(help="Whose midnights and hours.")]
Only = Annotated[str, typer.Option(metavar="NAMES", help="Only these, with commas; else all.")]
Words = Annotated[Language, typer.Option("--language", help="Of the columns' names.")]
Csv = Annotated[str, typer.Option("--csv", metavar="FILE", help="Where to; - is the terminal.")]
Xlsx = Annotated[str, typer.Option("--xlsx", metavar="FILE", help="Where to.")]


def _command(name: ReportName, words: str) -> None:
    @app.command(name.value, help=words)
    def take(
        since: Since = "",
        until: Until = "",
        named: Named = None,
        by: By_ = Step.DAY,
        zone: Zone = HOUSE_ZONE,
        only: Only = "",
        version: Annotated[str, typer.Option(help="Of a flow; else each by itself.")] = "",
        language: Words = Language.EN,
        csv: Csv = "",
        xlsx: Xlsx = "",
    ) -> None:
        first, last = _range(since, until, named, zone)
        asked = Asked(
            report=name, since=first, until=last, by=by, zone=zone, only=names_of(only), version=version
        )
        if csv and xlsx:
            raise BadInputError("choose one of --csv and --xlsx", field="--xlsx")
        settings = settings_here()
        if not xlsx and csv in {"", "-"}:
            asyncio.run(_print(settings, asked, language))
            return
        path = check_folder(Path(xlsx or csv))
        count = asyncio.run(_write(settings, asked, path, language, as_xlsx=bool(xlsx)))
        sys.stderr.write(f"{count} rows are in {path}\n")


_command(ReportName.AGENTS, "How agents spent their time, and what came of their talks.")
_command(ReportName.CAMPAIGNS, "What campaigns' calls came to, the law's abandonment among it.")
_command(ReportName.QUEUES, "How callers fared in queues, by each named definition.")
_command(ReportName.FUNNEL, "Where callers go and leave in call flows, step by step.")


def _range(since: str, until: str, named: Range | None, zone: str) -> Any:
    if since or until:
        if named is not None:
            raise BadInputError("is for a time without --from and --to", field="--range")
        if not since or not until:
            raise BadInputError("write both --from and --to", field="--to" if since else "--from")
        return moment_of(since, zone, "--from"), moment_of(until, zone, "--to", ends=True)
    return range_of(named or Range.YESTERDAY, SystemClock().now(), zone)


async def _print(settings: Settings, asked: Asked, language: Language) -> None:
    async with Database(settings.database) as db:
        async for part in csv_parts(await report(db, asked), asked.clock, language):
            sys.stdout.write(part.decode("utf-8-sig"))


async def _write(settings: Settings, asked: Asked, path: Path, language: Language, *, as_xlsx: bool) -> int:
    write = write_xlsx if as_xlsx else write_csv
    half = path.with_name(f".{path.name}.part")
    try:
        async with Database(settings.database) as db:
            count = await write(half, await report(db, asked), asked, language)
        half.replace(path)
    except OSError as problem:
        raise BadInputError(f"cannot be written: {problem.strerror}", field=str(path)) from problem
    finally:
        half.unlink(missing_ok=True)
    return count


@schedule_app.command("list")
def list_schedules() -> None:
    """Print all schedules as JSON, with what came of their last times."""
    show(asyncio.run(_listed(settings_here())))


@schedule_app.command("add")
def add_schedule(
    name: Annotated[
        ReportName, typer.Argument(metavar="REPORT", help="agents, campaigns, queues, funnel, monthly.")
    ],
    to: Annotated[str, typer.Option("--to", metavar="ADDRESSES", help="Mail addresses, with commas.")],
    title: Annotated[str, typer.Option(help="The letter's subject.")] = "",
    named: Annotated[Range, typer.Option("--range", help="Over which time.")] = Range.YESTERDAY,
    by: By_ = Step.DAY,
    at: Annotated[str, typer.Option("--at", metavar="HH:MM", help="When it goes out.")] = "07:00",
    days: Annotated[str, typer.Option(help="Days of the week, 1 is Monday: 1,2,3,4,5.")] = "",
    month_day: Annotated[int, typer.Option(help="Or a day of each month.")] = 0,
    zone: Zone = HOUSE_ZONE,
    only: Only = "",
    form: Annotated[
        Form, typer.Option("--format", help="The file; pdf and both: of the monthly report.")
    ] = Form.XLSX,
    language: Words = Language.EN,
    who_asks: By = "",
) -> None:
    """Have a report go out by mail. Prints the schedule.

    `monthly` is the month on paper, of the month before: it goes out once a month, on the 1st if no
    --month-day is said.
    """
    if not all(day.strip().isdigit() for day in days.split(",") if day.strip()):
        raise BadInputError("write days of the week from 1 (Monday) to 7, with commas", field="--days")
    plan = Plan(
        title=title or ("Monthly report" if name is ReportName.MONTHLY else name.value.capitalize()),
        report=name,
        recipients=sorted(names_of(to)),
        range=named,
        by=by,
        zone=zone,
        only=sorted(names_of(only)),
        form=form,
        language=language,
        time=at,
        days=[int(day) for day in days.split(",") if day.strip()],
        month_day=month_day,
    )
    show(asyncio.run(_added(settings_here(), plan, who(who_asks))))


@schedule_app.command("set")
def set_schedule(
    which: Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it.")],
    changes: Annotated[
        list[str], typer.Option("--set", metavar="FIELD=JSON", help='`active=false`, `time="08:00"`.')
    ],
    who_asks: By = "",
) -> None:
    """Change a schedule. Prints it."""
    show(asyncio.run(_changed(settings_here(), which, _fields(changes), who(who_asks))))


@schedule_app.command("send")
def send_schedule(
    which: Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it.")], who_asks: By = ""
) -> None:
    """Have it go out now, besides its times; the core sends it within seconds."""
    asyncio.run(_done(settings_here(), which, "sent", who(who_asks)))


@schedule_app.command("remove")
def drop_schedule(
    which: Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it.")], who_asks: By = ""
) -> None:
    """Remove a schedule, with what came of it."""
    asyncio.run(_done(settings_here(), which, "removed", who(who_asks)))


def _fields(changes: list[str]) -> Mapping[str, Any]:
    kinds = {"report": ReportName, "range": Range, "by": Step, "form": Form, "language": Language}
    found: dict[str, Any] = {}
    for change in changes:
        field, equals, text = change.partition("=")
        if field not in Plan.__slots__ or not equals:
            raise BadInputError(f"write one of {', '.join(Plan.__slots__)}, =, and its value", field="--set")
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            value = text
        try:
            found[field] = kinds[field](value) if field in kinds else value
        except ValueError as problem:
            raise BadInputError(str(problem), field=field) from problem
    return found


async def _listed(settings: Settings) -> Any:
    async with Database(settings.database) as db, db.read() as session:
        return [
            _told(each) | {"sendings": [_sending(one) for one in await sendings(session, each.id, most=5)]}
            for each in await schedules(session)
        ]


async def _added(settings: Settings, plan: Plan, by: str) -> Any:
    now = SystemClock().now()
    async with Database(settings.database) as db, db.write() as session:
        made = await make_schedule(session, plan, owner="", now=now)
        await note_deed(session, at=now, by=by, did="report_schedule.made", subject=made.id)
        return _told(made)


async def _changed(settings: Settings, which: str, changes: Mapping[str, Any], by: str) -> Any:
    now = SystemClock().now()
    async with Database(settings.database) as db, db.write() as session:
        made = await change_schedule(session, which, changes, now=now)
        await note_deed(session, at=now, by=by, did="report_schedule.changed", subject=which)
        return _told(made)


async def _done(settings: Settings, which: str, did: str, by: str) -> None:
    now = SystemClock().now()
    async with Database(settings.database) as db, db.write() as session:
        await schedule(session, which)
        await (remove_schedule(session, which) if did == "removed" else send_now(session, which, now))
        await note_deed(session, at=now, by=by, did=f"report_schedule.{did}", subject=which)


def _told(found: ReportSchedule) -> dict[str, Any]:
    return {"id": found.id, **plan_of(found), "owner": found.owner, "next_due": found.next_due}


def _sending(found: ReportSending) -> dict[str, Any]:
    return {"due": found.due, "state": found.state, "tries": found.tries, "said": found.said}
