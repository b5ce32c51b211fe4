"""`centralino report` and `centralino webhook`, as a person at a terminal has them."""

import asyncio
import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from centralino.cli import main
from centralino.cli.campaign import desk
from centralino.cli.report import app as report_app
from centralino.cli.webhook import app as webhook_app
from centralino.settings import Settings
from messages.webhooks import UnknownEndpointError
from store import Database
from tests.reports.test_agents import day, staff
from values import BadInputError

pytestmark = pytest.mark.database
DAY = ("--from", "2026-03-03", "--to", "2026-03-03")


@pytest.fixture(autouse=True)
async def _two_agents(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path, database_url=database_url)
    monkeypatch.setattr(desk, "own_settings", lambda: settings)
    monkeypatch.setattr(desk, "set_up_logging", lambda _: None)
    async with Database(database_url) as db, db.write() as session:
        await staff(session, "ada", "bea")
        for name in ("ada", "bea"):
            await day(session, name, (0, "ready"), (300, "talking"), (540, "wrap_up"), (600, "offline"))


async def _run(*words: str) -> str:
    """In a thread: the command has an event loop of its own."""
    app = report_app if words[0] == "report" else webhook_app
    done = await asyncio.to_thread(CliRunner().invoke, app, list(words[1:]))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


async def test_a_report_on_the_terminal_and_as_files(tmp_path: Path) -> None:
    rows = list(
        csv.DictReader(io.StringIO(await _run("report", "agents", *DAY, "--by", "30m", "--csv", "-")))
    )
    assert [(row["Agent"], row["Talk"], row["AHT"]) for row in rows] == [
        ("ada", "240", "300"),
        ("bea", "240", "300"),
    ]
    target = tmp_path / "agents.xlsx"
    await _run("report", "agents", *DAY, "--only", "bea", "--language", "ru", "--xlsx", str(target))
    sheet = load_workbook(target).worksheets[0]
    assert [cell.value for cell in sheet[1]][:3] == ["С", "Оператор", "Имя"]
    assert [cell.value for cell in sheet["B"]][1:] == ["bea"]
    for name in ("campaigns", "queues", "funnel"):
        assert len((await _run("report", name, *DAY)).splitlines()) == 1


async def test_the_month_as_a_pdf_and_as_a_workbook(tmp_path: Path) -> None:
    pdf, xlsx = tmp_path / "month.pdf", tmp_path / "month.xlsx"
    await _run("report", "monthly", "--month", "2026-10", "--language", "ru", "--out", str(pdf))
    assert pdf.read_bytes().startswith(b"%PDF")
    await _run("report", "monthly", "--month", "2026-10", "--out", str(xlsx))
    assert "Opinione" in load_workbook(xlsx).sheetnames
    for words, field in ((("--out", "month.doc"), "--out"), (("--month", "October"), "month")):
        with pytest.raises(BadInputError) as problem:
            await _run("report", "monthly", *words)
        assert problem.value.field == field


async def test_what_cannot_be_asked_is_named(tmp_path: Path) -> None:
    for words, field in (
        (("agents", "--from", "2026-03-03"), "--to"),
        (("agents", *DAY, "--range", "today"), "--range"),
        (("agents", *DAY, "--csv", "a", "--xlsx", "b"), "--xlsx"),
        (("agents", *DAY, "--csv", str(tmp_path / "no" / "such.csv")), str(tmp_path / "no")),
        (("schedule", "add", "agents", "--to", "nobody"), "recipients"),
        (("schedule", "add", "agents", "--to", "a@b.it", "--days", "Mon"), "--days"),
    ):
        with pytest.raises(BadInputError) as problem:
            await _run("report", *words)
        assert problem.value.field == field


async def test_a_report_by_mail_from_the_terminal() -> None:
    words = ("agents", "--to", "ops@example.com,anna@example.com", "--at", "06:45", "--days", "1,5")
    made = json.loads(await _run("report", "schedule", "add", *words))
    assert (made["recipients"], made["time"], made["days"]) == (
        ["anna@example.com", "ops@example.com"], "06:45", [1, 5],
    )  # fmt: skip
    changed = json.loads(
        await _run("report", "schedule", "set", made["id"], "--set", "form=csv", "--set", "days=[]")
    )
    assert (changed["form"], changed["days"]) == ("csv", [])
    await _run("report", "schedule", "send", made["id"])
    (listed,) = json.loads(await _run("report", "schedule", "list"))
    assert listed["sendings"] == []
    await _run("report", "schedule", "remove", made["id"])
    assert json.loads(await _run("report", "schedule", "list")) == []


async def test_a_folder_that_cannot_be_written_is_named_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the service's account meets root's folders: asked of the system, since tests may be root."""
    real = os.access
    monkeypatch.setattr(os, "access", lambda at, how: at != tmp_path and real(at, how))
    for words in (("agents", *DAY, "--csv"), ("monthly", "--month", "2026-10", "--out")):
        with pytest.raises(BadInputError, match=r"may not write in this folder.*chown or chmod") as problem:
            await _run("report", *words, str(tmp_path / "made.pdf"))
        assert problem.value.field == str(tmp_path)
    with pytest.raises(BadInputError, match="no such folder"):
        await _run("report", "monthly", "--out", str(tmp_path / "gone" / "made.pdf"))
    assert list(tmp_path.glob("made*")) == []


async def test_the_month_on_paper_by_mail_from_the_terminal() -> None:
    words = ("monthly", "--to", "board@example.com", "--format", "both", "--language", "it")
    made = json.loads(await _run("report", "schedule", "add", *words))
    assert (made["title"], made["form"], made["month_day"]) == ("Monthly report", "both", 1)
    changed = json.loads(await _run("report", "schedule", "set", made["id"], "--set", "form=pdf"))
    assert changed["form"] == "pdf"
    with pytest.raises(BadInputError, match="pdf, xlsx or both"):
        await _run("report", "schedule", "add", "monthly", "--to", "a@b.it", "--format", "csv")


async def test_another_system_from_the_terminal() -> None:
    assert "calls.ended" in await _run("webhook", "events")
    words = ("https://crm.example.com/hook", "--events", "calls.ended,dialer.disposed", "--by", "anna")
    made: dict[str, Any] = json.loads(await _run("webhook", "add", *words))
    assert made["secret"].startswith("whsec_")
    off = json.loads(await _run("webhook", "set", made["id"], "--off", "--events", "calls.ended"))
    assert (off["active"], off["events"]) == (False, ["calls.ended"])
    assert json.loads(await _run("webhook", "secret", made["id"]))["secret"] != made["secret"]
    assert json.loads(await _run("webhook", "test", made["id"]))["event"].startswith("e")
    assert json.loads(await _run("webhook", "deliveries", made["id"])) == []
    assert json.loads(await _run("webhook", "replay", made["id"])) == {"events": 0}
    assert "secret" not in json.loads(await _run("webhook", "list"))[0]
    await _run("webhook", "remove", made["id"])
    with pytest.raises(UnknownEndpointError):
        await _run("webhook", "deliveries", made["id"])
    with pytest.raises(BadInputError, match="inside this house"):
        await _run("webhook", "add", "https://127.0.0.1/", "--events", "calls.ended")


def test_both_are_among_the_commands() -> None:
    assert {"report", "webhook"} <= set(main._MORE)
