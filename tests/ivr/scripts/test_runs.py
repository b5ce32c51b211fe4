"""Runs of scripts are kept page by page, on both databases: reloads, crashes and second tabs lose nothing."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import pytest

from customers import Trail
from ivr import Actions, FlowLibrary, FlowStore
from ivr.language import FlowError
from ivr.scripts import (
    How,
    Mistake,
    Move,
    RunOf,
    ScriptRuns,
    UnknownRunError,
    answers_of,
    lifetime,
    tally_ends,
    tally_pages,
)
from ivr.scripts.models import ScriptAnswer, ScriptRun
from store import Database
from store.lifetime import apply
from tests.ivr.scripts.house import FIND, SCRIPT
from values import CustomerId, Money, Scalar
from values.testing import EPOCH, FixedClock

pytestmark = pytest.mark.database

ANNA = RunOf("shop.call", "call-1", "marta", "c7", "shop", {"name": "Anna", "owed": Money(990, "EUR")}, "it")
FORM = {"age": "42", "grade": "10"}


class House:
    """A database with the published scripts."""

    def __init__(self, db: Database, clock: FixedClock) -> None:
        self.db = db
        self.clock = clock
        self.actions = Actions()
        self.actions.register(
            "shop.stock", self._stock, fields=frozenset({"plan"}), results=frozenset({"left"})
        )
        self.store = FlowStore(db, clock, actions=self.actions)
        self.library = FlowLibrary(db, clock)

    async def _stock(self, ctx: object, **fields: Scalar) -> Mapping[str, Scalar]:
        # as real actions do, it writes by itself; nothing of the run may hold the database meanwhile
        async with self.db.write():
            return {"left": 7}

    def runs(self) -> ScriptRuns:
        """As a process that has just started sees them."""
        return ScriptRuns(self.db, self.clock, self.library, self.actions)


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    clock = FixedClock()
    async with Database(database_url, clock=clock) as db:
        made = House(db, clock)
        await made.store.publish([SCRIPT, FIND], by="test")
        await made.library.refresh()
        yield made


async def _through(runs: ScriptRuns, run: str, *moves: Move) -> None:
    for move in moves:
        moved = await runs.move(run, move, reader="en")
        assert not moved.stale


TO_THE_END = (
    Move(0, How.ANSWER, "1"),
    Move(1, How.ANSWER, "1", {**FORM, "plan": "S", "pay_on": "2026-03-04", "part": "5,5"}),
    Move(2, How.NEXT, typed={"shelf": "B4"}),
    Move(3, How.NEXT),
)


async def test_a_talk_goes_through_its_script_and_leaves_its_answers(house: House) -> None:
    runs = house.runs()
    run = await runs.start(ANNA)
    first = await runs.page(run, reader="en")
    assert (first.say, first.heading) == (("Buongiorno, Anna.",), "Greeting")
    await _through(runs, run, *TO_THE_END)
    end = await runs.page(run, reader="en")
    assert (end.outcome, end.goal) == ("served", True)
    async with house.db.read() as session:
        kept = {one.name: (one.kind, one.text, one.number) for one in await answers_of(session, run)}
    assert kept["age"] == ("number", "42", 42)
    assert kept["pay_on"] == ("date", "2026-03-04", None)
    assert kept["part"] == ("money", "5.50", 5.5)
    assert kept["find>shelf"] == ("text", "B4", None)
    assert kept["polite"] == ("flag", "yes", 1)
    assert kept["note"] == ("none", "", None)


async def test_the_same_talk_has_one_run_however_often_it_is_opened(house: House) -> None:
    first = await house.runs().start(ANNA)
    await _through(house.runs(), first, Move(0, How.ANSWER, "1"))
    assert await house.runs().start(ANNA) == first
    assert (await house.runs().page(first, reader="en")).path == "form"
    assert [one.script for one in await house.runs().of_call("call-1")] == ["shop.call"]


async def test_what_is_typed_survives_a_reload_and_a_mistake(house: House) -> None:
    run = await house.runs().start(ANNA)
    await _through(house.runs(), run, Move(0, How.ANSWER, "1"))
    assert await house.runs().note(run, 1, {"age": "4", "code": "A"})
    fields = {one.name: one.typed for one in (await house.runs().page(run, reader="en")).fields}
    assert (fields["age"], fields["code"]) == ("4", "A")
    moved = await house.runs().move(run, Move(1, How.ANSWER, "1", {"age": "4", "grade": "1"}), reader="en")
    assert [one.mistake.mistake for one in moved.page.fields if one.mistake] == [Mistake.TOO_LOW]
    assert (await house.runs().page(run, reader="en")).fields[0].typed == "4"


async def test_a_stale_tab_changes_nothing_and_is_shown_where_the_talk_is(house: House) -> None:
    run = await house.runs().start(ANNA)
    await _through(house.runs(), run, Move(0, How.ANSWER, "1"))
    moved = await house.runs().move(run, Move(0, How.OBJECTION, "9"), reader="en")
    assert (moved.stale, moved.page.path) == (True, "form")
    assert not await house.runs().note(run, 0, {"age": "9"})


async def test_going_back_takes_answers_back(house: House) -> None:
    run = await house.runs().start(ANNA)
    await _through(house.runs(), run, *TO_THE_END[:2], Move(2, How.BACK), Move(3, How.BACK))
    async with house.db.read() as session:
        assert list(await answers_of(session, run)) == []
    assert (await house.runs().page(run, reader="en")).turn == 4


async def test_the_language_can_be_changed_in_mid_talk(house: House) -> None:
    run = await house.runs().start(ANNA)
    shown = await house.runs().speak(run, "en", {}, reader="it")
    assert (shown.say, shown.heading) == (("Good day, Anna.",), "Saluto")
    assert (await house.runs().page(run, reader="it")).language == "en"


async def test_a_talk_keeps_the_version_it_began_with(house: House) -> None:
    run = await house.runs().start(ANNA)
    await house.store.publish(SCRIPT.replace("Greeting", "Another greeting"), by="test")
    await house.library.refresh()
    assert (await house.runs().page(run, reader="en")).heading == "Greeting"
    other = await house.runs().start(RunOf("shop.call", "call-2", "marta"))
    assert (await house.runs().page(other, reader="en")).heading == "Another greeting"


async def test_a_script_that_would_run_a_call_is_refused_and_scripts_are_no_flows(house: House) -> None:
    call = SCRIPT.replace("flow: shop.call", "flow: shop.other").replace("kind: script\n", "")
    with pytest.raises(FlowError, match="F105"):
        await house.store.publish(call, by="test")
    assert house.library.names() == []
    assert house.library.scripts() == ["shop.call", "shop.find"]


async def test_reports_see_how_often_each_page_was_seen_and_where_talks_break_off(house: House) -> None:
    runs = house.runs()
    whole, broken, left = [
        await runs.start(RunOf("shop.call", call, "marta")) for call in ("call-1", "call-2", "call-3")
    ]
    await _through(runs, whole, *TO_THE_END)
    await _through(runs, broken, Move(0, How.ANSWER, "1"), Move(1, How.GIVE_UP))
    await _through(runs, left, Move(0, How.ANSWER, "1"))
    async with house.db.read() as session:
        span = (EPOCH - timedelta(days=1), EPOCH + timedelta(days=1))
        pages = {one.page: one for one in await tally_pages(session, "shop.call", *span)}
        ends = [(one.outcome, one.goal, one.runs) for one in await tally_ends(session, "shop.call", *span)]
    assert (pages["greet"].visits, pages["greet"].stage) == (3, "greet")
    assert (pages["form"].visits, pages["form"].given_up, pages["form"].left_open) == (2, 1, 1)
    assert pages["form"].broken_off == 2
    assert pages["find>look"].visits == 1
    assert ends == [("", False, 1), ("broken_off", False, 1), ("served", True, 1)]


async def test_what_was_typed_goes_after_six_months_and_one_customer_can_be_erased(house: House) -> None:
    run = await house.runs().start(ANNA)
    await _through(house.runs(), run, *TO_THE_END[:2])
    trail = Trail(CustomerId("c7"))
    async with house.db.read() as session:
        shown = await lifetime.show(session, trail)
    assert len(shown["script_runs"]) == 1
    assert {one["name"] for one in shown["script_answers"]} >= {"age", "polite"}
    async with house.db.write() as session:
        await apply(session, lifetime.rules(EPOCH + timedelta(days=180)))
        assert (await session.get_one(ScriptRun, run)).state
        await apply(session, lifetime.rules(EPOCH + timedelta(days=190)))
    with pytest.raises(UnknownRunError):
        await house.runs().page(run, reader="en")
    async with house.db.write() as session:
        await lifetime.erase(session, trail)
    async with house.db.read() as session:
        assert await session.get(ScriptAnswer, (run, "age")) is None
        assert (await session.get_one(ScriptRun, run)).customer_id == ""
