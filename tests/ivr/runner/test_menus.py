"""What callers hear and where their keys lead in menus."""

from collections.abc import Sequence
from typing import Any

import pytest

from ivr.language.model import Flow
from ivr.runner import RunEnd
from ivr.testing import ScriptedConversation
from tests.ivr.calling import call, flow_of
from values import Keyed, Sound
from values.testing import VirtualClock

pytestmark = pytest.mark.unit

MENU = """
first:
  menu:
    greeting: {en: Welcome. Bill 1. Fault 2.}
    short: {en: Bill 1. Fault 2.}
    choices:
      "1": {to: served, set: {reason: billing}}
      "2": second
    no_input:
      says: [{en: Nothing heard.}, {en: Still nothing.}]
      tries: 4
      to: missed
    no_match:
      says: [{en: No such choice.}]
      tries: 2
second:
  menu:
    greeting: {en: Second. Back with star.}
    choices: {"1": served, "3": first}
operator: {end: operator}
"""

KEYS = {"repeat": "*", "back": "#", "operator": "0", "top": "9"}


def menu(**head: object) -> Flow:
    return flow_of(MENU, **{"keys": KEYS, "operator": "operator", **head})


def test_a_key_leads_on_and_keeps_its_values() -> None:
    heard = call(menu(), "1")
    assert heard.said == ["Welcome. Bill 1. Fault 2."]
    assert heard.result.outcome == "served"
    assert heard.result.variables["reason"] == "billing"
    assert heard.walked == [("first", "key"), ("served", "done")]
    assert heard.trace.steps[1].keys == "1"
    assert heard.trace.steps[1].values == {"reason": "billing"}


def test_silence_is_answered_by_attempt_and_leads_out_by_its_own_way() -> None:
    heard = call(menu())
    assert heard.said == [
        "Welcome. Bill 1. Fault 2.",
        "Nothing heard.", "Bill 1. Fault 2.",
        "Still nothing.", "Bill 1. Fault 2.",
        "Still nothing.", "Bill 1. Fault 2.",
    ]  # fmt: skip
    assert heard.result.outcome == "missed"
    assert heard.seconds == 4 * 5.0
    assert [how for _, how in heard.walked] == ["no_input"] * 4 + ["done"]


def test_wrong_keys_are_counted_apart_from_silence() -> None:
    heard = call(menu(), "7", "", "", "5")
    assert [how for _, how in heard.walked] == ["no_match", "no_input", "no_input", "no_match", "done"]
    assert heard.result.outcome == "gave_up"
    assert heard.said[1:3] == ["No such choice.", "Bill 1. Fault 2."]


def test_success_starts_the_counting_anew() -> None:
    heard = call(menu(), "7", "2", "3", "7", "1")
    assert heard.result.outcome == "served"


def test_giving_up_starts_the_counting_anew_too() -> None:
    flow = flow_of(
        """
first: {menu: {greeting: {en: One.}, choices: {"1": served}, no_match: {tries: 2, to: second}}}
second: {menu: {greeting: {en: Two.}, choices: {"1": first}}}
"""
    )
    heard = call(flow, "9", "9", "1", "9", "1")
    assert [path for path, _ in heard.walked] == ["first", "first", "second", "first", "first", "served"]


def test_the_long_greeting_is_heard_once_and_on_the_first_repeat() -> None:
    heard = call(menu(), "*", "*", "2", "3", "1")
    long, short = "Welcome. Bill 1. Fault 2.", "Bill 1. Fault 2."
    assert heard.said == [long, long, short, "Second. Back with star.", short]


def test_repeating_costs_no_try() -> None:
    heard = call(menu(), "*", "*", "*", "7", "*", "*", "1")
    assert heard.result.outcome == "served"


def test_back_returns_to_the_menu_before_and_no_further() -> None:
    heard = call(menu(), "2", "#", "#", "1")
    assert [path for path, _ in heard.walked] == ["first", "second", "first", "first", "served"]
    assert heard.walked[1:3] == [("second", "back"), ("first", "back")]


def test_top_returns_to_the_first_menu() -> None:
    heard = call(menu(), "2", "9", "1")
    assert heard.walked[1:] == [("second", "top"), ("first", "key"), ("served", "done")]


def test_the_operator_key_leads_to_the_operator() -> None:
    heard = call(menu(), "2", "0")
    assert heard.result.outcome == "operator"


