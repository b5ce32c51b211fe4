"""The fallback on a real line: Asterisk starts it, a telephone hears it and presses keys."""

import asyncio
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from asterisk_conf import Installation
from asterisk_conf.fallback.fallback import OWN_SOUNDS
from asterisk_conf.fallback.texts import TEXTS
from centralino.announcements import prepare_fallback
from ivr.speech import Shelf, Studio
from ivr.speech.builtin import SIGNAL, builtin
from ivr.speech.testing import Tones, tone_of
from tests.rig import Loopback, NodeRig, running_node
from tests.sip import SipPhone
from values import SystemClock

pytestmark = [pytest.mark.asterisk]


@pytest.fixture(scope="module")
def node(asterisk: Installation, loopback: Loopback) -> Iterator[NodeRig]:
    """A node with no voice core at all, and prompts that can be told apart by ear."""
    with running_node(asterisk, loopback) as rig:
        yield rig


@pytest.fixture
async def prompts(node: NodeRig, tmp_path: Path) -> Path:
    studio = Studio(Shelf(tmp_path), {}, SystemClock(), spare=Tones(0.25))
    folder = node.plan.prompts / "fallback"
    assert await prepare_fallback(folder, ["it", "en", "ru"], studio) == []
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def heard(name: str) -> int:
    return tone_of(TEXTS[name]["it"])


async def left(spool: Path) -> list[dict[str, object]]:
    async with asyncio.timeout(20):
        while not (files := sorted(spool.glob("*.json"))):  # noqa: ASYNC110  (another process writes it)
            await asyncio.sleep(0.05)
    notes = [json.loads(path.read_text()) for path in files]
    for path in files:
        path.unlink()
    return notes


def test_asterisk_s_own_sounds_that_stand_in_for_ours_exist_in_every_language(asterisk: Installation) -> None:
    names = {name for sounds in OWN_SOUNDS.values() for name in sounds} | {SIGNAL}
    for day in range(1, 366):
        names |= set(builtin(date(2026, 1, 1) + timedelta(days=day)))
    names |= set(builtin("0123456789*#-"))
    assert set(asterisk.sounds()) == {"it", "en", "ru"}
    for folder in asterisk.sounds().values():
        assert [name for name in sorted(names) if not list(folder.glob(f"{name}.*"))] == []


async def test_a_caller_without_a_core_leaves_a_number(
    node: NodeRig, loopback: Loopback, prompts: Path
) -> None:
    async with SipPhone(loopback.city) as phone:
        call = await phone.call(f"sip:0611@{loopback.node}:5060", caller="+393290000017")
        await call.answered()
        await call.hears(heard("sorry"), within=20)
        await call.hears(heard("ask_own"))
        await call.press("0612345678#")
        await call.hears(heard("read_back"))
        await call.hears(heard("confirm"), within=15)
        await call.press("1")
        await call.hears(heard("thanks"))
        await call.hung_up()
    (note,) = await left(node.plan.spool)
    assert (note["caller"], note["number"]) == ("+393290000017", "0612345678")
    assert (note["language"], note["reason"], note["confirmed"]) == ("it", "core-away", True)
    assert str(note["call_id"]).startswith("node1-")


async def test_one_key_is_enough_and_may_come_early(node: NodeRig, loopback: Loopback, prompts: Path) -> None:
    async with SipPhone(loopback.city) as phone:
        call = await phone.call(f"sip:0611@{loopback.node}:5060", caller="+393290000018")
        await call.answered()
        await call.hears(heard("sorry"), within=20)
        await call.press("1")
        await call.hears(heard("thanks"))
        await call.hung_up()
    (note,) = await left(node.plan.spool)
    assert note["number"] == "+393290000018"


async def test_hanging_up_at_the_read_back_keeps_the_number(
    node: NodeRig, loopback: Loopback, prompts: Path
) -> None:
    async with SipPhone(loopback.city) as phone:
        call = await phone.call(f"sip:0611@{loopback.node}:5060", caller="+393290000019")
        await call.answered()
        await call.hears(heard("ask_own"), within=20)
        await call.press("0698765432#")
        await call.hears(heard("read_back"))
        call.hangup()
    (note,) = await left(node.plan.spool)
    assert (note["number"], note["confirmed"]) == ("0698765432", False)


async def test_without_prompts_asterisk_s_own_voice_is_heard(node: NodeRig, loopback: Loopback) -> None:
    folder = node.plan.prompts / "fallback"
    hidden = folder.with_name("hidden")
    if folder.exists():
        folder.rename(hidden)
    async with SipPhone(loopback.city) as phone:
        call = await phone.call(f"sip:0611@{loopback.node}:5060", caller="+393290000020")
        await call.answered()
        await call.hears(lasts=1.0, within=20)
        await call.press("1")
        await call.hears()
        await call.hung_up(within=20)
    assert (await left(node.plan.spool))[0]["number"] == "+393290000020"
    if hidden.exists():
        hidden.rename(folder)
