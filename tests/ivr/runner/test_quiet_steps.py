"""Everything a flow does without asking: choosing, setting, languages, hours, sub-flows, people, the end."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ivr.runner import RunEnd, resume
from ivr.testing import ScriptedConversation
from tests.ivr.calling import call, flow_of
from values import TransferEnd
from values.testing import VirtualClock

pytestmark = pytest.mark.unit


def test_the_first_condition_that_holds_decides() -> None:
    flow = flow_of(
        """
first:
  choose:
    - {when: lines > 5, to: missed}
    - {when: lines > 1, to: served}
  otherwise: gave_up
"""
    )
    assert call(flow, variables={"lines": 9}).result.outcome == "missed"
    assert call(flow, variables={"lines": 2}).result.outcome == "served"
    assert call(flow).result.outcome == "gave_up"


def test_set_works_all_values_out_before_any_is_kept() -> None:
    flow = flow_of("first: {set: {a: '{b}', b: '{a}', c: 'both {a} {b}', d: true}, next: served}")
    heard = call(flow, variables={"a": 1, "b": "two"})
    kept = {name: heard.result.variables[name] for name in "abcd"}
    assert kept == {"a": "two", "b": 1, "c": "both 1 two", "d": True}


LANGUAGES = """
first: {say: {it: Buongiorno., en: Hello.}, next: change}
change: {language: "{wanted}", next: again}
again: {say: {it: Arrivederci., en: Goodbye.}, next: served}
"""


def test_the_caller_is_spoken_to_in_their_language() -> None:
    flow = flow_of(LANGUAGES, languages=["it", "en"])
    heard = call(flow, language="en", variables={"wanted": "it"})
    assert heard.said == ["Hello.", "Arrivederci."]
    assert heard.line.languages == ["en", "it"]


def test_a_language_the_flow_lacks_falls_back_to_its_first() -> None:
    flow = flow_of(LANGUAGES, languages=["it", "en"])
    heard = call(flow, language="ru", variables={"wanted": "fr"})
    assert heard.said == ["Buongiorno.", "Arrivederci."]
    assert ("change", "fallback") in heard.walked


def test_a_menu_is_greeted_at_length_again_in_the_new_language() -> None:
    flow = flow_of(
        """
first:
  menu:
    greeting: {it: Lungo., en: Long.}
    short: {it: Breve., en: Short.}
    choices: {"1": change, "2": served}
change: {language: en, next: first}
""",
        languages=["it", "en"],
    )
    assert call(flow, "1", "1", "2").said == ["Lungo.", "Long.", "Short."]
    left = call(flow, line=ScriptedConversation(["1"]))
    assert left.said == ["Lungo.", "Long."]
    back = call(flow, "1", "2", state=resume(left.trace.steps))
    assert back.said == ["Short.", "Short."]


HOURS = """
first: {hours: desk, open: served, closed: missed}
"""


def hours(day: str, windows: list[str], **more: Any) -> dict[str, Any]:
    return {"calendars": {"desk": {"open": {day: windows}, **more}}}


@pytest.mark.parametrize(
    ("instant", "is_open"),
    [
        ("2026-03-02T06:59:59", False),  # Monday, Rome is at UTC+1
        ("2026-03-02T07:00:00", True),
        ("2026-03-02T11:59:59", True),
        ("2026-03-02T12:00:00", False),  # half-open: thirteen o'clock is closed
        ("2026-03-03T08:00:00", False),  # no hours on Tuesday
        ("2026-03-30T06:00:00", True),  # summer time since Sunday: 08:00 in Rome
        ("2026-03-30T05:59:59", False),
        ("2026-04-06T09:00:00", False),  # Easter Monday
    ],
)
def test_opening_hours_follow_the_wall_clock_and_the_holidays(instant: str, is_open: bool) -> None:
    flow = flow_of(HOURS, **hours("mon", ["08:00-13:00"], holidays="IT"))
    clock = VirtualClock(datetime.fromisoformat(instant).replace(tzinfo=UTC))
    assert call(flow, clock=clock).result.outcome == ("served" if is_open else "missed")


@pytest.mark.parametrize(
    ("instant", "is_open"),
    [
        ("2026-03-02T22:59", True),
        ("2026-03-03T00:59", True),
        ("2026-03-03T01:00", False),
        ("2026-03-02T00:30", False),
    ],
)
def test_hours_may_run_past_midnight(instant: str, is_open: bool) -> None:
    flow = flow_of(HOURS, **hours("mon", ["22:00-02:00"]))
    clock = VirtualClock(datetime.fromisoformat(instant).replace(tzinfo=UTC))
    assert call(flow, clock=clock).result.outcome == ("served" if is_open else "missed")


SUB = """
first: {menu: {greeting: {en: Sub.}, choices: {"1": got}}}
got: {set: {found: "{given}!"}, next: served}
"""
PARENT = """
first: {menu: {greeting: {en: Main.}, choices: {"1": identify}}}
identify: {run: try.sub, with: {given: "{name}"}, into: {found: who, outcome: ended}, next: talk}
talk: {say: {en: "{who}, {ended}"}, next: served}
operator: {end: operator}
"""
KEYS = {"back": "#", "top": "9", "operator": "0"}


def parent_and_sub() -> tuple[Any, Any]:
    parent = flow_of(PARENT, keys=KEYS, operator="operator")
    return parent, flow_of(SUB, flow="try.sub", keys=KEYS, inputs={"given": {}})


def test_a_sub_flow_has_its_own_values_and_brings_some_back() -> None:
    parent, sub = parent_and_sub()
    heard = call(parent, "1", "1", flows=[sub], variables={"name": "Anna"})
    assert heard.said == ["Main.", "Sub.", "Anna!, served"]
    assert [(step.path, step.how, step.next_path) for step in heard.trace.steps[1:]] == [
        ("first", "key", "identify"),
        ("identify", "run", "identify>first"),
        ("identify>first", "key", "identify>got"),
        ("identify>got", "done", "identify>served"),
        ("identify>served", "done", "talk"),
        ("talk", "done", "served"),
        ("served", "done", ""),
    ]
    assert [step.flow for step in heard.trace.steps[1:4]] == ["try.it", "try.it", "try.sub"]
    assert "found" not in heard.result.variables


def test_a_sub_flow_speaks_the_language_of_the_call() -> None:
    parent = flow_of(
        """
