"""A voice node comes up clean, takes calls from its carrier only, and never leaves a caller in silence."""

import asyncio
import csv
import stat
from pathlib import Path

import pytest

from centralino.accounts import service_account
from tests.asterisk_conf.callers import AgiCall, agi_server, ring
from tests.rig import CityRig, Loopback, NodeRig

pytestmark = pytest.mark.asterisk


async def _finish(call: AgiCall) -> None:
    await call.command("ANSWER")
    await call.command('SET VARIABLE CENTRALINO_DONE "1"')


def _events(node: NodeRig, context: str) -> set[str]:
    return {row[0] for row in csv.reader(node.call_records().splitlines()) if row[7] == context}


def test_starts_without_a_warning(node: NodeRig, city_asterisk: CityRig) -> None:
    for rig in (node, city_asterisk):
        log = (rig.folders.log / "messages.log").read_text()
        assert "WARNING" not in log
        assert "ERROR" not in log


def test_runs_under_the_service_account(node: NodeRig) -> None:
    status = Path(f"/proc/{node.process.pid}/status").read_text()
    account = service_account()
    assert f"Uid:\t{account.uid}\t{account.uid}\t{account.uid}\t{account.uid}" in status
    assert account.uid != 0
    assert "NoNewPrivs:\t1" in status


def test_secrets_are_for_the_owner_only(node: NodeRig) -> None:
    for path in node.folders.conf.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


async def test_a_call_reaches_its_flow_and_ends_with_it(node: NodeRig, loopback: Loopback) -> None:
    async with agi_server(node.plan.agi, _finish) as heard:
        caller = await ring(loopback.node, loopback.city)
    assert caller.code == 0, caller.said
    assert heard.routes == ["agi-of-a-test/inbound"]
    header = heard.calls[0].header
    assert header["agi_extension"] == header["agi_dnid"] == "0611"
    assert header["agi_callerid"] == "+393290000017"
    assert header["agi_uniqueid"].startswith("node1-")
    assert header["agi_language"] == "it"


async def test_a_hostile_caller_id_is_cut_down_to_digits(node: NodeRig, loopback: Loopback) -> None:
    name = "Robert'); DROP TABLE calls;-- "
    hostile = f'"{name}" <sip:+39%0d%0aAction:%20Hangup%22%24%7BUNIQUEID%7D,x(329)\'17@127.0.0.1>'
    async with agi_server(node.plan.agi, _finish) as heard:
        caller = await ring(loopback.node, loopback.city, number="0611%0aaction", caller=hostile)
    assert caller.code == 0, caller.said
    header = heard.calls[0].header
    assert set(header["agi_callerid"]) <= set("+0123456789")
    assert header["agi_calleridname"] in ("unknown", "")
    assert header["agi_extension"] == "0611"


async def test_a_call_whose_server_dies_is_offered_to_the_next_one(node: NodeRig, loopback: Loopback) -> None:
    async def die_then_finish(call: AgiCall) -> None:
        await call.command("ANSWER")
        if call.route.endswith("/rejoin"):
            await _finish(call)

    async with agi_server(node.plan.agi, die_then_finish) as heard:
        caller = await ring(loopback.node, loopback.city)
    assert caller.code == 0, caller.said
    assert heard.routes == ["agi-of-a-test/inbound", "agi-of-a-test/rejoin"]
    assert heard.calls[0].header["agi_uniqueid"] == heard.calls[1].header["agi_uniqueid"]


async def test_even_without_core_and_fallback_script_a_caller_hears_words(
    node: NodeRig, loopback: Loopback
) -> None:
    script = node.folders.agi / "fallback.sh"
    text = script.read_text()
    script.write_text("#!/bin/sh\nexit 1\n")
    try:
        caller = await ring(loopback.node, loopback.city)
    finally:
        script.write_text(text)
    assert caller.code == 0, caller.said
    assert "ANSWER" in _events(node, "fallback")


async def test_strangers_are_refused(node: NodeRig, loopback: Loopback) -> None:
    async with agi_server(node.plan.agi, _finish) as heard:
        caller = await ring(loopback.node, loopback.city.removesuffix(".2") + ".3")
    assert caller.code != 0
    assert heard.routes == []


async def test_events_are_only_those_in_use(node: NodeRig, loopback: Loopback) -> None:
    async def with_variables(call: AgiCall) -> None:
        await call.command('SET VARIABLE CARD "4111111111111111"')
        await call.command('EXEC NoOp "4111111111111111"')
        await _finish(call)

    reader, writer = await asyncio.open_connection(node.plan.ami.host, node.plan.ami.port)
    login = f"Action: Login\r\nUsername: centralino\r\nSecret: {node.plan.ami_secret}\r\n\r\n"
    writer.write(login.encode())
    async with agi_server(node.plan.agi, with_variables):
        caller = await ring(loopback.node, loopback.city)
    assert caller.code == 0
    seen = await asyncio.wait_for(reader.readuntil(b"Event: Hangup\r\n"), 10)
    writer.close()
    names = {line.partition(": ")[2] for line in seen.decode().split("\r\n") if line.startswith("Event: ")}
    assert {"FullyBooted", "Newchannel", "Newstate", "UserEvent", "Hangup"} <= names
    assert names <= {"FullyBooted", "Newchannel", "Newstate", "UserEvent", "Hangup", "ContactStatus"}
    assert b"41111111" not in seen
    assert b"RxCount: 0" in seen
    assert "41111111" not in node.log() + node.call_records()
