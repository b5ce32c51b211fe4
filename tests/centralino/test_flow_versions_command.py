"""`centralino flow` with the database: publishing, going back, replaying."""

import asyncio
from pathlib import Path

import pytest

from calls import Journal, TraceStep
from centralino.cli import flowplay, flowversions
from centralino.settings import Settings
from store import Database
from tests.centralino.test_flow_command import FLOW, run, tiny
from tests.ivr.calling import call, flow_of
from values import BadInputError, SystemClock

pytestmark = pytest.mark.database

__all__ = ["tiny"]


@pytest.fixture
def settings(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    made = Settings(home=tmp_path, database_url=database_url)
    for module in (flowplay, flowversions):
        monkeypatch.setattr(module, "own_settings", lambda: made)
    return made


def test_publishing_and_going_back(settings: Settings, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "centralino")  # the account that commands of root go on as
    monkeypatch.delenv("SUDO_USER", raising=False)
    assert "published: room.tiny" in run("publish", str(tiny), "--note", "first").output
    assert "nothing changed" in run("publish", "-", typed=FLOW).output
    tiny.write_text(FLOW.replace("More.", "Much more."), encoding="utf-8")
    assert "kept as a draft" in run("publish", "--draft", str(tiny)).output
    assert "draft" in run("versions").output
    assert 'say.en: More. → "Much more."' in run("diff", "room.tiny", str(tiny)).output
    assert "published: room.tiny" in run("publish", "room.tiny").output
    assert "rolled back: room.tiny" in run("rollback", "room.tiny").output
    history = run("versions", "room.tiny").output
    assert history.count("publish") == 2
    assert "rollback" in history
    assert "centralino" not in history  # that would make it the house's own, replaced by the next release
    assert "first" in history
    tiny.write_text(FLOW.replace("next: bye", "next: by"), encoding="utf-8")
    with pytest.raises(BadInputError, match="what was in force stays in force"):
        run("publish", str(tiny))


def test_a_past_call_is_replayed(settings: Settings, tiny: Path) -> None:
    run("publish", str(tiny))
    steps = "main: {menu: {greeting: {en: x}, choices: {'1': bye, '2': more}}}\n"
    steps += "more: {say: {en: More.}, next: bye}\nbye: {end: done}"
    past = call(flow_of(steps, flow="room.tiny", start="main"), "2").trace.steps
    asyncio.run(_write(settings, past))
    assert "the same way: 3 steps, done" in run("replay", "c1").output
    tiny.write_text(FLOW.replace('"2": more', '"2": bye'), encoding="utf-8")
    told = run("replay", "c1", str(tiny)).output
    assert "- more (done)" in told
    assert "then: done; now: done" in told
    with pytest.raises(BadInputError, match="no call c9 has left a trace"):
        run("replay", "c9")


async def _write(settings: Settings, steps: list[TraceStep]) -> None:
    spill = settings.home / "spill"
    async with Database(settings.database) as database, Journal(database, SystemClock(), spill) as journal:
        for step in steps:
            journal.step(step)
        await journal.flush()