first: {language: en, next: sub}
sub: {run: try.sub, next: last}
last: {say: {it: Fine., en: End.}, next: served}
""",
        languages=["it", "en"],
    )
    sub = flow_of("first: {say: {it: Ciao., en: Hi.}, next: change}\nchange: {language: it, next: served}",
                  flow="try.sub", languages=["it", "en"])  # fmt: skip
    assert call(parent, flows=[sub]).said == ["Hi.", "Fine."]


@pytest.mark.parametrize(("key", "path"), [("#", "first"), ("9", "first"), ("0", "operator")])
def test_global_keys_lead_out_of_a_sub_flow(key: str, path: str) -> None:
    parent, sub = parent_and_sub()
    heard = call(parent, "1", key, "1", "1", flows=[sub], variables={"name": "Anna"})
    assert heard.trace.steps[3].path == "identify>first"
    assert heard.trace.steps[3].next_path == path
    assert heard.result.how is RunEnd.DONE


@pytest.mark.parametrize(
    ("end", "outcome"),
    [
        (TransferEnd.TALKED, "served"),
        (TransferEnd.BUSY, "missed"),
        (TransferEnd.NO_ANSWER, "served"),
        (TransferEnd.FAILED, "gave_up"),
    ],
)
def test_a_transfer_goes_on_by_how_it_went(end: TransferEnd, outcome: str) -> None:
    flow = flow_of("first: {transfer: operator, busy: missed, failed: gave_up, next: served}")
    heard = call(flow, line=ScriptedConversation(transfers=[end]))
    assert heard.walked[0] == ("first", end.value)
    assert heard.result.outcome == outcome


RECORD = """
first: {record: {prompt: {en: Speak.}, into: voice, review: {en: "Keep 1, again 2."}}, next: served}
"""


def test_a_recording_is_reviewed_and_made_again() -> None:
    heard = call(flow_of(RECORD), "2", "1")
    assert [how for _, how in heard.walked] == ["again", "done", "done"]
    assert heard.result.variables["voice"] == "c1-2-first.wav"
    assert [sound.path for sound in heard.line.heard if sound.path] == ["c1-1-first", "c1-2-first"]


def test_a_recording_is_kept_when_nobody_says_otherwise() -> None:
    heard = call(flow_of(RECORD))
    assert heard.result.outcome == "served"
    assert heard.trace.steps[1].keys == "- - -"


def test_marks_are_written_on_the_line() -> None:
    heard = call(flow_of("first: {mark: {reason: '{why}', n: 3}, next: served}"), variables={"why": "bill"})
    assert heard.line.marks == {"reason": "bill", "n": "3"}


def test_an_outcome_counts_even_if_the_last_words_are_not_heard() -> None:
    flow = flow_of("first: {end: fixed, goal: true, say: {en: Goodbye.}}")
    heard = call(flow, line=ScriptedConversation(hang_up_at=3))
    assert (heard.result.how, heard.result.outcome, heard.result.goal) == (RunEnd.HANGUP, "fixed", True)
    assert heard.walked == [("first", "hangup")]


TOLD = """
first: {say: {en: The news.}, next: told}
told: {set: {reached: heard}, next: again}
again:
  menu:
    greeting: {en: To hear it again press 1.}
    choices: {"1": first}
    no_input: {tries: 1, to: heard}
heard: {end: understood, goal: true}
"""


@pytest.mark.parametrize(("hangs_up", "outcome"), [(3, ("", False)), (4, ("understood", True))])
def test_what_has_been_told_counts_although_the_caller_hangs_up(
    hangs_up: int, outcome: tuple[str, bool]
) -> None:
    heard = call(flow_of(TOLD), line=ScriptedConversation(hang_up_at=hangs_up))
    assert heard.result.how is RunEnd.HANGUP
    assert (heard.result.outcome, heard.result.goal) == outcome


def test_a_voice_that_fails_leaves_the_call_to_somebody_else() -> None:
    class Mute:
        async def sounds(self, *_: Any, **__: Any) -> Any:
            raise OSError("disk full")

    heard = call(flow_of("first: {say: {en: Hello.}, next: served}"), voice=Mute())
    assert heard.result.how is RunEnd.ERROR
    assert heard.walked == [("first", "error")]
