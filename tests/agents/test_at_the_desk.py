"""What the agent's page leans on: why they pause, who set them, what they typed, what a talk came to."""

from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import select

from agents import Desk, Presence
from agents.drafts import draft_of, drop_draft, save_draft
from agents.lifetime import erase, rules, show
from agents.models import TalkOutcome
from agents.outcomes import AlreadySaidError, Said, outcome_of, say_outcome
from agents.pauses import load_pauses
from agents.presence import CHANNEL, present, read_presence
from agents.wrapping import WrapUps
from customers import Trail
from store import Database
from store.lifetime import apply
from values import BadInputError, CustomerId
from values.testing import EPOCH, FixedClock


class Told:
    """Redis, as far as presence speaks to it: keeps what it was last told."""

    def __init__(self) -> None:
        self.agents: dict[str, object] = {}

    async def publish(self, channel: str, message: object) -> bool:
        assert channel == CHANNEL
        return True

    async def put_fields(self, _key: str, fields: dict[str, object], *, seconds: float) -> bool:
        self.agents |= {name: _as_json(value) for name, value in fields.items()}
        return True

    async def fields(self, _key: str) -> dict[str, object]:
        return self.agents


def _as_json(value: object) -> object:
    return orjson.loads(orjson.dumps(value))


@pytest.mark.unit
async def test_the_page_is_told_when_the_wrap_up_ends_and_who_set_the_agent() -> None:
    clock, live = FixedClock(), Told()
    desk = Desk(clock.monotonic)
    wraps = WrapUps(desk, clock, on_its_way=lambda _: False, usual=30)
    presence = Presence(desk, live, clock, "node1")  # type: ignore[arg-type]
    desk.sign_in("anna")
    held = desk.reserve("c1", wrap=20)
    assert held is not None
    desk.talking(held)
    desk.talked("anna")
    clock.move(5)
    wraps.more("anna", 60)
    await presence.tell()
    seen = (await present(live, clock.now()))["anna"]  # type: ignore[arg-type]
    assert seen.wrap_until is not None
    assert (seen.wrap_until - clock.now()).total_seconds() == pytest.approx(75)
    desk.ready("anna")
    seat = desk.seat("anna")
    assert seat is not None
    seat.by = "Sofia"
    desk.pause("anna", "training")
    await presence.tell()
    seen = (await present(live, clock.now()))["anna"]  # type: ignore[arg-type]
    assert (seen.reason, seen.by, seen.wrap_until) == ("training", "Sofia", None)
    await wraps.close()


@pytest.mark.unit
def test_a_core_of_before_is_understood() -> None:
    told = {
        "agent": "anna", "state": "ready", "since": EPOCH.isoformat(), "reason": "", "campaign": "",
        "call": "", "node": "node1", "leaving": False, "going_home": False, "told": EPOCH.isoformat(),
    }  # fmt: skip
    assert read_presence({"anna": told})["anna"].by == ""


@pytest.mark.unit
def test_there_are_reasons_to_pause_in_three_languages() -> None:
    reasons = load_pauses()
    assert {reason.name for reason in reasons} >= {"break", "lunch", "training"}
    for reason in reasons:
        assert set(reason.title) == {"en", "it", "ru"}
        assert reason.words("de") == reason.title["en"]


@pytest.mark.unit
@pytest.mark.parametrize(
    "text",
    [
        "- {name: lunch, paid: maybe, longest: 45, title: {en: Lunch}}",
        "- {name: lunch, paid: true, longest: 0, title: {en: Lunch}}",
        "- {name: lunch, paid: true, longest: 45, title: {it: Pranzo}}",
        "- {name: l, paid: true, longest: 4, title: {en: L}}\n" * 2,
        "- {",
    ],
)
def test_a_file_of_reasons_that_is_wrong_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "pauses.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError):
        load_pauses(file)


@pytest.mark.database
async def test_what_is_typed_is_kept_until_it_is_said(database: Database) -> None:
    now = EPOCH
    async with database.write() as session:
        await save_draft(session, "anna", "c1", {"notes": "wants"}, now)
        await save_draft(session, "anna", "c1", {"notes": "wants fibre", "disposition": "done"}, now)
    async with database.write() as session:
        assert await draft_of(session, "anna", "c1") == {"notes": "wants fibre", "disposition": "done"}
        assert await draft_of(session, "bruno", "c1") is None
        await drop_draft(session, "anna", "c1")
        assert await draft_of(session, "anna", "c1") is None


@pytest.mark.database
async def test_what_was_written_of_a_customer_is_shown_and_forgotten(database: Database) -> None:
    trail = Trail(CustomerId("c7"), calls=frozenset({"c1", "c3"}))
    async with database.write() as session:
        await save_draft(session, "anna", "c1", {"notes": "hers"}, EPOCH)
        await save_draft(session, "anna", "c2", {"notes": "another's"}, EPOCH, customer="c8")
        await say_outcome(session, Said(call_id="c3", agent="anna", at=EPOCH, disposition="ok", notes="hers"))
        shown = await show(session, trail)
        assert [len(rows) for rows in shown.values()] == [1, 1]
        await erase(session, trail)
        assert await draft_of(session, "anna", "c1") is None
        assert await draft_of(session, "anna", "c2") is not None
        assert (await session.scalars(select(TalkOutcome.notes))).all() == [""]
        assert await outcome_of(session, "c3", "anna") == "ok"
        await apply(session, rules(EPOCH + timedelta(days=3)))
        assert await draft_of(session, "anna", "c2") is None


@pytest.mark.database
async def test_a_talk_with_a_caller_is_decided_once(database: Database) -> None:
    said = Said(call_id="c1", agent="anna", at=EPOCH, disposition="solved", queue="care", notes="ok")
    async with database.write() as session:
        assert await say_outcome(session, said)
        assert not await say_outcome(session, said)
        assert await outcome_of(session, "c1", "anna") == "solved"
        other = Said(call_id="c1", agent="anna", at=EPOCH, disposition="not_solved")
        with pytest.raises(AlreadySaidError):
            await say_outcome(session, other)
        await say_outcome(session, Said(call_id="c1", agent="bruno", at=EPOCH, disposition="not_solved"))
