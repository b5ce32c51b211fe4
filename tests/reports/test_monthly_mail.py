"""The month on paper goes out by mail: once a month, with its files, whatever stood still meanwhile."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from centralino.press import MonthlyPress
from messages.mail import Mailer, MailSettings, Tls
from reports import ReportName, Step
from reports.schedules import (
    Clerk,
    Form,
    Plan,
    ReportSending,
    SendingState,
    change_schedule,
    make_schedule,
    schedule,
    send_now,
    sendings,
)
from reports.schedules.times import again_at
from store import Database
from tests.messages.post_office import PostOffice, post_office
from tests.web.opinion import scene
from users import Person, Role, add_user
from values import BadInputError
from values.testing import FixedClock

PLAN = Plan(
    title="The month",
    report=ReportName.MONTHLY,
    recipients=["board@example.com"],
    form=Form.BOTH,
    month_day=2,
)
MADE = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
DUE = datetime(2026, 12, 2, 6, 0, tzinfo=UTC)
"""Seven in Rome."""


async def planned(database: Database, plan: Plan = PLAN, owner: str = "") -> str:
    database.clock = FixedClock(MADE)
    async with database.write() as session:
        return (await make_schedule(session, plan, owner=owner, now=MADE)).id


def clerk(database: Database, office: PostOffice, folder: Path) -> Clerk:
    """A core that has just been started."""
    settings = MailSettings(host="127.0.0.1", port=office.port, tls=Tls.NONE, sender="house@example.com")
    press = MonthlyPress(database, database.clock, company="Prova", fonts=None)
    return Clerk(database, database.clock, Mailer(settings, database.clock), folder, press)


def no_server(database: Database, folder: Path) -> Clerk:
    """A core that nobody has told of a mail server."""
    return Clerk(database, database.clock, Mailer(MailSettings(), database.clock), folder)


def at(database: Database, moment: datetime) -> None:
    clock = database.clock
    assert isinstance(clock, FixedClock)
    clock.instant = moment


async def told(database: Database, known: str) -> list[ReportSending]:
    async with database.read() as session:
        return list(await sendings(session, known))


async def change(database: Database, known: str, now: datetime, **changes: Any) -> None:
    async with database.write() as session:
        await change_schedule(session, known, changes, now=now)


@pytest.mark.database
async def test_both_files_come_with_the_months_figures(database: Database, tmp_path: Path) -> None:
    async with database.write() as session:
        await scene.asked(session, weeks=5)
    await planned(database)
    async with post_office() as office:
        at(database, DUE)
        assert await clerk(database, office, tmp_path).round() == 1
    (letter,) = office.letters
    assert letter["Subject"] == "The month · 2026-11"
    body = letter.get_body()
    assert body is not None
    assert "Attached: monthly-2026-11-en.pdf, monthly-2026-11-en.xlsx." in body.get_content()
    paper, book = letter.iter_attachments()
    assert (paper.get_content_type(), paper.get_filename()) == ("application/pdf", "monthly-2026-11-en.pdf")
    assert paper.get_content().startswith(b"%PDF")
    rows = load_workbook(io.BytesIO(book.get_content())).worksheets[3].iter_rows(values_only=True)
    assert any(row[0] == "Roma" and row[4] == 240 for row in rows)


@pytest.mark.database
async def test_a_month_is_sent_once_whatever_is_restarted_or_changed(
    database: Database, tmp_path: Path
) -> None:
    known = await planned(database)
    async with post_office() as office:
        at(database, DUE)
        await clerk(database, office, tmp_path).round()
        at(database, DUE + timedelta(days=1))
        await change(database, known, DUE + timedelta(days=1), month_day=5, title="Later")
        at(database, DUE + timedelta(days=3, seconds=1))
        assert await clerk(database, office, tmp_path).round() == 0  # a core started anew; its day has come
        at(database, DUE + timedelta(days=34))
        await clerk(database, office, tmp_path).round()
    assert [each["Subject"] for each in office.letters] == ["The month · 2026-11", "Later · 2026-12"]
    assert [each.month for each in await told(database, known)] == ["2026-12", "2026-11"]


@pytest.mark.database
async def test_after_a_long_stop_the_last_month_goes_out_and_no_older_one(
    database: Database, tmp_path: Path
) -> None:
    known = await planned(database)
    async with post_office() as office:
        at(database, datetime(2027, 2, 20, 9, 0, tzinfo=UTC))
        await clerk(database, office, tmp_path).round()
    assert [each["Subject"] for each in office.letters] == ["The month · 2027-01"]
    async with database.read() as session:
        assert (await schedule(session, known)).next_due == datetime(2027, 3, 2, 6, 0, tzinfo=UTC)


@pytest.mark.database
async def test_tried_by_hand_it_still_comes_at_its_time(database: Database, tmp_path: Path) -> None:
    known = await planned(database)
    async with post_office() as office:
        early = DUE - timedelta(hours=20)
        at(database, early)
        async with database.write() as session:
            await send_now(session, known, early)
        await clerk(database, office, tmp_path).round()
        at(database, DUE)
        await clerk(database, office, tmp_path).round()
    assert [each["Subject"] for each in office.letters] == ["The month · 2026-11"] * 2
    assert [each.month for each in await told(database, known)] == ["2026-11", ""]


@pytest.mark.database
async def test_a_new_title_in_the_last_moment_loses_no_month(database: Database, tmp_path: Path) -> None:
    known = await planned(database)
    late = DUE + timedelta(seconds=2)
    await change(database, known, late, title="Il mese")
    async with post_office() as office:
        at(database, late)
        await clerk(database, office, tmp_path).round()
    assert [each["Subject"] for each in office.letters] == ["Il mese · 2026-11"]


@pytest.mark.database
async def test_who_may_not_see_the_whole_house_is_sent_none(database: Database, tmp_path: Path) -> None:
    async with database.write() as session:
        boss = Person(name="petra", role=Role.PARTNER_MANAGER, partner="Levante")
        await add_user(session, boss, password="", now=MADE)
    known = await planned(database, owner="petra")
    async with post_office() as office:
        at(database, DUE)
        await clerk(database, office, tmp_path).round()
    assert office.letters == []
    (sending,) = await told(database, known)
    assert (sending.state, "may not see" in sending.said) == (SendingState.FAILED, True)


@pytest.mark.database
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"form": Form.CSV}, "form"), ({"days": [1]}, "days"), ({"only": ["Roma"]}, "only"),
        ({"report": ReportName.AGENTS}, "form"),
    ],
)  # fmt: skip
async def test_what_the_month_on_paper_cannot_be_is_named(
    database: Database, changes: dict[str, Any], field: str
) -> None:
    known = await planned(database)
    with pytest.raises(BadInputError) as problem:
        await change(database, known, MADE, **changes)
    assert problem.value.field == field


@pytest.mark.database
async def test_without_a_day_it_is_the_first_and_always_the_month_before(database: Database) -> None:
    known = await planned(database, Plan(title="x", report=ReportName.MONTHLY, recipients=["a@example.com"]))
    async with database.read() as session:
        found = await schedule(session, known)
    assert (found.month_day, found.range, found.by, found.form) == (1, "last_month", Step.TOTAL, Form.XLSX)


@pytest.mark.database
@pytest.mark.parametrize(
    "changes",
    [
        [(10, {"month_day": 5})],
        [(15, {"time": "06:00"})],  # on the day itself, an hour before seven
        [(14, {"active": False}), (20, {"active": True})],
    ],
)
async def test_no_month_is_lost_when_its_time_is_put_behind_us(
    database: Database, tmp_path: Path, changes: list[tuple[int, dict[str, Any]]]
) -> None:
    known = await planned(database, replace(PLAN, month_day=15))
    async with post_office() as office:
        for day, said in changes:
            moment = datetime(2026, 12, day, 5, 30, tzinfo=UTC)
            at(database, moment)
            await change(database, known, moment, **said)
            await clerk(database, office, tmp_path).round()
        await change(database, known, moment, time="05:00")  # and once more: it is out
        await clerk(database, office, tmp_path).round()
    assert [each["Subject"] for each in office.letters] == ["The month · 2026-11"]
    assert [each.month for each in await told(database, known)] == ["2026-11"]


@pytest.mark.database
async def test_a_month_that_was_never_promised_is_not_sent_for_a_new_hour(
    database: Database, tmp_path: Path
) -> None:
    known = await planned(database)  # made on 25 November for the 2nd: its first month is November
    await change(database, known, MADE, time="08:00")
    async with post_office() as office:
        assert await clerk(database, office, tmp_path).round() == 0
    assert office.letters == []


@pytest.mark.database
async def test_switched_off_while_it_is_tried_it_goes_out_when_it_is_on_again(
    database: Database, tmp_path: Path
) -> None:
    known = await planned(database)
    at(database, DUE)
    await no_server(database, tmp_path).round()
    later = DUE + timedelta(hours=2)
    await change(database, known, later, active=False)
    at(database, later)
    async with post_office() as office:
        await clerk(database, office, tmp_path).round()
        assert [each.state for each in await told(database, known)] == [SendingState.FAILED]
        await change(database, known, later, active=True)
        await clerk(database, office, tmp_path).round()
    assert [each["Subject"] for each in office.letters] == ["The month · 2026-11"]


@pytest.mark.database
async def test_after_ten_days_without_a_mail_server_the_month_still_goes_out(
    database: Database, tmp_path: Path
) -> None:
    known = await planned(database)
    moment, until = DUE, DUE + timedelta(days=10)
    while moment < until:
        at(database, moment)
        await no_server(database, tmp_path).round()
        (sending,) = await told(database, known)
        assert sending.said.endswith("it goes out once there is one, for 14 days")
        assert sending.next_at is not None
        moment = sending.next_at
    at(database, moment)
    async with post_office() as office:
        await clerk(database, office, tmp_path).round()
    assert [each["Subject"] for each in office.letters] == ["The month · 2026-11"]


@pytest.mark.unit
def test_the_month_is_tried_for_two_weeks_more_and_then_given_up() -> None:
    now, tries = DUE, 1
    while (later := again_at(tries, now, patient=True)) is not None:
        now, tries = later, tries + 1
    assert timedelta(days=14) < now - DUE < timedelta(days=15)
    assert again_at(7, DUE) is None
