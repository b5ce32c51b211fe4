"""Questions: how many digits, which pass, why not, is that right, and whose business they are."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from ivr.language.model import Flow
from ivr.runner import RunEnd
from ivr.testing import ScriptedConversation
from tests.ivr.calling import call, flow_of
from values import Keyed, Sound
from values.testing import VirtualClock

pytestmark = pytest.mark.unit

_PROMPT = Sound("PIN.")


def ask(more: str = "", **head: Any) -> Flow:
    return flow_of(
        f"""
first:
  ask:
    prompt: {{en: Your number.}}
    again: {{en: Again.}}
    into: answer
    digits: 2..6
    no_input: {{says: [{{en: Silence.}}], tries: 2, to: missed}}
    no_match: {{says: [{{en: Not fitting.}}], tries: 3}}
    {more}
  next: served
operator: {{end: operator}}
""",
        **head,
    )


def test_the_terminator_ends_an_answer() -> None:
    heard = call(ask(), "1234#")
    assert heard.result.variables["answer"] == "1234"
    assert heard.seconds == 0
    assert heard.trace.steps[1].keys == "1234"
    assert heard.trace.steps[1].values == {"answer": "1234"}


def test_without_it_the_line_waits_between_digits() -> None:
    heard = call(ask(), "1234")
    assert heard.result.variables["answer"] == "1234"
    assert heard.seconds == 2.0


def test_the_longest_answer_needs_no_waiting() -> None:
    assert call(ask(), "123456").seconds == 0


def test_too_few_digits_and_the_prompts_after_failures() -> None:
    heard = call(ask(), "1#", "", "12#")
    assert heard.said == ["Your number.", "Not fitting.", "Again.", "Silence.", "Again."]
    assert [how for _, how in heard.walked] == ["no_match", "no_input", "done", "done"]


def test_stars_are_no_digits() -> None:
    assert call(ask(), "1*3#").walked[0][1] == "no_match"


@pytest.mark.parametrize(
    ("check", "keyed", "kept"),
    [
        ("matches: '1[0-9]+'", "123#", "123"),
        ("matches: '1[0-9]'", "123#", None),  # from end to end
        ("between: [10, 300]", "0300#", "0300"),
        ("between: [10, 300]", "301#", None),
        ("luhn: true", "18#", "18"),
        ("luhn: true", "19#", None),
        ("date: '%d%m%y'", "020326", date(2026, 3, 2)),
        ("date: '%d%m%y'", "310226", None),
        ("date: '%d%m%Y'", "112026", None),  # not the first of January 2026
    ],
)
def test_what_an_answer_must_be(check: str, keyed: str, kept: object) -> None:
    heard = call(ask(f"must: [{{{check}, else: {{en: Not so.}}}}]"), keyed)
    if kept is None:
        assert "answer" not in heard.result.variables
        assert heard.said[:3] == ["Your number.", "Not so.", "Again."]
    else:
        assert heard.result.variables["answer"] == kept


def test_a_telephone_number_is_kept_as_the_world_dials_it() -> None:
    flow = ask("must: [{number: IT}]").model_dump(by_alias=True, exclude_none=True)
    flow["steps"]["first"]["ask"]["digits"] = (6, 15)
    heard = call(Flow.model_validate(flow), "3290000017#")
    assert heard.result.variables["answer"] == "+393290000017"


def test_checks_go_in_turn_and_each_has_its_reason() -> None:
    flow = ask("must: [{between: [10, 99], else: {en: Range.}}, {matches: '[0-9]5', else: {en: Five.}}]")
    heard = call(flow, "100#", "16#", "15#")
    assert [text for text in heard.said if text in ("Range.", "Five.")] == ["Range.", "Five."]
    assert heard.result.variables["answer"] == "15"


def test_a_reason_is_said_once() -> None:
    heard = call(ask("must: [{between: [10, 99], else: {en: Range.}}]"), "100#", "", "15#")
    assert heard.said == ["Your number.", "Range.", "Again.", "Silence.", "Again."]


def test_an_action_can_be_the_judge() -> None:
    flow = ask("must: [{action: room.accept, with: {who: '{caller}'}, else: {en: Unknown.}}]")
    heard = call(flow, "12#", answers={"room.accept": {"ok": True}}, variables={"caller": "+39"})
    assert heard.result.variables["answer"] == "12"
    assert heard.actions.asked == [("room.accept", {"who": "+39", "value": "12"})]
    refused = call(flow, "12#", answers={"room.accept": {"ok": False}})
    assert refused.said[1] == "Unknown."


def test_a_judge_who_fails_is_not_the_callers_fault() -> None:
    heard = call(ask("must: [{action: room.accept}]"), "12#", answers={"room.accept": RuntimeError("away")})
    assert heard.walked == [("first", "error"), ("gave_up", "done")]


def test_an_answer_is_read_back_and_can_be_corrected() -> None:
    heard = call(ask("confirm: {en: '{answer:digits}, right?'}"), "12#", "2", "34#", "9", "1")
    assert "1 2, right?" in heard.said
    assert heard.said.count("3 4, right?") == 2
    assert heard.result.variables["answer"] == "34"
    assert [(step.how, step.keys) for step in heard.trace.steps[1:3]] == [
        ("again", "12 2"),
        ("done", "34 9 1"),
    ]


def test_an_answer_never_confirmed_is_not_kept() -> None:
    heard = call(ask("confirm: {en: Right.}"), "12#")
    assert heard.result.outcome == "missed"
    assert "answer" not in heard.result.variables
    assert heard.trace.steps[1].keys == "12 - -"


KEYS = {"repeat": "*", "operator": "0", "back": "#"}


def test_global_keys_work_in_questions() -> None:
    assert call(ask(keys=KEYS), "*", "12#").said == ["Your number.", "Your number."]
    assert call(ask(keys=KEYS, operator="operator"), "0#").result.outcome == "operator"
    # the key that ends an answer keeps its other meaning where it is pressed alone
    assert call(ask(keys=KEYS), "#", "12#").walked[0] == ("first", "back")
    # and inside an answer the operator's key is a digit
    assert call(ask(keys=KEYS, operator="operator"), "102#").result.variables["answer"] == "102"


def test_a_star_works_at_once() -> None:
    heard = call(ask(keys=KEYS), "*", "12#")
    assert heard.seconds == 0


def test_private_digits_are_nobodys_business(capfd: pytest.CaptureFixture[str]) -> None:
    spoken: list[dict[str, object]] = []

    class Nosy:
        async def sounds(self, prompt: Any, values: Any, **how: Any) -> list[Sound]:
            spoken.append(dict(values))
            return []

    seen: list[bool] = []

    class Line(ScriptedConversation):
        async def collect(self, sounds: Sequence[Sound], *, private: bool = False, **how: Any) -> Keyed:
            seen.append(private)
            return await super().collect([*sounds, _PROMPT], private=private, **how)

    flow = flow_of(
        """