def test_a_choice_wins_over_a_global_key() -> None:
    flow = menu(keys={"operator": "2"})
    assert call(flow, "2", "1").walked[1][0] == "second"


def test_a_menu_may_do_without_global_keys() -> None:
    flow = flow_of(
        """
first: {menu: {greeting: {en: Hello.}, choices: {"1": served}, global_keys: false}}
""",
        keys={"repeat": "*"},
    )
    assert call(flow, "*", "1").walked[0] == ("first", "no_match")


LONG_KEYS = """
first:
  menu:
    greeting: {en: Keys.}
    choices: {"1": served, "10": missed, "20": missed}
    between_digits: 3s
"""


@pytest.mark.parametrize(
    ("keyed", "outcome", "seconds", "listenings"),
    [
        ("1", "served", 3.0, 2),  # could become 10: the line waits for another digit
        ("1#", "served", 0.0, 2),  # the caller says that it is all
        ("10", "missed", 0.0, 2),
        ("20", "missed", 0.0, 2),
        ("3", "missed", 0.0, 1),  # nothing begins with 3: known at once
    ],
)
def test_the_line_waits_for_more_only_where_more_could_follow(
    keyed: str, outcome: str, seconds: float, listenings: int
) -> None:
    line = ScriptedConversation([keyed, "10"], clock=VirtualClock())
    heard = call(flow_of(LONG_KEYS), line=line)
    assert heard.result.outcome == outcome
    assert heard.seconds == seconds
    first = [how for path, how in heard.walked if path == "first"]
    assert first == (["no_match", "key"] if keyed == "3" else ["key"])
    assert len(line.waits) == listenings + (2 if keyed == "3" else 0)


def test_keys_that_interrupt_and_times_reach_the_line() -> None:
    flow = flow_of(
        """
first:
  menu:
    greeting: {en: Hello.}
    choices: {"1": served, "2": missed}
    first_digit: 7s
    between_digits: 1s
    barge_in: "1"
"""
    )
    seen: list[dict[str, object]] = []

    class Listening(ScriptedConversation):
        async def collect(self, sounds: Sequence[Sound], **how: Any) -> Keyed:
            seen.append(how)
            return await super().collect(sounds, **how)

    call(flow, line=Listening(["1"]))
    assert seen[0] == {
        "max_digits": 1,
        "first_digit": 7.0,
        "between_digits": 1.0,
        "terminator": "#",
        "barge_in": "1",
        "private": False,
    }


def test_slow_customers_get_twice_the_time_and_a_slow_voice() -> None:
    class Pace:
        slow: bool | None = None

        async def sounds(self, prompt: Any, values: Any, **how: Any) -> list[Sound]:
            self.slow = how["slow"]
            return []

    voice = Pace()
    heard = call(menu(), voice=voice, slow=True)
    assert voice.slow
    assert heard.line.waits[0] == (10.0, 4.0)


def test_keys_pressed_ahead_are_used_at_the_next_menu() -> None:
    heard = call(menu(), "21")
    assert heard.result.outcome == "served"
    assert heard.said == ["Welcome. Bill 1. Fault 2."]


def test_flushing_forgets_keys_pressed_ahead() -> None:
    flow = flow_of(
        """
first: {menu: {greeting: {en: One.}, choices: {"1": second}}}
second: {menu: {greeting: {en: Two.}, choices: {"1": served}, type_ahead: flush}}
"""
    )
    heard = call(flow, "11")
    assert ("second", "no_input") in heard.walked
    assert "Two." in heard.said


def test_a_key_that_interrupts_a_prompt_counts_for_the_menu_after_it() -> None:
    flow = flow_of(
        """
first: {menu: {greeting: {en: One.}, choices: {"1": hello}}}
hello: {say: {en: Hello.}, barge_in: any, next: second}
second: {menu: {greeting: {en: Two.}, choices: {"5": served}}}
"""
    )
    heard = call(flow, "15")
    assert heard.walked == [("first", "key"), ("hello", "key"), ("second", "key"), ("served", "done")]
    assert heard.said == ["One.", "Hello."]
    assert [step.keys for step in heard.trace.steps[1:]] == ["1", "", "5", ""]


def test_a_flow_that_goes_round_by_itself_is_stopped() -> None:
    flow = flow_of("first: {say: {en: Again.}, next: first}")
    heard = call(flow)
    assert heard.result.how is RunEnd.LOOP
    assert heard.result.outcome == ""
    assert len(heard.said) == 101
