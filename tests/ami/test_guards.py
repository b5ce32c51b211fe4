"""Each thing that panoramisk gets wrong by itself, against a peer that provokes it."""

import asyncio
from dataclasses import replace

import pytest
import structlog

from ami import (
    ActionRefusedError,
    AmiLoginError,
    AmiTimeoutError,
    AmiUnavailableError,
    ChannelUp,
    Gateway,
    HungUp,
    Originate,
)
from tests.ami.conftest import FAST, gateway_to
from tests.ami.peer import BOOTED, Peer, event, hangup, lines, new_channel, refusal, silence, success

pytestmark = pytest.mark.unit

ORDER = Originate("PJSIP/+393290000017@trunk", "outbound", "s", "a1")


async def test_what_was_unanswered_when_the_line_broke_fails_and_is_never_sent_again(
    peer: Peer, gateway: Gateway
) -> None:
    for action in ("Originate", "Redirect", "Hangup"):
        peer.answers[action] = silence
    asked = [
        asyncio.create_task(gateway.originate(ORDER)),
        asyncio.create_task(gateway.redirect("a2", "join", "s")),
        asyncio.create_task(gateway.hang_up("a3")),
    ]
    for action in ("Originate", "Redirect", "Hangup"):
        await peer.saw(action)
    peer.drop()

    for outcome in await asyncio.gather(*asked, return_exceptions=True):
        assert type(outcome) is AmiUnavailableError
        assert outcome.sent
    await peer.saw("CoreShowChannels", 2)
    await gateway.ready(10)
    peer.say(BOOTED)
    await gateway.ask("Ping", {})
    assert [peer.count(action) for action in ("Originate", "Redirect", "Hangup")] == [1, 1, 1]


async def test_an_originate_is_always_asynchronous(peer: Peer, gateway: Gateway) -> None:
    await gateway.originate(ORDER)
    action = await peer.saw("Originate")
    assert (action["Async"], action["ChannelId"]) == ("true", "a1")
    assert gateway.connected


async def test_a_handler_that_raises_hurts_nobody(peer: Peer, gateway: Gateway) -> None:
    heard: list[str] = []

    def broken(_: ChannelUp) -> None:
        raise ValueError("a fault in a handler")

    gateway.subscribe(ChannelUp, broken)
    gateway.subscribe(ChannelUp, lambda one: heard.append(one.uniqueid))
    with structlog.testing.capture_logs() as log:
        peer.say(new_channel("a1"), new_channel("a2"), new_channel("a3"))
        await gateway.ask("Ping", {})
    assert heard == ["a1", "a2", "a3"]
    assert [line["event"] for line in log] == ["ami.handler_failed"] * 3
    assert peer.connections == 1


async def test_an_action_without_an_answer_meets_its_deadline(peer: Peer) -> None:
    peer.answers["Getvar"] = silence
    async with gateway_to(peer, replace(FAST, action=0.05)) as gateway:
        await gateway.ready(10)
        with pytest.raises(AmiTimeoutError, match="Getvar"):
            await gateway.variable("a1", "NAME")
        assert gateway.connected


async def test_a_late_answer_is_dropped(peer: Peer) -> None:
    peer.answers["Getvar"] = silence
    async with gateway_to(peer, replace(FAST, action=0.05)) as gateway:
        await gateway.ready(10)
        with pytest.raises(AmiTimeoutError):
            await gateway.variable("a1", "NAME")
        peer.say(success(await peer.saw("Getvar"), Value="late"), lines(Event="Weird", ActionID="nobody's"))
        peer.answers["Getvar"] = lambda action: success(action, Value="in time")
        assert await gateway.variable("a1", "NAME") == "in time"
        assert gateway._link.wire._protocol.responses == {}


async def test_a_half_open_link_is_found_by_pings_and_replaced(peer: Peer) -> None:
    peer.answers["Ping"] = silence
    async with gateway_to(peer, replace(FAST, ping_every=0.01, ping=0.05)) as gateway:
        await gateway.ready(10)
        await peer.saw_connections(2)
        peer.answers["Ping"] = success
        await gateway.ready(10)


async def test_a_refused_login_is_said_clearly_and_tried_again(peer: Peer) -> None:
    signed_in = peer.answers["Login"]
    peer.answers["Login"] = refusal("Authentication failed")
    with structlog.testing.capture_logs() as log:
        async with gateway_to(peer) as gateway:
            await peer.saw("Login", 2)
            with pytest.raises(AmiLoginError, match="Authentication failed"):
                await gateway.ready(0.001)
            assert "centralino" in gateway.problem
            peer.answers["Login"] = signed_in
            await gateway.ready(10)
            assert gateway.problem == ""
    assert log[0]["event"] == "ami.login_refused"
    assert log[0]["log_level"] == "error"
    assert "very-secret" not in str(log)


async def test_an_asterisk_that_shuts_down_is_not_taken_for_a_wrong_account(peer: Peer) -> None:
    signed_in = peer.answers["Login"]
    peer.answers["Login"] = refusal("Asterisk is shutting down")
    async with gateway_to(peer, replace(FAST, login_retry=60)) as gateway:
        await peer.saw("Login", 2)
        assert "shutting down" in gateway.problem
        peer.answers["Login"] = signed_in
        await gateway.ready(10)


async def test_close_leaves_no_task_timer_or_retry_behind(peer: Peer) -> None:
    await peer.stop()
    before = asyncio.all_tasks()
    gateway = gateway_to(peer, replace(FAST, first_retry=60, last_retry=60))
    gateway.start()
    with pytest.raises(AmiUnavailableError):
        await gateway.ready(0.1)
    await gateway.close()
    assert asyncio.all_tasks() == before
    await peer.listen()
    with pytest.raises(AmiUnavailableError, match="closed"):
        await gateway.ask("Ping", {})
    assert peer.connections == 0