first:
  ask:
    prompt: {en: PIN.}
    into: pin
    digits: 4
    private: true
    must: [{matches: '4.*'}]
    confirm: {en: "{pin}, right."}
  next: copy
copy: {set: {other: "{pin}", text: "is {pin}"}, next: mark}
mark: {mark: {secret: "{pin}", sort: pin}, next: use}
use: {do: room.use, with: {pin: "{pin}"}, on_error: sub, next: sub}
sub: {run: try.sub, with: {code: "{pin}"}, into: {code: back}, next: say}
say: {say: {en: "{pin} {other} {back}"}, next: served}
"""
    )
    sub = flow_of("first: {say: {en: '{code}'}, next: served}", flow="try.sub", inputs={"code": {}})
    line = Line(["1111", "4242", "4", "1"], clock=VirtualClock())
    failing = {"room.use": RuntimeError("4242 is wrong")}
    heard = call(flow, flows=[sub], line=line, voice=Nosy(), answers=failing)
    assert heard.actions.asked == [("room.use", {"pin": "4242"})]
    assert all(seen)
    assert [(step.how, step.keys) for step in heard.trace.steps[1:3]] == [
        ("refused", "••••"),
        ("passed", "•••• • 1"),
    ]
    assert heard.line.marks == {"sort": "pin"}
    everything = repr((heard.trace.steps, spoken, heard.result.variables, *capfd.readouterr()))
    assert "flow.action_failed" in everything
    assert "4242" not in everything
    assert heard.walked[-1] == ("served", "done")
    assert "1111" not in everything


def test_a_copy_of_a_private_value_stays_private_in_a_sub_flow() -> None:
    flow = flow_of(
        """
first: {ask: {prompt: {en: PIN.}, into: pin, digits: 4, private: true}, next: sub}
sub: {run: try.sub, with: {code: "{pin}"}, into: {code: back}, next: served}
"""
    )
    sub = flow_of(
        "first: {do: room.use, with: {code: '{code}'}, next: served}", flow="try.sub", inputs={"code": {}}
    )
    heard = call(flow, "4242", flows=[sub])
    assert heard.actions.asked == [("room.use", {"code": "4242"})]
    assert "4242" not in repr((heard.trace.steps, heard.result.variables))
    assert heard.result.state.frames[0].variables["back"] == "4242"


def test_a_hang_up_while_answering_is_written() -> None:
    heard = call(ask(), line=ScriptedConversation())
    assert heard.result.how is RunEnd.HANGUP
    assert heard.walked == [("first", "hangup")]
