"""Agents of a whole telco: added, signed in, taken over by a restarted core; simulated ones come and go."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.rig import CODE, Loopback
from tests.sip import Login, SipPhone
from tests.system.telco import Telco, running_telco

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def telco(loopback: Loopback) -> Iterator[Telco]:
    with running_telco(loopback, city="on", city_calls_a_minute="0", city_repair_seconds="0") as running:
        yield running


async def said(telco: Telco, *words: str) -> Any:
    done = await telco.run("agents", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout else None


async def states(telco: Telco) -> dict[str, str]:
    listed = await asyncio.to_thread(telco.api, "agents")
    return {each["name"]: each["state"] for each in listed["agents"]}


async def test_an_agent_s_leg_outlives_the_core(telco: Telco) -> None:
    accounts = {each["name"]: each for each in await said(telco, "phones")}
    login = Login("agent01", accounts["agent01"]["password"])
    assert await said(telco, "add", "anna", "--phone", "agent01", "--skills", "fibre,mobile") is None
    async with SipPhone(telco.loopback.city, login=login) as phone:
        assert await phone.register(f"sip:{accounts['agent01']['server']}") == 200
        await said(telco, "sign-in", "anna")

        async def is_now(state: str) -> None:
            async def so() -> bool:
                return (await states(telco))["anna"] == state

            await telco.until(so, within=30, what=f"Anna's being {state}")

        await is_now("ready")
        await said(telco, "pause", "anna", "--reason", "lunch")
        before = telco.pid("core")
        telco.kill("core")
        await telco.back("core", before=before)
        await is_now("paused")
        (anna,) = (each for each in await said(telco, "list") if each["name"] == "anna")
        assert (anna["state"], anna["reason"], anna["skills"]) == ("paused", "lunch", ["fibre", "mobile"])
        await telco.ready()
        await said(telco, "ready", "anna")
        await is_now("ready")
        assert len(phone.calls) == 1  # its leg was up all the time
        await said(telco, "sign-out", "anna")
        await phone.calls[0].hung_up()
    wrong = await telco.run("agents", "sign-in", "nobody")
    assert wrong.returncode == 1
    assert "nobody called nobody works at this node" in wrong.stderr


async def test_simulated_agents_go_with_their_program_however_it_ends(telco: Telco) -> None:
    for ends in (signal.SIGKILL, signal.SIGINT):
        program = subprocess.Popen(  # noqa: ASYNC220  (it returns at once)
            [sys.executable, "-m", "centralino", "agents", "simulate", "--count", "3"],
            cwd=CODE, env=telco.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        )  # fmt: skip
        try:
            await telco.until(lambda: _are(telco, "ready", 3), within=60, what="three at work")
        finally:
            program.send_signal(ends)
            out, _ = program.communicate(timeout=30)
        await telco.until(lambda: _are(telco, "offline", 3), within=30, what="nobody at work")
    assert json.loads(out)["agents"] == 3


async def _are(telco: Telco, state: str, count: int) -> bool:
    found = [is_now for name, is_now in (await states(telco)).items() if name.startswith("sim-")]
    return found == [state] * count
