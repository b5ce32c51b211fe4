"""What a placed call comes to, in whatever order Asterisk tells it."""

import asyncio
from dataclasses import replace

import pytest
import structlog

from ami import (
    AmiUnavailableError,
    ChannelInUseError,
    DialEnd,
    DialResult,
    Gateway,
    Originate,
    UnsafeValueError,
)
from ami.events import OriginateReason
from ami.verdicts import sip_status, verdict
from tests.ami.conftest import FAST, gateway_to
from tests.ami.peer import Action, Peer, hangup, new_channel, originated, refusal, silence, state, success

pytestmark = pytest.mark.unit

ORDER = Originate("PJSIP/+393290000017@trunk", "outbound", "s", "a1", timeout=20)


def _then(peer: Peer, *story: bytes | tuple[str, int]) -> None:
    """Let the next Originate be accepted and go this way; a pair is its OriginateResponse."""

    def accept(action: Action) -> bytes:
        told = [one if isinstance(one, bytes) else originated(action, *one) for one in story]
        return success(action, Message="Originate successfully queued") + b"".join(told)

    peer.answers["Originate"] = accept


async def _dial(peer: Peer, gateway: Gateway, *story: bytes | tuple[str, int]) -> DialResult:
    _then(peer, *story)
    return await gateway.dial(ORDER)


async def test_somebody_answers(peer: Peer, gateway: Gateway) -> None:
    result = await _dial(peer, gateway, new_channel("a1"), state("a1", 5), state("a1", 6), ("Success", 4))
    assert result.end is DialEnd.ANSWERED
    assert result.ringing_at
    assert result.answered_at
    assert result.placed_at <= result.ringing_at <= result.answered_at == result.over_at
    assert "a1" in gateway.live()


async def test_an_answer_counts_even_when_the_call_is_over_in_the_same_breath(
    peer: Peer, gateway: Gateway
) -> None:
    result = await _dial(peer, gateway, new_channel("a1"), state("a1", 6), hangup("a1"), ("Failure", 0))
    assert result.end is DialEnd.ANSWERED


FAILED, BUSY = ("Failure", 0), hangup("a1", 17, "486")


@pytest.mark.parametrize("story", [(FAILED, BUSY), (BUSY, FAILED)], ids=["answer first", "hang-up first"])
async def test_a_busy_line_is_busy_in_either_order(
    peer: Peer, gateway: Gateway, story: tuple[bytes | tuple[str, int], ...]
) -> None:
    result = await _dial(peer, gateway, new_channel("a1"), *story)
    assert (result.end, result.cause, result.sip_cause) == (DialEnd.BUSY, 17, "486")
    assert result.answered_at is None


async def test_it_takes_both_halves_to_know(peer: Peer, gateway: Gateway) -> None:
    _then(peer, new_channel("a1"), state("a1", 5), FAILED)
    dial = asyncio.create_task(gateway.dial(ORDER))
    await peer.saw("Originate")
    await gateway.ask("Ping", {})
    peer.say(BUSY)
    assert (await dial).end is DialEnd.BUSY

    _then(peer, new_channel("a1"), state("a1", 5), hangup("a1", 19, "480"))
    dial = asyncio.create_task(gateway.dial(ORDER))
    order = await peer.saw("Originate", 2)
    await gateway.ask("Ping", {})
    peer.say(originated(order, "Failure", 3))
    assert (await dial).sip_cause == ""


async def test_the_half_that_is_late_is_waited_for_but_not_for_ever(peer: Peer, gateway: Gateway) -> None:
    assert (await _dial(peer, gateway, new_channel("a1"), BUSY)).end is DialEnd.BUSY
    assert (await _dial(peer, gateway, new_channel("a1"), ("Failure", 3))).end is DialEnd.NO_ANSWER


async def test_no_such_endpoint_has_no_channel_and_is_refused(peer: Peer, gateway: Gateway) -> None:
    result = await _dial(peer, gateway, FAILED)
    assert (result.end, result.cause, result.sent) == (DialEnd.REFUSED, 0, True)


