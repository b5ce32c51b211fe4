"""Actions: what they get, what they give, how long they may take, and what the caller hears meanwhile."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from ivr.language.model import Flow, Input
from ivr.runner import RunEnd
from ivr.testing import SampleActions, ScriptedConversation
from tests.ivr.calling import Call, call, flow_of
from values import Money, Scalar, Sound

pytestmark = pytest.mark.unit


def do(more: str = "") -> Flow:
    return flow_of(
        f"""
first:
  do: room.look
  with: {{who: "{{customer}}", text: "I am {{customer}}", fixed: 7}}
  into: {{owed: debt}}
  deadline: 3s
  {more}
  next: served
late: {{end: late}}
broken: {{end: broken}}
"""
    )


def with_action(flow: Flow, function: Any, **more: Any) -> Call:
    actions = SampleActions([flow])
    actions.register("room.look", function)
    return call(flow, actions=actions, variables={"customer": Money(100)}, **more)


def test_fields_keep_their_types_and_results_their_names() -> None:
    answer: Mapping[str, Scalar] = {"owed": Money(7250), "due": date(2026, 12, 1)}
    heard = call(do(), variables={"customer": Money(100)}, answers={"room.look": answer})
    assert heard.actions.asked == [("room.look", {"who": Money(100), "text": "I am 1.00 EUR", "fixed": 7})]
    assert heard.trace.steps[1].values == {"debt": Money(7250), "due": date(2026, 12, 1), "ok": True}
    assert heard.walked == [("first", "ok"), ("served", "done")]


def test_an_action_is_told_about_the_call() -> None:
    seen: list[Any] = []

    async def look(ctx: Any, **fields: Scalar) -> Mapping[str, Scalar]:
        seen.append(ctx)
        return {}

    with_action(do(), look, caller="+393290000017", language="en")
    assert (seen[0].call_id, seen[0].caller, seen[0].language) == ("c1", "+393290000017", "en")
    assert seen[0].variables["customer"] == Money(100)


def test_an_action_gets_private_values_only_as_its_fields() -> None:
    seen: list[Any] = []

    async def look(ctx: Any, **fields: Scalar) -> Mapping[str, Scalar]:
        seen.append((dict(ctx.variables), fields["who"]))
        return {}

    flow = do().model_copy(update={"inputs": {"customer": Input(private=True)}})
    with_action(flow, look)
    assert "customer" not in seen[0][0]
    assert seen[0][1] == Money(100)


async def slow_look(ctx: Any, **fields: Scalar) -> Mapping[str, Scalar]:
    await asyncio.sleep(2.5)
    return {"owed": 1}


async def endless_look(ctx: Any, **fields: Scalar) -> Mapping[str, Scalar]:
    await asyncio.sleep(1000)
    return {}


def test_past_the_deadline_the_caller_is_led_on() -> None:
    heard = with_action(do("on_timeout: late"), endless_look)
    assert heard.walked == [("first", "timeout"), ("late", "done")]
    assert heard.seconds == 3.0
    assert with_action(do("on_error: broken"), endless_look).result.outcome == "broken"
    assert with_action(do(), endless_look).result.outcome == "gave_up"


class Slow(ScriptedConversation):
    """A line whose prompts last two seconds."""

    async def play(self, sounds: Sequence[Sound], *, keys: str = "") -> str:
        await asyncio.sleep(2)
        return await super().play(sounds, keys=keys)


FILLER = "filler: {en: One moment.}"


def test_after_a_second_of_silence_the_caller_hears_a_filler_and_the_action_goes_on() -> None:
    heard = with_action(do(FILLER), slow_look, line=Slow())
    assert heard.said == ["One moment."]
    assert heard.result.outcome == "served"
    assert heard.seconds == 3.0  # the filler ends half a second after the action
    assert heard.trace.steps[1].values == {"debt": 1}


def test_a_filler_is_not_said_when_it_is_quick() -> None:
    assert call(do(FILLER)).said == []


def test_a_filler_does_not_stretch_the_deadline() -> None:
    heard = with_action(do(FILLER), endless_look, line=Slow())
    assert heard.walked[0] == ("first", "timeout")
    assert heard.seconds == 3.0


def test_a_caller_who_hangs_up_during_the_filler_does_not_undo_the_action() -> None:
    heard = with_action(do(FILLER), slow_look, line=ScriptedConversation(hang_up_at=3))
    assert heard.result.how is RunEnd.HANGUP
    assert heard.walked == [("first", "hangup")]
    assert heard.trace.steps[1].values == {"debt": 1}


@pytest.mark.parametrize("error", [RuntimeError("no database"), KeyError("x"), TimeoutError("its own")])
def test_an_action_that_fails_in_any_way_leads_to_on_error(error: Exception) -> None:
    heard = call(do("on_error: broken"), answers={"room.look": error})
    assert heard.result.outcome == "broken"


def test_a_result_that_no_flow_can_hold_is_a_failure() -> None:
    heard = call(do("on_error: broken"), answers={"room.look": {"owed": ["a", "list"]}})
    assert heard.walked[0] == ("first", "error")
    assert heard.trace.steps[1].values == {}


def test_an_action_nobody_registered_is_a_failure_too() -> None:
    heard = call(do("on_error: broken"), actions=SampleActions([]))
    assert heard.walked[0] == ("first", "error")


def test_an_action_may_mark_the_caller_slow() -> None:
    flow = flow_of(
        """
first: {do: room.look, next: menu}
menu: {menu: {greeting: {en: Hello.}, choices: {"1": served}}}
"""
    )
    heard = call(flow, answers={"room.look": {"slow": True}})
    assert heard.line.waits[0][0] == 10.0
