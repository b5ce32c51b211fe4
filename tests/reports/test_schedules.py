"""Reports go out by mail at their times: once, and with what went wrong shown."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from messages.mail import Letter, Mailer, MailSettings, Tls
from reports import Range, ReportName
from reports.schedules import (
    Clerk,
    Form,
    Plan,
    ReportSending,
    SendingState,
    change_schedule,
    make_schedule,
    remove_schedule,
    schedule,
    schedules,
    send_now,
    sendings,
)
from reports.schedules.times import next_due
from store import Database
from tests.dialer.results.samples import NINE
from tests.messages.post_office import PostOffice, post_office
from tests.reports.test_agents import day, staff
from users import Person, Role, add_user, change_user
from values import BadInputError
from values.testing import FixedClock

DAILY = Plan(
    title="Agents",
    report=ReportName.AGENTS,
    recipients=["ops@example.com"],
    range=Range.YESTERDAY,
    time="07:30",
)
NEXT = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)  # half past seven in Rome, on the day after


@pytest.mark.unit
def test_times_by_the_clocks_of_a_zone() -> None:
    def told(after: str, **words: Any) -> str:
        moment = datetime.fromisoformat(after).replace(tzinfo=ZoneInfo("Europe/Rome")).astimezone(UTC)
        usual = {"time": "07:30", "zone": "Europe/Rome", "days": (), "month_day": 0}
        return (
            next_due(moment, **(usual | words))
            .astimezone(ZoneInfo("Europe/Rome"))
            .strftime("%a %d.%m. %H:%M")
        )

    assert told("2026-03-03T07:29") == "Tue 03.03. 07:30"
    assert told("2026-03-03T07:30") == "Wed 04.03. 07:30"
    assert told("2026-03-28T12:00") == "Sun 29.03. 07:30"  # the clocks go forward that night
    assert told("2026-03-28T12:00", time="02:30") == "Sun 29.03. 03:30"  # that half past two is left out
    assert (
        told("2026-10-25T02:45", time="02:30") == "Mon 26.10. 02:30"
    )  # the second half past two is not another
    assert told("2026-03-03T12:00", days=(1, 5)) == "Fri 06.03. 07:30"
    assert told("2026-03-03T12:00", month_day=1) == "Wed 01.04. 07:30"


async def planned(database: Database, plan: Plan = DAILY, owner: str = "") -> str:
    database.clock = FixedClock(NINE)
    async with database.write() as session:
        await staff(session, "ada", "bea")
        for name in ("ada", "bea"):
            await day(session, name, (0, "ready"), (600, "offline", "sign_out"))
        return (await make_schedule(session, plan, owner=owner, now=NINE)).id


def clerk(database: Database, office: PostOffice, folder: Path) -> Clerk:
    settings = MailSettings(host="127.0.0.1", port=office.port, tls=Tls.NONE, sender="house@example.com")
    return Clerk(database, database.clock, Mailer(settings, database.clock), folder)


def at(database: Database, moment: datetime) -> None:
    clock = database.clock
    assert isinstance(clock, FixedClock)
    clock.instant = moment


async def told(database: Database, schedule_id: str) -> list[ReportSending]:
    async with database.read() as session:
        return list(await sendings(session, schedule_id))


@pytest.mark.database
async def test_a_report_goes_out_when_it_is_due_and_once(database: Database, tmp_path: Path) -> None:
    known = await planned(database)
    async with post_office() as office:
        one, two = (clerk(database, office, tmp_path / "made") for _ in range(2))
        assert await one.round() == 0
        at(database, NEXT + timedelta(seconds=3))
        assert [await one.round(), await two.round(), await one.round()] == [1, 0, 0]
    (letter,) = office.letters
    assert letter["Subject"] == "Agents · 2026-03-03"
    (file,) = letter.iter_attachments()
    assert file.get_filename() == "agents-2026-03-03-day.xlsx"
    (tmp_path / "got.xlsx").write_bytes(file.get_content())
    rows = list(load_workbook(tmp_path / "got.xlsx").worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in rows] == ["Agent", "ada", "bea"]
    assert list((tmp_path / "made").iterdir()) == []
    (sent,) = await told(database, known)
    assert (sent.due, sent.state, sent.row_count, sent.said) == (NEXT, SendingState.SENT, 2, "")
    async with database.read() as session:
        assert (await schedule(session, known)).next_due == NEXT + timedelta(days=1)


@pytest.mark.database
async def test_a_busy_server_is_tried_again_and_a_refusal_is_shown(
    database: Database, tmp_path: Path
) -> None:
    known = await planned(database)
    at(database, NEXT)
    async with post_office(answers={"MAIL": "451 busy"}) as office:
        sender = clerk(database, office, tmp_path)
        await sender.round()
        (sending,) = await told(database, known)
        assert (sending.state, sending.tries) == (SendingState.AGAIN, 1)
        assert sending.said == "the mail server said: 451 busy"
        assert sending.next_at == NEXT + timedelta(seconds=60)
        at(database, NEXT + timedelta(seconds=61))
        office.answers = {"RCPT": "550 nobody here"}
        await sender.round()
        (sending,) = await told(database, known)
        assert (sending.state, sending.tries, sending.next_at) == (SendingState.FAILED, 2, None)
        assert sending.said == "the mail server said: 550 nobody here"
        office.answers = {}
        assert await sender.round() == 0
    assert office.letters == []


@pytest.mark.database
async def test_what_may_have_gone_out_is_not_sent_again(database: Database, tmp_path: Path) -> None:
    known = await planned(database)
    at(database, NEXT)
    async with post_office(hang_up_after_data=True) as office:
        sender = clerk(database, office, tmp_path)
        await sender.round()
        at(database, NEXT + timedelta(hours=2))
        assert await sender.round() == 0
    assert len(office.letters) == 1
    assert [each.state for each in await told(database, known)] == [SendingState.UNSURE]


class Stumbling(Mailer):
    """Falls over something that nobody foresaw, when the letter is on its way already."""

    async def send(self, letter: Letter) -> Sequence[str]:
        await super().send(letter)
        raise ValueError("unforeseen")


@pytest.mark.database
async def test_nor_is_it_after_something_that_nobody_foresaw(database: Database, tmp_path: Path) -> None:
    known = await planned(database)
    at(database, NEXT)
    async with post_office() as office:
        settings = MailSettings(host="127.0.0.1", port=office.port, tls=Tls.NONE, sender="house@example.com")
        sender = Clerk(database, database.clock, Stumbling(settings, database.clock), tmp_path)
        await sender.round()
        at(database, NEXT + timedelta(hours=2))
        assert await sender.round() == 0
    assert len(office.letters) == 1
    (sending,) = await told(database, known)
    assert (sending.state, sending.said) == (
        SendingState.UNSURE,
        "ValueError: it may have been sent, or not",
    )


@pytest.mark.database
@pytest.mark.parametrize("handed", [False, True])
async def test_a_process_that_died_in_the_middle(database: Database, tmp_path: Path, *, handed: bool) -> None:
    known = await planned(database)
    at(database, NEXT + timedelta(minutes=20))
    row = ReportSending(
        schedule=known, due=NEXT, state=SendingState.SENDING, tries=1, next_at=NEXT + timedelta(minutes=15),
        handed=handed, finished=None, row_count=0, size=0, said="",
    )  # fmt: skip
    async with database.write() as session:
        (await schedule(session, known)).next_due = NEXT + timedelta(days=1)
        session.add(row)
    async with post_office() as office:
        await clerk(database, office, tmp_path).round()
    (sending,) = await told(database, known)
    assert (sending.state, len(office.letters)) == (
        (SendingState.UNSURE, 0) if handed else (SendingState.SENT, 1)
    )


@pytest.mark.database
async def test_without_a_mail_server_it_says_what_to_set(database: Database, tmp_path: Path) -> None:
    known = await planned(database)
    at(database, NEXT)
    await Clerk(database, database.clock, Mailer(MailSettings(), database.clock), tmp_path).round()
    (sending,) = await told(database, known)
    assert sending.said == (
        "no mail server is set (settings smtp and mail_from); it goes out once there is one, for seven hours"
    )


@pytest.mark.database
async def test_it_shows_what_its_owner_may_see_and_nothing_once_they_may_not(
    database: Database, tmp_path: Path
) -> None:
    async with database.write() as session:
        boss = Person(name="petra", role=Role.PARTNER_MANAGER, partner="north")
        await add_user(session, boss, password="", now=NINE)
        await add_user(session, Person(name="bea", partner="north", agent="bea"), password="", now=NINE)
    known = await planned(database, owner="petra")
    async with post_office() as office:
        at(database, NEXT)
        await clerk(database, office, tmp_path).round()
        async with database.write() as session:
            await change_user(session, "petra", role=Role.AGENT)
        at(database, NEXT + timedelta(days=1))
        await clerk(database, office, tmp_path).round()
    last, first = await told(database, known)
    assert (first.state, first.row_count) == (SendingState.SENT, 1)
    assert last.state is SendingState.FAILED
    assert "may not see reports any more" in last.said
    assert len(office.letters) == 1


@pytest.mark.database
async def test_after_a_long_stop_old_times_are_passed_over(database: Database, tmp_path: Path) -> None:
    known = await planned(database)
    async with post_office() as office:
        at(database, NEXT + timedelta(days=9, hours=13))
        await clerk(database, office, tmp_path).round()
    assert office.letters == []
    async with database.read() as session:
        assert (await schedule(session, known)).next_due == NEXT + timedelta(days=10)


@pytest.mark.database
async def test_schedules_are_changed_sent_at_once_and_removed(database: Database, tmp_path: Path) -> None:
    known = await planned(database)
    async with database.write() as session:
        changed = await change_schedule(session, known, {"form": Form.CSV, "days": [3, 1]}, now=NINE)
        assert (changed.form, changed.days, changed.title) == (Form.CSV, [1, 3], "Agents")
        await send_now(session, known, NINE)
    async with post_office() as office:
        await clerk(database, office, tmp_path).round()
    (file,) = office.letters[0].iter_attachments()
    assert file.get_content().splitlines()[0].startswith("\ufeffFrom,Agent,Name")
    async with database.write() as session:
        await change_schedule(session, known, {"active": False}, now=NINE)
        with pytest.raises(BadInputError, match="active: is off"):
            await send_now(session, known, NINE)
        await remove_schedule(session, known)
        assert await schedules(session) == []
        assert await sendings(session, known) == []


@pytest.mark.database
@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", " "), ("recipients", []), ("recipients", ["nobody"]), ("zone", "Mars/Base"),
        ("time", "25:00"),
        ("days", [8]), ("month_day", 31),
    ],
)  # fmt: skip
async def test_what_cannot_be_meant_is_named(database: Database, field: str, wrong: Any) -> None:
    known = await planned(database)
    async with database.write() as session:
        with pytest.raises(BadInputError) as problem:
            await change_schedule(session, known, {field: wrong}, now=NINE)
    assert problem.value.field == field