async def test_our_own_time_ran_out(peer: Peer, gateway: Gateway) -> None:
    result = await _dial(
        peer, gateway, new_channel("a1"), state("a1", 5), hangup("a1", 19, "480"), ("Failure", 3)
    )
    assert (result.end, result.cause, result.sip_cause) == (DialEnd.NO_ANSWER, 19, "")
    assert result.ringing_at


async def test_the_failure_of_another_order_with_this_id_is_not_ours(peer: Peer, gateway: Gateway) -> None:
    _then(peer, new_channel("a1"), state("a1", 5))
    dial = asyncio.create_task(gateway.dial(ORDER))
    await peer.saw("Originate")
    peer.say(originated({"ActionID": "not-ours", "Channel": ORDER.channel, "ChannelId": "a1"}, "Failure", 3))
    order = await peer.saw("Originate")
    peer.say(BUSY)
    await gateway.ask("Ping", {})
    peer.say(originated(order, "Failure", 0))
    assert (await dial).end is DialEnd.BUSY


async def test_a_connection_lost_in_between_is_unknown(peer: Peer, gateway: Gateway) -> None:
    _then(peer, new_channel("a1"), state("a1", 5))
    dial = asyncio.create_task(gateway.dial(ORDER))
    await peer.saw("Originate")
    await gateway.ask("Ping", {})
    with structlog.testing.capture_logs() as log:
        peer.drop()
        result = await dial
    assert (result.end, result.sent) == (DialEnd.FAILED, True)
    assert "ami.dial_unknown" in [line["event"] for line in log]
    await peer.saw("CoreShowChannels", 2)
    assert peer.count("Originate") == 1


async def test_a_connection_lost_before_the_order_was_accepted_is_unknown_too(
    peer: Peer, gateway: Gateway
) -> None:
    peer.answers["Originate"] = silence
    dial = asyncio.create_task(gateway.dial(ORDER))
    await peer.saw("Originate")
    peer.drop()
    assert (await dial).end is DialEnd.FAILED


async def test_without_a_connection_nobody_was_rung_and_that_is_known(peer: Peer) -> None:
    result = await gateway_to(peer).dial(ORDER)
    assert (result.end, result.sent) == (DialEnd.FAILED, False)


async def test_an_end_that_is_never_told_is_unknown(peer: Peer) -> None:
    _then(peer, new_channel("a1"))
    async with gateway_to(peer, replace(FAST, overdue=0.01)) as gateway:
        await gateway.ready(10)
        assert (await gateway.dial(replace(ORDER, timeout=0.02))).end is DialEnd.FAILED


async def test_an_order_slowly_accepted_is_still_followed(peer: Peer) -> None:
    peer.answers["Originate"] = silence
    async with gateway_to(peer, replace(FAST, action=0.02)) as gateway:
        await gateway.ready(10)
        dial = asyncio.create_task(gateway.dial(ORDER))
        await peer.saw("Originate")
        with pytest.raises(AmiUnavailableError):
            await gateway.ask("Originate", {})
        peer.say(new_channel("a1"), state("a1", 6))
        assert (await dial).end is DialEnd.ANSWERED


async def test_asterisk_refuses_the_order_itself(peer: Peer, gateway: Gateway) -> None:
    peer.answers["Originate"] = refusal("Permission denied")
    with structlog.testing.capture_logs() as log:
        assert (await gateway.dial(ORDER)).end is DialEnd.REFUSED
    assert log[0]["event"] == "ami.originate_refused"
    assert "3290000017" not in str(log)


async def test_the_same_call_is_not_placed_twice_at_once(peer: Peer, gateway: Gateway) -> None:
    _then(peer, new_channel("a1"))
    first = asyncio.create_task(gateway.dial(ORDER))
    await peer.saw("Originate")
    with pytest.raises(ChannelInUseError):
        await gateway.dial(ORDER)
    peer.say(state("a1", 6))
    assert (await first).end is DialEnd.ANSWERED
    with pytest.raises(ChannelInUseError):
        await gateway.dial(ORDER)
    assert peer.count("Originate") == 1


