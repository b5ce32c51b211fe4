"""`centralino events`, as a person at a terminal has it."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from centralino.cli import events
from centralino.rooms import Rooms
from centralino.settings import Settings
from customers.seed import id_of, seed
from dialer.models import Contact
from proactive.events import BusinessEvent, EventState
from values import SystemClock

pytestmark = pytest.mark.database

NOW = datetime.now(UTC)
AT = (NOW - timedelta(minutes=5)).isoformat(timespec="seconds")
DAY = (NOW + timedelta(days=9)).date().isoformat()


@pytest.fixture
async def settings(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    made = Settings(home=tmp_path, database_url=database_url)
    monkeypatch.setattr(events, "settings_here", lambda: made)
    async with Rooms.open(made, SystemClock()) as rooms, rooms.db.write() as session:
        await seed(session, 60)
    return made


async def run(*words: str) -> Result:
    """In a thread: the command has an event loop of its own."""
    return await asyncio.to_thread(CliRunner().invoke, events.app, list(words))


def orders(folder: Path) -> Path:
    table = folder / "orders.csv"
    lines = [f"e{i},order.planned,{AT},{id_of(i)},o{i},la,{DAY}" for i in range(5)]
    bad = [f"x1,order.planned,{AT},nobody,o9,la,{DAY}", f"x2,order.planned,{AT},{id_of(1)},o9,la,2099-01-01"]
    table.write_text("\n".join(["id,type,at,customer,order,kind,planned", *lines, *bad]))
    return table


async def test_a_table_is_sent_and_its_events_are_followed(settings: Settings, tmp_path: Path) -> None:
    table = orders(tmp_path)
    sent = await run("send", str(table))
    assert sent.exit_code == 3, "some were refused"
    assert json.loads(sent.stdout) == {"accepted": 5, "repeated": 0, "refused": 2}
    assert sent.stderr.splitlines() == [
        f"{table}:7: x1 customer: there is no customer nobody",
        f"{table}:8: x2 planned: 2099-01-01 is more than two years ahead; is that year meant?",
    ]
    assert json.loads((await run("send", str(table))).stdout)["repeated"] == 5
    listed = await run("list", "--type", "order.planned", "--limit", "2")
    assert [line.split()[2:] for line in listed.stdout.splitlines()] == [
        [f"e{i}", "order.planned", f"o{i}", "pending"] for i in (4, 3)
    ]
    shown = json.loads((await run("show", "e0")).stdout)
    assert (shown["about"], shown["data"]["planned"]) == ("o0", DAY)
    assert (await run("show", "e9")).exit_code == 1


async def test_rules_are_tried_on_what_has_happened_and_nothing_is_written(
    settings: Settings, tmp_path: Path
) -> None:
    await run("send", str(orders(tmp_path)))
    async with Rooms.open(settings, SystemClock()) as rooms, rooms.db.write() as session:
        early = await session.scalar(select(BusinessEvent).where(BusinessEvent.id == "e4"))
        assert early is not None
        early.state = EventState.PARKED
    rules = tmp_path / "try.yaml"
    rules.write_text("""
edition: 1
rules:
  all_orders:
    on: order.planned
    campaign: line_notice
    replaces: "order-{order}"
    not_before: planned - 2d at 10:00
    priority: 1
""")
    tried = await run("rules", "try", str(rules), "--since", f"{NOW - timedelta(days=1):%Y-%m-%d}")
    assert tried.exit_code == 0, tried.output
    assert tried.stdout.splitlines()[:3] == [
        "4 facts looked at", "4 of them are new, and not worked yet",
        "1 more wait for what comes before them (parked), and are not counted",
    ]  # fmt: skip
    (counted,) = [line.split() for line in tried.stdout.splitlines() if line.startswith("all_orders")]
    assert counted[1:3] == ["4", "0"]
    (house,) = [line.split() for line in tried.stdout.splitlines() if line.startswith("line_day ")]
    assert house[1:] == ["0", "0", "0", "0", "0", "4", "0"], "nobody is called twice about one event"
    assert "e0  all_orders" in tried.stdout
    assert "really made in that time: none" in tried.stdout
    async with Rooms.open(settings, SystemClock()) as rooms, rooms.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Contact)) == 0


async def test_rules_are_checked_with_file_and_line(settings: Settings, tmp_path: Path) -> None:
    assert settings.home == tmp_path
    rules = tmp_path / "mine.yaml"
    rules.write_text("edition: 1\nrules:\n  mine: {on: order.cancelled, replaces: x}\n")
    assert "sound" in (await run("rules", "check", str(rules))).stdout
    twice = "{on: order.planned, campaign: line_notice}"
    rules.write_text(f"edition: 1\nrules:\n  line_day: {twice}\n  mine: {twice}\n")
    checked = await run("rules", "check", str(rules))
    assert (checked.exit_code, "sound" in checked.stdout) == (0, True)
    assert f"{rules}: warning: line_day and mine may both hold for the same order.planned" in checked.stderr
    rules.write_text("edition: 1\nrules:\n  mine: {on: order.canceled, replaces: x}\n")
    checked = await run("rules", "check", str(rules))
    assert checked.exit_code == 1
    assert checked.stderr.startswith(f"{rules}:3:14: rule mine: on: there is no type of event")
    assert "did you mean 'order.cancelled'" in checked.stderr


async def test_what_an_outage_touches_and_what_of_it_nobody_knows_is_listed(
    settings: Settings, tmp_path: Path
) -> None:
    table = tmp_path / "outage.csv"
    table.write_text(f"id,type,at,outage,cause,customers\no1,outage.opened,{AT},O1,power,{id_of(1)}|x1|x2\n")
    await run("send", str(table))
    async with Rooms.open(settings, SystemClock()) as rooms:
        await rooms.proactive.worker.drain()
    listed = (await run("list")).stdout
    assert "O1  done  customers touched: 1, 2 unknown: x1, x2" in listed
    shown = json.loads((await run("show", "o1")).stdout)
    assert shown["result"]["unknown"] == {"count": 2, "customers": ["x1", "x2"]}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("list", "--type", "fault.opend"), "--type: there is no type of event 'fault.opend'; did you mean"),
        (
            ("rules", "try", "{file}", "--since", "2026-13-01"),
            "--since: '2026-13-01' is no day; write one as in",
        ),
        (
            ("rules", "try", "{file}", "--since", "0001-01-01"),
            "--since: write a time of the years 2000 to 2100",
        ),
        (("rules", "try", "{file}", "--since", "2026-03-02", "--until", "2026-03-01"), "does not lie before"),
    ],
)
async def test_a_word_that_is_none_is_told_and_not_taken_for_nothing(
    settings: Settings, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    assert settings.home == tmp_path
    rules = tmp_path / "none.yaml"
    rules.write_text("edition: 1\nrules: {}\n")
    done = await run(*(word.format(file=rules) for word in words))
    assert told in str(done.exception)
