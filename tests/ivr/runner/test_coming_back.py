"""A call leaves its session and comes back: by its state in memory, or by its trace after a crash."""

from typing import Any

import pytest

from ivr.runner import RunEnd, UnknownFlowError, UnknownStepError, resume
from ivr.testing import ScriptedConversation
from tests.ivr.calling import Call, call, flow_of
from values import Money

pytestmark = pytest.mark.unit

KEYS = {"back": "#", "repeat": "*"}
PARENT = flow_of(
    """
first: {do: room.look, next: main}
main:
  menu:
    greeting: {en: Main long.}
    short: {en: Main.}
    choices: {"1": identify, "2": talk}
    no_match: {tries: 3, says: [{en: No.}, {en: No again.}]}
identify: {run: try.sub, with: {given: "{name}"}, into: {found: who}, next: bye}
talk: {transfer: operator, next: after_talk}
after_talk: {say: {en: "Back, {name}."}, next: served}
bye: {say: {en: "Bye {who}, {owed}."}, next: served}
""",
    keys=KEYS,
    inputs={"name": {}, "account": {"private": True}},
)
SUB = flow_of(
    """
first: {set: {found: "{given}!"}, next: ask}
ask: {menu: {greeting: {en: Sub long.}, short: {en: Sub.}, choices: {"1": served}}}
""",
    flow="try.sub",
    keys=KEYS,
    inputs={"given": {}},
)


def begin(*script: str, **more: Any) -> Call:
    line = ScriptedConversation(script)
    return call(PARENT, flows=[SUB], line=line, variables={"name": "Anna", "account": "c17"}, language="en",
                answers={"room.look": {"owed": Money(7250)}}, **more)  # fmt: skip


def come_back(before: Call, *script: str, **more: Any) -> Call:
    return call(PARENT, *script, flows=[SUB], state=resume(before.trace.steps), **more)


def test_a_call_goes_on_where_it_stood_in_a_sub_flow() -> None:
    before = begin("1")
    assert before.walked[-1] == ("identify>ask", "hangup")
    after = come_back(before, "1")
    assert after.walked == [("identify>served", "done"), ("bye", "done"), ("served", "done")]
    assert after.trace.steps[0].path == "identify>ask"
    assert after.said == ["Sub.", "Bye Anna!, 72.50 EUR."]  # the long greeting has been heard already
    assert after.trace.steps[0].seq == before.trace.steps[-1].seq + 1


def test_a_call_comes_back_at_a_named_step() -> None:
    before = begin("2")  # in a talk now: for the session that is a hang-up
    state = before.result.state
    after = call(PARENT, flows=[SUB], state=state, at_step="after_talk")
    assert after.said == ["Back, Anna."]
    assert after.result.outcome == "served"
    folded = come_back(before, at_step="after_talk")
    assert folded.said == ["Back, Anna."]


def test_a_named_step_of_the_flow_around_ends_the_sub_flow() -> None:
    after = come_back(begin("1"), at_step="after_talk")
    assert after.trace.steps[0].path == "after_talk"
    later = resume([*begin("1").trace.steps, *after.trace.steps[:1]])
    assert (len(later.frames), later.path) == (1, "served")
    gone = come_back(begin("1"), at_step="after_talk", line=ScriptedConversation(hang_up_at=1))
    assert resume([*begin("1").trace.steps, *gone.trace.steps]).path == "after_talk"


def test_counts_of_failures_and_the_way_back_survive() -> None:
    before = begin("7", "8")
    after = come_back(before, "9")
    assert after.walked[-1] == ("gave_up", "done")  # the third failure, not the first
    way = come_back(begin("1"), "#", "2")
    assert [path for path, _ in way.walked][:2] == ["main", "talk"]


@pytest.mark.parametrize("script", [(), ("1",), ("7", "1"), ("*", "*"), ("2",), ("1", "#"), ("7", "", "8")])
def test_what_is_folded_is_what_was_in_memory(script: tuple[str, ...]) -> None:
    before = begin(*script)
    memory, folded = before.result.state, resume(before.trace.steps)
    assert folded.path == memory.path
    assert (folded.language, folded.slow, folded.seq, folded.last) == (
        memory.language, memory.slow, memory.seq, memory.last,
    )  # fmt: skip
    assert folded.edition == memory.edition
    for mine, theirs in zip(folded.frames, memory.frames, strict=True):
        assert (mine.prefix, mine.menus, mine.heard, mine.failures) == (
            theirs.prefix, theirs.menus, theirs.heard, theirs.failures,
        )  # fmt: skip
        public = {name: value for name, value in theirs.variables.items() if name not in theirs.private}
        assert mine.variables == public


def test_private_values_come_from_the_start_again() -> None:
    before = begin("1")
    assert "account" not in resume(before.trace.steps).frames[0].variables
    after = come_back(before, "1", variables={"account": "c17", "name": "somebody else"})
    assert after.result.state.frames[0].variables["account"] == "c17"
    assert after.said[-1] == "Bye Anna!, 72.50 EUR."


def test_slowness_and_language_survive() -> None:
    flow = flow_of(
        "first: {menu: {greeting: {it: Ciao., en: Hi.}, choices: {'1': served}}}", languages=["it", "en"]
    )
    before = call(flow, line=ScriptedConversation(), slow=True, language="en")
    after = call(flow, state=resume(before.trace.steps))
    assert after.said[0] == "Hi."
    assert after.line.waits[0][0] == 10.0


def test_a_trace_without_its_beginning_is_refused() -> None:
    with pytest.raises(ValueError, match="begin the flow anew"):
        resume(begin("1").trace.steps[1:])


def test_records_may_come_in_any_order() -> None:
    steps = begin("1").trace.steps
    assert resume(reversed(steps)).path == resume(steps).path


def test_places_that_do_not_exist_are_refused_before_anything_is_said() -> None:
    with pytest.raises(UnknownStepError, match="no step 'nowhere'"):
        begin(at_step="nowhere")
    line = ScriptedConversation()
    with pytest.raises(UnknownFlowError, match=r"no flow 'try.it'"):
        call(SUB, line=line, state=resume(begin("1").trace.steps))
    assert line.commands == 0


def test_an_ended_call_is_told_from_a_hang_up() -> None:
    assert begin("1").result.how is RunEnd.HANGUP
    assert begin("1", "1").result.how is RunEnd.DONE