async def test_an_unsafe_order_is_refused_before_anything(gateway: Gateway) -> None:
    with pytest.raises(UnsafeValueError):
        await gateway.dial(replace(ORDER, exten="s\r\nAction: x"))


async def test_a_dial_given_up_leaves_the_id_to_the_call(peer: Peer, gateway: Gateway) -> None:
    _then(peer, new_channel("a1"))
    dial = asyncio.create_task(gateway.dial(ORDER))
    await peer.saw("Originate")
    await gateway.ask("Ping", {})
    dial.cancel()
    await asyncio.wait([dial])
    assert "a1" in gateway.live()
    with pytest.raises(ChannelInUseError):
        await gateway.dial(ORDER)


async def test_many_calls_at_once_keep_their_ends_apart(peer: Peer, gateway: Gateway) -> None:
    def by_number(action: Action) -> bytes:
        one = action["ChannelId"]
        busy = int(one[1:]) % 2
        end = [originated(action, "Failure", 0), hangup(one, 17, "486")] if busy else [state(one, 6)]
        return success(action) + new_channel(one) + b"".join(end)

    peer.answers["Originate"] = by_number
    orders = [replace(ORDER, channel_id=f"a{n}") for n in range(100)]
    results = await asyncio.gather(*(gateway.dial(order) for order in orders))
    assert [one.end for one in results] == [DialEnd.ANSWERED, DialEnd.BUSY] * 50


@pytest.mark.parametrize(
    ("reason", "cause", "sip", "rang", "end"),
    [
        (0, 17, "486", False, DialEnd.BUSY),
        (0, 17, "600", False, DialEnd.BUSY),
        (0, 21, "603", True, DialEnd.BUSY),
        (0, 127, "607", False, DialEnd.BUSY),
        (0, 21, "", True, DialEnd.BUSY),
        (5, None, "", False, DialEnd.BUSY),
        (0, 19, "480", False, DialEnd.NO_ANSWER),
        (0, 18, "408", False, DialEnd.NO_ANSWER),
        (0, 127, "487", True, DialEnd.NO_ANSWER),
        (3, 19, "", True, DialEnd.NO_ANSWER),
        (3, None, "", False, DialEnd.NO_ANSWER),
        (0, 16, "", True, DialEnd.NO_ANSWER),
        (0, 0, "", True, DialEnd.FAILED),
        (None, 19, "", True, DialEnd.NO_ANSWER),
        (0, 1, "404", False, DialEnd.REFUSED),
        (0, 34, "503", False, DialEnd.REFUSED),
        (0, 34, "503", True, DialEnd.NO_ANSWER),
        (0, 1, "404", True, DialEnd.NO_ANSWER),
        (0, 21, "403", True, DialEnd.NO_ANSWER),
        (0, 41, "500", True, DialEnd.NO_ANSWER),
        (0, None, "", True, DialEnd.NO_ANSWER),
        (0, 21, "403", False, DialEnd.REFUSED),
        (0, 21, "", False, DialEnd.REFUSED),
        (0, 28, "484", False, DialEnd.REFUSED),
        (0, 22, "410", False, DialEnd.REFUSED),
        (0, 58, "488", False, DialEnd.REFUSED),
        (0, 23, "302", False, DialEnd.REFUSED),
        (0, 127, "", False, DialEnd.REFUSED),
        (0, None, "", False, DialEnd.REFUSED),
        (8, None, "", False, DialEnd.REFUSED),
        (None, 0, "", False, DialEnd.FAILED),
    ],
)
def test_how_causes_read(reason: int | None, cause: int | None, sip: str, rang: bool, end: DialEnd) -> None:
    why = None if reason is None else OriginateReason(reason)
    assert verdict(why, cause, sip, rang=rang) is end


def test_the_status_that_asterisk_makes_up_is_not_the_networks() -> None:
    assert sip_status(OriginateReason.TIMEOUT, "480") == ""
    assert sip_status(OriginateReason.FAILED, "480") == "480"
