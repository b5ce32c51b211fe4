"""Legs to the public network, as Asterisk's manager tells of them: in whatever order."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from ami import Account, Gateway
from centralino.core.control.lines import OutsideLines
from centralino.core.control.ports import Answer
from tests.ami.peer import Peer, hangup, new_channel, originated, state, success
from values import PhoneNumber, SystemClock

pytestmark = pytest.mark.unit

LEG = "guest-1"
UP = 6


class Trunks:
    """One line, and nobody who may not be rung."""

    def __init__(self) -> None:
        self.taken = 0

    def refusal(self, number: str) -> None:
        return None

    def take(self) -> str:
        self.taken += 1
        return "trunk"

    def free(self, trunk: str) -> None:
        self.taken -= 1


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with Peer() as peer:
        yield peer


async def rung(peer: Peer, trunks: Trunks, *told: str) -> Answer:
    """Ring somebody of whom Asterisk tells this, in this order."""

    def say(action: dict[str, str]) -> bytes:
        events = {
            "channel": new_channel(LEG),
            "up": state(LEG, UP),
            "answer": originated(action, "Success", 4),
            "hangup": hangup(LEG),
        }
        late = [events[each] for each in told]
        for after, each in enumerate(late):
            asyncio.get_running_loop().call_later(0.01 * after, peer.say, each)
        return success(action)

    peer.answers["Originate"] = say
    account = Account("127.0.20.9", peer.port, "centralino", "s")
    async with Gateway(account, SystemClock()) as gateway:
        await gateway.ready(5)
        lines = OutsideLines(gateway, cast("Any", trunks), country="IT", caller_id="+390650000611")
        return await lines.ring(LEG, PhoneNumber("+390655512345"), "outside")


@pytest.mark.parametrize("told", [("channel", "up", "answer"), ("answer", "channel", "up")])
async def test_who_answers_is_there_whichever_asterisk_tells_first(peer: Peer, told: tuple[str, ...]) -> None:
    trunks = Trunks()
    assert await rung(peer, trunks, *told) == Answer("PJSIP/trunk-00000001")
    assert trunks.taken == 1


async def test_who_hangs_up_in_the_same_breath_is_not(peer: Peer) -> None:
    def say(action: dict[str, str]) -> bytes:
        return success(action) + new_channel(LEG) + state(LEG, UP) + hangup(LEG)

    trunks = Trunks()
    peer.answers["Originate"] = say
    account = Account("127.0.20.9", peer.port, "centralino", "s")
    async with Gateway(account, SystemClock()) as gateway:
        await gateway.ready(5)
        lines = OutsideLines(gateway, cast("Any", trunks), country="IT", caller_id="+390650000611")
        assert await lines.ring(LEG, PhoneNumber("+390655512345"), "outside") == Answer("", "answered")
    assert trunks.taken == 0