async def test_close_fails_what_still_waits(peer: Peer, gateway: Gateway) -> None:
    peer.answers["Redirect"] = silence
    asked = asyncio.create_task(gateway.redirect("a2", "join", "s"))
    await peer.saw("Redirect")
    await gateway.close()
    with pytest.raises(AmiUnavailableError):
        await asked


async def test_an_action_before_connecting_says_so_and_was_not_sent(peer: Peer) -> None:
    gateway = gateway_to(peer)
    for attempt in (gateway.ask("Ping", {}), gateway.originate(ORDER)):
        with pytest.raises(AmiUnavailableError) as problem:
            await attempt
        assert not problem.value.sent
    with pytest.raises(AmiUnavailableError):
        gateway.live()


async def test_characters_split_over_two_reads_stay_whole(peer: Peer, gateway: Gateway) -> None:
    names: list[str] = []
    gateway.subscribe(ChannelUp, lambda one: names.append(one.caller_name))
    message = event("Newchannel", Uniqueid="a1", CallerIDNum="0611", CallerIDName="Niccolò Ёлкин")
    for byte in message:
        peer.say(bytes([byte]))
        await asyncio.sleep(0)
    await gateway.ask("Ping", {})
    assert names == ["Niccolò Ёлкин"]


async def test_bytes_that_are_no_text_cost_only_themselves(peer: Peer, gateway: Gateway) -> None:
    names: list[str] = []
    gateway.subscribe(ChannelUp, lambda one: names.append(one.caller_name))
    peer.say(b"Event: Newchannel\r\nUniqueid: a1\r\nCallerIDName: Bo\xffb\r\n\r\n")
    await gateway.ask("Ping", {})
    assert names == ["Bo\ufffdb"]


async def test_an_answer_that_panoramisk_takes_for_the_start_of_a_list_comes_all_the_same(
    peer: Peer, gateway: Gateway
) -> None:
    peer.answers["QueueAdd"] = lambda action: success(action, Message="Added interface to queue")
    assert (await gateway.ask("QueueAdd", {"Queue": "q", "Interface": "PJSIP/x"})).success


async def test_a_refused_list_is_a_refusal(peer: Peer) -> None:
    listed = peer.answers["CoreShowChannels"]
    peer.answers["CoreShowChannels"] = refusal("Permission denied")
    async with gateway_to(peer) as gateway:
        await peer.saw("CoreShowChannels", 2)
        with pytest.raises(AmiUnavailableError, match="Permission denied"):
            await gateway.ready(0.001)
        peer.answers["CoreShowChannels"] = listed
        await gateway.ready(10)


@pytest.mark.parametrize(
    "greeting",
    [
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 400 Bad\r\n\r\n",
        b"A" * 100,
        b"Asterisk Call Manager/" + b"9" * 100,
    ],
)
async def test_what_is_no_manager_interface_is_left_alone(peer: Peer, greeting: bytes) -> None:
    peer.greeting = greeting
    async with gateway_to(peer) as gateway:
        await peer.saw_connections(2)
        with pytest.raises(AmiUnavailableError, match="no Asterisk manager interface"):
            await gateway.ready(0.001)


async def test_a_message_without_end_is_cut_off(peer: Peer, gateway: Gateway) -> None:
    peer.say(b"Event: Newchannel\r\n" + b"X: y\r\n" * 800_000)
    await peer.saw_connections(2)
    await gateway.ready(10)


async def test_a_peer_that_connects_and_closes_is_tried_again(peer: Peer) -> None:
    def goodbye(_: object) -> bytes:
        peer.drop()
        return b""

    signed_in, peer.answers["Login"] = peer.answers["Login"], goodbye
    async with gateway_to(peer) as gateway:
        await peer.saw_connections(3)
        peer.answers["Login"] = signed_in
        await gateway.ready(10)


async def test_malformed_events_are_logged_and_the_rest_goes_on(peer: Peer, gateway: Gateway) -> None:
    over: list[str] = []
    gateway.subscribe(HungUp, lambda one: over.append(one.uniqueid))
    with structlog.testing.capture_logs() as log:
        peer.say(
            b"Event: Hangup\r\nno colon here\r\n\r\n",
            b"\r\n\r\n",
            b"Event: Newstate\r\nChannelState: six\r\n\r\n",
            b"Response: Success\r\nMessage: nobody asked\r\n\r\n",
            b"Event: OriginateResponse\r\nUniqueid: a9\r\nReason: \xe2\x85\xa7\r\n\r\n",
            hangup("a1", cause=17),
        )
        await gateway.ask("Ping", {})
    assert over == ["a1"]
    assert [line["event"] for line in log] == ["ami.message_unreadable"] * 2


async def test_events_nobody_needs_are_not_even_read(
    peer: Peer, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    monkeypatch.setattr("ami.wire.headers_of", read.append)
    peer.say(event("VarSet", Variable="X", Value="1"), event("Newexten", Uniqueid="a1"), event("RTCPSent"))
    await gateway.ask("Ping", {})
    assert read == []


async def test_a_refusal_names_action_and_reason(peer: Peer, gateway: Gateway) -> None:
    peer.answers["Originate"] = refusal("Permission denied")
    with pytest.raises(ActionRefusedError, match="Originate refused: Permission denied"):
        await gateway.originate(ORDER)
