"""`centralino call` and `may-call`: a person places one call, or asks whether one may be placed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from centralino.cli.call import NOT_PLACED, REFUSED, _call, read_fields, read_number
from centralino.cli.maycall import _ask, read_time
from centralino.rooms import Rooms, flow_files
from centralino.settings import Settings
from dialer import DialLoop, Order, Suppression, Trunk, forbid_calls
from dialer.testing import BUSY, Reaction, ScriptedLines
from ivr.language import load_flow
from values import BadInputError, Money, PhoneNumber, SystemClock

ANNA, BERTA = PhoneNumber("+393290000017"), PhoneNumber("+393290000018")
FLOW = "proactive.fault_closure"


@pytest.fixture
async def settings(database_url: str, tmp_path: Path) -> Settings:
    found = Settings(home=tmp_path, database_url=database_url)
    async with Rooms.open(found, SystemClock()) as rooms:
        await rooms.flows.publish([path.read_text("utf-8") for path in flow_files()], by="test")
    return found


@asynccontextmanager
async def running_core(settings: Settings) -> AsyncIterator[ScriptedLines]:
    """A dial loop as the core has it, over a scripted network."""
    clock = SystemClock()
    async with Rooms.open(settings, clock) as rooms:

        async def talk(order: Order) -> None:
            placement = loop.placement(order.attempt_id)
            assert placement is not None
            assert placement.fields == {"fault_id": "f1"}
            loop.call_finished(order.attempt_id, "closed", goal=True)

        reactions: dict[str, Reaction] = {BERTA: BUSY}
        lines = ScriptedLines(clock, reactions, otherwise=Reaction(after=0.1), on_answer=talk)
        trunks = [Trunk("city", 10, 100.0)]
        async with DialLoop(rooms.db, lines, rooms.gate, clock, node="n", trunks=trunks, poll=0.05) as loop:
            yield lines


@pytest.mark.database
async def test_a_call_placed_by_hand_comes_back_with_its_outcome(settings: Settings) -> None:
    async with running_core(settings) as lines:
        answer, code = await _call(settings, ANNA, FLOW, ["fault_id=f1"], "none", 30.0, 20.0)
        assert code == 0
        assert (answer["outcome"], answer["goal"]) == ("closed", True)
        (attempt,) = answer["attempts"]
        assert attempt["answered"]
        answer, code = await _call(settings, BERTA, FLOW, ["fault_id=f1"], "none", 30.0, 20.0)
        assert (answer["outcome"], answer["attempts"][0]["sip_cause"]) == ("busy", "486 Busy Here")
        assert [order.number for order in lines.orders] == [ANNA, BERTA]


@pytest.mark.database
async def test_the_gate_is_asked_before_anything_is_queued(settings: Settings) -> None:
    async with Rooms.open(settings, SystemClock()) as rooms, rooms.db.write() as session:
        await forbid_calls(
            session, [ANNA], Suppression.ALL, source="test", at=datetime(2026, 3, 3, tzinfo=UTC)
        )
    answer, code = await _call(settings, ANNA, FLOW, [], "none", 30.0, 20.0)
    assert (code, answer["outcome"], answer["attempts"]) == (REFUSED, "do_not_call", [])
    for dialled, reason in (
        ("899123456", "premium_number"),
        ("112", "emergency_number"),
        ("x\n", "not_a_number"),
    ):
        number = read_number(dialled, "IT")
        answer, code = await _call(settings, number, FLOW, [], "none", 30.0, 0)
        assert (code, answer["outcome"]) == (REFUSED, reason)


@pytest.mark.database
async def test_without_a_core_the_call_is_taken_back_and_never_placed_later(settings: Settings) -> None:
    answer, code = await _call(settings, ANNA, FLOW, ["fault_id=f1"], "none", 30.0, 0.2)
    assert (code, answer["outcome"]) == (NOT_PLACED, "withdrawn")
    async with running_core(settings) as lines:
        answer, _ = await _call(settings, BERTA, FLOW, ["fault_id=f1"], "none", 30.0, 20.0)
        assert answer["outcome"] == "busy"  # a round that took the later of two has passed the earlier over
        assert [order.number for order in lines.orders] == [BERTA]


@pytest.mark.database
async def test_a_flow_that_is_not_in_force_is_named(settings: Settings) -> None:
    with pytest.raises(Exception, match=r"care\.nothing"):
        await _call(settings, ANNA, "care.nothing", [], "none", 30.0, 0)


@pytest.mark.database
async def test_may_call_answers_for_any_moment(settings: Settings) -> None:
    await _call(settings, ANNA, FLOW, [], "it", 30.0, 0)  # sets the campaign up
    campaign = f"by_hand.{FLOW}"
    night = read_time("2026-03-03T23:00", "", "--at")
    verdict = (await _ask(settings, BERTA, campaign, night, "", "")).verdict
    assert (verdict.allowed, verdict.retry_at) == (
        False,
        read_time("2026-03-04T08:00", "Europe/Rome", "--at"),
    )
    morning = read_time("2026-03-04T08:00+01:00", "", "--at")
    assert (await _ask(settings, BERTA, campaign, morning, "", "")).verdict.allowed


@pytest.mark.unit
def test_values_for_the_flow_are_read_by_their_type_and_wrong_ones_named() -> None:
    text = next(path for path in flow_files() if path.stem == "fault_closure").read_text("utf-8")
    flow = load_flow(text, file="fault_closure.yaml").flow
    assert read_fields(flow, ["fault_id=f1", "opened=2026-03-02", "language=it"]) == {
        "fault_id": "f1",
        "opened": datetime(2026, 3, 2, tzinfo=UTC).date(),
        "language": "it",
    }
    with pytest.raises(BadInputError, match="opened: 'yesterday' is no date"):
        read_fields(flow, ["opened=yesterday"])
    with pytest.raises(BadInputError, match="NAME=VALUE"):
        read_fields(flow, ["nonsense"])
    assert Money(7250) == _money("72.50")


def _money(text: str) -> object:
    from centralino.cli.call import _READERS

    return _READERS["money"](text)


@pytest.mark.unit
@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", ""])
def test_a_time_nobody_can_read_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match=f"--expires: {text!r} is no time"):
        read_time(text, "", "--expires")
    with pytest.raises(BadInputError, match="in 'Mars/Olympus' is no time"):
        read_time("2026-03-03T10:00", "Mars/Olympus", "--at")


@pytest.mark.unit
@pytest.mark.parametrize("text", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "9999-12-31T23:00-12:00"])
def test_a_time_at_the_ends_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="--until: write a time of the years 2000 to 2100"):
        read_time(text, "", "--until")
