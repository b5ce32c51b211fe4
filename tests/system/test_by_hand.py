"""`centralino call` and `may-call`, as a person types them beside a running telco."""

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest

from customers.seed import number_of
from ivr.speech.testing import tone_of
from tests.rig import CODE
from tests.sip import Call, SipPhone, refuses
from tests.system.telco import Telco

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(180)]

FLOW = "proactive.fault_closure"
SORRY = "We are sorry to have troubled you. Goodbye."


async def centralino(telco: Telco, *words: str) -> tuple[int, str, str]:
    """Run the command: its status, what it printed, what it complained about."""

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603  (our own words)
            [sys.executable, "-m", "centralino", *words],
            cwd=CODE, env=telco.environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    done = await asyncio.to_thread(run)
    return done.returncode, done.stdout, done.stderr


async def placed(telco: Telco, *words: str) -> tuple[int, dict[str, Any]]:
    status, out, problem = await centralino(telco, "call", *words)
    assert out, problem
    return status, json.loads(out)


async def test_a_call_by_hand_goes_through_its_flow_and_tells_its_outcome(
    telco: Telco, carrier: SipPhone
) -> None:
    async def behave(call: Call) -> None:
        assert call.caller == "+390650000611"
        await call.answer()
        await call.hears(lasts=0.3, within=20)
        await call.press("2")
        await call.hears(tone_of(SORRY), within=20)

    carrier.on_call = behave
    given = ("--with", "customer_name=Анна Росси", "--with", "language=en", "--with", "opened=2026-03-02")
    status, told = await placed(telco, number_of(61), "--flow", FLOW, "--wait", *given)
    assert (status, told["state"], told["outcome"], told["goal"]) == (0, "done", "wrong_party", False)
    (attempt,) = told["attempts"]
    assert attempt["placed"] <= attempt["answered"] <= attempt["over"]
    story = await telco.ended_call(number=number_of(61))
    assert story["call_id"] == attempt["id"]


async def test_a_busy_number_is_told_and_not_tried_again(telco: Telco, carrier: SipPhone) -> None:
    carrier.on_call = refuses(486)
    status, told = await placed(telco, number_of(62), "--flow", FLOW, "--wait")
    assert (status, told["outcome"]) == (0, "busy")
    assert [(one["cause"], one["sip_cause"]) for one in told["attempts"]] == [(17, "486")]


@pytest.mark.parametrize(
    ("number", "reason"),
    [("112", "emergency_number"), ("899123456", "premium_number"), ("+442079460000", "foreign_number")],
)
async def test_the_gate_says_no_and_why(telco: Telco, carrier: SipPhone, number: str, reason: str) -> None:
    status, told = await placed(telco, number, "--flow", FLOW, "--wait")
    assert (status, told["state"]) == (3, "refused")
    if reason != "foreign_number":
        assert told["outcome"] == reason
    assert told["refusals"][0]["words"]
    assert not any(call.incoming for call in carrier.calls)


async def test_a_wrong_word_is_named_without_a_traceback(telco: Telco) -> None:
    for words, name in (
        (("--flow", "care.nothing"), "care.nothing"),
        (("--flow", FLOW, "--with", "colour=blue"), "colour"),
        (("--flow", FLOW, "--with", "opened=yesterday"), "opened"),
    ):
        status, out, problem = await centralino(telco, "call", number_of(63), *words)
        assert (status, out) == (1, ""), words
        assert name in problem
        assert "Traceback" not in problem


async def test_may_call_answers_for_any_moment(telco: Telco) -> None:
    for number, status in ((number_of(64), 0), ("112", 3)):
        words = ("--campaign", "fault_closure", "--json")
        done, out, problem = await centralino(telco, "may-call", number, *words)
        assert done == status, problem
        assert json.loads(out)["allowed"] is (status == 0)
    done, _, problem = await centralino(telco, "may-call", number_of(64), "--campaign", "nothing")
    assert (done, "Traceback" in problem, "nothing" in problem) == (1, False, True)
