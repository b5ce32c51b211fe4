"""What would have become of a past call in a changed flow."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from calls import TraceStep
from ivr.language.model import Flow
from ivr.replay import ReplayReport, replay
from ivr.testing import ScriptedConversation
from tests.ivr.calling import call, flow_of
from values import Money, TransferEnd
from values.testing import EPOCH, VirtualClock, virtual_time

pytestmark = pytest.mark.unit

STEPS = """
first: {say: {en: Hello.}, barge_in: any, next: main}
main:
  menu:
    greeting: {en: Main.}
    choices: {"1": look, "2": pin, "3": talk, "4": number}
    no_input: {tries: 2, to: missed}
look: {do: room.balance, into: {owed: debt}, on_error: missed, on_timeout: gave_up, next: decide}
decide: {choose: [{when: debt > 50, to: much}], otherwise: served}
much: {say: {en: "{debt}"}, next: served}
pin: {ask: {prompt: {en: PIN.}, into: pin, digits: 4, private: true, must: [{matches: '4.*'}]}, next: served}
talk: {transfer: operator, busy: missed, next: served}
number: {ask: {prompt: {en: Number.}, into: number, digits: 2..6, must: [{action: room.right}]}, next: sub}
sub: {run: try.sub, next: served}
"""
FLOW = flow_of(STEPS)
SUB = flow_of("first: {menu: {greeting: {en: Sub.}, choices: {'1': served}}}", flow="try.sub")
DEBT = {"room.balance": {"owed": Money(7250)}}


def past(*script: str, flow: Flow = FLOW, stays: bool = True, **more: Any) -> list[TraceStep]:
    line = ScriptedConversation(script, patient=stays, transfers=more.pop("transfers", [TransferEnd.TALKED]))
    return call(flow, flows=[SUB], line=line, **more).trace.steps


def again(records: Sequence[TraceStep], steps: str = STEPS, **head: Any) -> ReplayReport:
    return virtual_time(replay(records, flow_of(steps, **head), [SUB], was=[FLOW, SUB]))


@pytest.mark.parametrize(
    ("script", "more"),
    [
        (("1",), {"answers": DEBT}),
        (("1",), {"answers": {"room.balance": RuntimeError("x")}}),
        (("", "1"), {"answers": DEBT}),
        (("2", "1111", "4242"), {}),
        (("3",), {"transfers": [TransferEnd.BUSY]}),
        (("4", "123", "1"), {}),
        ((), {}),
        (("4", "123"), {"stays": False}),
        (("1",), {"stays": False, "answers": DEBT}),
        (("9", "12", "1"), {"answers": DEBT}),
    ],
)
def test_in_the_same_flow_a_call_goes_the_same_way(script: tuple[str, ...], more: dict[str, Any]) -> None:
    records = past(*script, **more)
    report = again(records)
    assert report.same, "\n".join(report.lines())
    assert [(step.path, step.next_path) for step in report.past] == [
        (step.path, step.next_path) for step in records[1:]
    ]


def test_a_hang_up_while_listening_happens_again() -> None:
    line = ScriptedConversation(hang_up_at=3)
    records = call(FLOW, line=line).trace.steps
    assert records[-1].path == "first"
    assert again(records).same


def test_a_changed_condition_parts_the_ways() -> None:
    report = again(past("1", answers=DEBT), STEPS.replace("debt > 50", "debt > 100"))
    assert not report.same
    assert report.parted == 3
    assert report.lines() == [
        "  first (done)",
        "  main (key 1)",
        "  look (ok)",
        "- decide (done)",
        "- much (done)",
        "- served (done)",
        "+ decide (otherwise)",
        "+ served (done)",
        "then: served; now: served",
    ]


def test_keys_that_lead_elsewhere_now() -> None:
    report = again(past("1", answers=DEBT), STEPS.replace('"1": look', '"1": talk'))
    assert [str(step) for step in report.now] == ["first (done)", "main (key 1)", "talk (?)"]
    assert report.lines()[-2:] == [
        "nobody knows how a transfer to operator would go at talk",
        "then: served; now: open",
    ]


def test_a_new_menu_asks_what_nobody_knows() -> None:
    steps = (
        STEPS.replace("next: main}", "next: consent}")
        + """
consent: {menu: {greeting: {en: May we record.}, choices: {"1": main}}}
"""
    )
    report = again(past("1", answers=DEBT), steps)
    assert report.unknown == "what the caller would key at consent"
    assert not report.same


def test_private_digits_are_replaced_by_their_verdict() -> None:
    records = past("2", "1111", "4242")
    assert "4242" not in repr(records)
    stricter = STEPS.replace(
        "must: [{matches: '4.*'}]", "must: [{luhn: true}], no_match: {tries: 1, to: missed}"
    )
    report = again(records, stricter)
    assert [step.how for step in report.now] == ["done", "key", "refused", "done"]
    assert report.outcome_now == "missed"


def test_an_action_that_is_called_under_another_name_now_answers_as_then() -> None:
    steps = STEPS.replace("into: {owed: debt}", "into: {owed: balance}").replace("debt", "balance")
    assert again(past("1", answers=DEBT), steps).same


def test_an_action_that_was_not_done_then_is_told() -> None:
    steps = (
        STEPS.replace("next: decide}", "next: extra}")
        + """
extra: {do: room.extra, next: decide}
"""
    )
    report = again(past("1", answers=DEBT), steps)
    assert "not done then, taken to answer nothing: room.extra at extra" in report.lines()
    assert report.outcome_now == "served"


def test_opening_hours_are_those_of_the_past_call() -> None:
    steps = STEPS.replace("next: main}", "next: when}") + "when: {hours: desk, open: main, closed: missed}\n"
    hours = {"calendars": {"desk": {"open": {"mon": ["10:00-11:00"]}}}}
    assert again(past("3"), steps, **hours).outcome_now == "served"  # ten o'clock in Rome, then
    hours["calendars"]["desk"]["open"] = {"mon": ["11:00-12:00"]}
    assert again(past("3"), steps, **hours).outcome_now == "missed"


def test_time_goes_on_in_a_replay_as_it_did() -> None:
    steps = STEPS.replace('"3": talk', '"3": when') + "when: {hours: desk, open: talk, closed: missed}\n"
    hours = {"calendars": {"desk": {"open": {"mon": ["11:00-12:00"]}}}}
    clock = VirtualClock(EPOCH + timedelta(minutes=59, seconds=57))  # three seconds to eleven in Rome
    line = ScriptedConversation(["", "3"], clock=clock)
    records = call(flow_of(steps, **hours), line=line, clock=clock).trace.steps
    assert records[-1].path == "served", "after five seconds of silence it is open"
    assert again(records, steps, **hours).same


def test_a_trace_without_its_beginning_cannot_be_replayed() -> None:
    with pytest.raises(ValueError, match="cannot be replayed"):
        again(past("1")[1:])
