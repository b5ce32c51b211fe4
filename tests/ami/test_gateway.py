"""What is live, who hears of it, and what may be asked."""

import asyncio
from dataclasses import replace

import pytest

from ami import (
    ActionRefusedError,
    AmiEvent,
    AmiUnavailableError,
    BridgeEntered,
    BridgeLeft,
    ChannelInUseError,
    ChannelState,
    ChannelUp,
    ContactChanged,
    DeviceState,
    Disconnected,
    Gateway,
    HungUp,
    Originate,
    OriginateAnswered,
    OriginateFailed,
    OriginateReason,
    Quality,
    Resynced,
    StateChanged,
)
from tests.ami.conftest import FAST, gateway_to
from tests.ami.peer import (
    Peer,
    channel,
    event,
    hangup,
    new_channel,
    originated,
    refusal,
    silence,
    state,
    success,
)

pytestmark = pytest.mark.unit

ORDER = Originate("PJSIP/+393290000017@trunk", "outbound", "s", "a1")


async def _caught_up(gateway: Gateway) -> None:
    """Everything the peer had said before has been read."""
    await gateway.ask("Ping", {})


async def test_what_is_live_follows_the_events(peer: Peer, gateway: Gateway) -> None:
    assert gateway.live() == {}
    bridge = {"BridgeUniqueid": "b1", "BridgeTechnology": "simple_bridge", "BridgeNumChannels": 2}
    peer.say(
        new_channel("a1"),
        state("a1", 5),
        state("a1", 6),
        event("BridgeEnter", **bridge, **channel("a1", state=6)),
    )
    await _caught_up(gateway)
    one = gateway.live()["a1"]
    assert (one.name, one.state, one.bridge_id) == ("PJSIP/trunk-00000001", ChannelState.UP, "b1")
    peer.say(event("BridgeLeave", **bridge, **channel("a1", state=6)))
    await _caught_up(gateway)
    assert gateway.live()["a1"].bridge_id == ""
    peer.say(hangup("a1"))
    await _caught_up(gateway)
    assert gateway.live() == {}


async def test_after_a_reconnect_only_what_is_still_there_is_live(peer: Peer) -> None:
    peer.channels = ["a1", "a2"]
    told: list[object] = []
    gateway = gateway_to(peer)
    gateway.subscribe(Resynced, lambda event: told.append(event.live))
    gateway.subscribe(Disconnected, lambda _: told.append("lost"))
    async with gateway:
        await gateway.ready(10)
        peer.channels = ["a2", "a3"]
        peer.drop()
        await peer.saw("CoreShowChannels", 2)
        await gateway.ready(10)
        assert set(gateway.live()) == {"a2", "a3"}
    assert told == [frozenset({"a1", "a2"}), "lost", frozenset({"a2", "a3"}), "lost"]


async def test_who_hears_of_a_resync_can_already_ask_what_is_live(peer: Peer) -> None:
    peer.channels = ["a1"]
    gateway = gateway_to(peer)
    seen: list[set[str]] = []
    gateway.subscribe(Resynced, lambda _: seen.append(set(gateway.live())))
    async with gateway:
        await gateway.ready(10)
    assert seen == [{"a1"}]


async def test_events_win_over_the_list_they_overtake(peer: Peer) -> None:
    """The list shows a2, whose hang-up came first, shows a4 up that rings again, and misses a3."""
    peer.channels = ["a1", "a2", "a4"]
    peer.answers["CoreShowChannels"] = lambda action: (
        hangup("a2") + new_channel("a3") + new_channel("a4") + state("a4", 5) + peer.channel_list(action)
    )
    async with gateway_to(peer) as gateway:
        await gateway.ready(10)
        assert set(gateway.live()) == {"a1", "a3", "a4"}
        assert gateway.live()["a4"].state is ChannelState.RINGING


async def test_while_it_is_down_nobody_is_told_an_old_truth(peer: Peer, gateway: Gateway) -> None:
    lost = asyncio.Event()
    gateway.subscribe(Disconnected, lambda _: lost.set())
    await peer.stop()
    await lost.wait()
    with pytest.raises(AmiUnavailableError):
        gateway.live()
    assert not gateway.connected
    assert gateway.problem


async def test_an_asterisk_that_still_boots_is_waited_for(peer: Peer) -> None:
    peer.answers["Login"] = success
    async with gateway_to(peer, replace(FAST, ping_every=0.001)) as gateway:
        await peer.saw("Ping", 3)
        assert not gateway.connected
        assert peer.count("CoreShowChannels") == 0
        peer.say(event("FullyBooted"))
        await gateway.ready(10)


async def test_every_event_comes_typed(peer: Peer, gateway: Gateway) -> None:
    heard: list[AmiEvent] = []
    for kind in (
        ChannelUp,
        StateChanged,
        HungUp,
        OriginateAnswered,
        OriginateFailed,
        Quality,
        BridgeEntered,
        BridgeLeft,
        ContactChanged,
    ):
        gateway.subscribe(kind, heard.append)
    order = {"ActionID": "m1", "Channel": "PJSIP/trunk-00000001", "ChannelId": "a1"}
    bridge = {"BridgeUniqueid": "b1", "BridgeTechnology": "holding_bridge", "BridgeNumChannels": "1"}
    counts = {"RxCount": 50, "TxCount": 48, "RxLost": "", "TxLost": 2}
    peer.say(
        new_channel("a1"),
        state("a1", 5),
        originated(order, "Failure", 3),
        originated(order, "Failure", 99),
        originated(order, "Success", 4),
        event("BridgeEnter", **bridge, **channel("a1")),
        event("BridgeLeave", **bridge, **channel("a1")),
        event("UserEvent", UserEvent="CallQuality", CallId="a1", Leg="PJSIP/trunk-00000001", **counts),
        event("UserEvent", UserEvent="SomethingElse"),
        event("ContactStatus", AOR="operator", ContactStatus="Removed", URI="sip:operator@127.0.0.1"),
        hangup("a1", 17, "486"),
    )
    await _caught_up(gateway)
    up, ringing, failed, odd, answered, entered, left, quality, contact, over = heard
    assert isinstance(up, ChannelUp)
    assert (up.uniqueid, up.caller_number, up.state) == ("a1", "", ChannelState.DOWN)
    assert isinstance(ringing, StateChanged)
    assert ringing.state is ChannelState.RINGING
    assert isinstance(failed, OriginateFailed)
    assert (failed.reason, failed.action_id) == (OriginateReason.TIMEOUT, "m1")
    assert isinstance(odd, OriginateFailed)
    assert odd.reason is OriginateReason.OTHER
    assert isinstance(answered, OriginateAnswered)
    assert isinstance(entered, BridgeEntered)
    assert (entered.bridge_id, entered.technology, entered.size) == ("b1", "holding_bridge", 1)
    assert isinstance(left, BridgeLeft)
    assert isinstance(quality, Quality)
    assert (quality.call_id, quality.rx_count, quality.rx_lost, quality.tx_lost) == ("a1", 50, None, 2)
    assert isinstance(contact, ContactChanged)
    assert (contact.aor, contact.status) == ("operator", "Removed")
    assert isinstance(over, HungUp)
    assert (over.cause, over.cause_text, over.sip_cause) == (17, "as told", "486")


async def test_who_unsubscribes_hears_no_more(peer: Peer, gateway: Gateway) -> None:
    heard: list[HungUp] = []
    stop = gateway.subscribe(HungUp, heard.append)
    peer.say(hangup("a1"))
    await _caught_up(gateway)
    stop()
    peer.say(hangup("a2"))
    await _caught_up(gateway)
    assert [one.uniqueid for one in heard] == ["a1"]


async def test_an_id_that_is_live_or_being_placed_is_not_sent_again(peer: Peer, gateway: Gateway) -> None:
    await gateway.originate(ORDER)
    with pytest.raises(ChannelInUseError):
        await gateway.originate(ORDER)
    peer.say(new_channel("a1"))
    await _caught_up(gateway)
    with pytest.raises(ChannelInUseError):
        await gateway.originate(ORDER)
    peer.say(hangup("a1"))
    await _caught_up(gateway)
    await gateway.originate(ORDER)
    assert peer.count("Originate") == 2


async def test_hanging_up_waits_for_a_channel_that_is_just_being_made(peer: Peer, gateway: Gateway) -> None:
    """Asterisk accepts an Originate a moment before the channel exists; a hang-up in between misses it."""
    await gateway.originate(ORDER)
    wish = asyncio.create_task(gateway.hang_up("a1"))
    await _caught_up(gateway)
    assert peer.count("Hangup") == 0
    peer.say(new_channel("a1"))
    assert await wish
    assert peer.count("Hangup") == 1


async def test_hanging_up_what_is_gone_is_no_fault(peer: Peer, gateway: Gateway) -> None:
    peer.answers["Hangup"] = refusal("No such channel")
    assert await gateway.hang_up("a1") is False


async def test_a_redirect_sets_its_variables_first(peer: Peer, gateway: Gateway) -> None:
    await gateway.redirect("a1", "rejoin", "s", variables={"CENTRALINO_STEP": "menu,balance", "X": "1"})
    assert [one["Action"] for one in peer.received[-3:]] == ["Setvar", "Setvar", "Redirect"]
    assert peer.received[-3]["Value"] == "menu,balance"
    assert peer.received[-1]["Context"] == "rejoin"


async def test_a_command_gives_back_all_its_lines(peer: Peer, gateway: Gateway) -> None:
    def printed(action: dict[str, str]) -> bytes:
        lines = b"Output: first: one\r\nOutput: \r\nOutput:   indented\r\nOutput: \r\n\r\n"
        return success(action, Message="Command output follows").removesuffix(b"\r\n") + lines

    peer.answers["Command"] = printed
    assert await gateway.command("core show channels") == ["first: one", "", "  indented", ""]
    peer.answers["Command"] = lambda action: success(action, Message="Command output follows", Output="one")
    assert await gateway.command("core show version") == ["one"]
    peer.answers["Command"] = lambda action: success(action, Message="Command output follows")
    assert await gateway.command("core show nothing") == []
    peer.answers["Command"] = refusal("Command output follows")
    with pytest.raises(ActionRefusedError):
        await gateway.command("nonsense")


@pytest.mark.parametrize(
    ("told", "state", "reachable"),
    [
        ("NOT_INUSE", DeviceState.NOT_INUSE, True),
        ("INUSE", DeviceState.INUSE, True),
        ("UNAVAILABLE", DeviceState.UNAVAILABLE, False),
        ("INVALID", DeviceState.INVALID, False),
        ("FROM_THE_FUTURE", DeviceState.UNKNOWN, False),
        ("", DeviceState.UNKNOWN, False),
    ],
)
async def test_whether_a_phone_can_be_rung(
    peer: Peer, gateway: Gateway, told: str, state: DeviceState, reachable: bool
) -> None:
    peer.answers["Getvar"] = lambda action: success(action, Variable=action["Variable"], Value=told)
    assert await gateway.device_state("operator") is state
    assert await gateway.reachable("operator") is reachable
    assert peer.received[-1]["Variable"] == "DEVICE_STATE(PJSIP/operator)"


async def test_recording_begins_and_ends(peer: Peer, gateway: Gateway) -> None:
    await gateway.mix_monitor("a1", "/home/x/recordings/2026/a1.wav", options="b")
    await gateway.stop_mix_monitor("a1")
    begin, end = peer.received[-2:]
    assert (begin["File"], begin["Options"]) == ("/home/x/recordings/2026/a1.wav", "b")
    assert end["Action"] == "StopMixMonitor"


async def test_asking_in_parallel_keeps_answers_apart(peer: Peer, gateway: Gateway) -> None:
    held: list[bytes] = []

    def hold(action: dict[str, str]) -> bytes:
        held.append(success(action, Value=action["Variable"].lower()))
        return b"".join(reversed(held)) if len(held) == 3 else b""

    peer.answers["Getvar"] = hold
    asked = (gateway.variable("a1", name) for name in ("ONE", "TWO", "THREE"))
    assert await asyncio.gather(*asked) == ["one", "two", "three"]


async def test_a_gateway_closed_twice_or_before_it_began_is_just_closed(peer: Peer) -> None:
    gateway = gateway_to(peer)
    await gateway.close()
    gateway.start()
    gateway.start()
    await gateway.ready(10)
    await gateway.close()
    await gateway.close()
    assert peer.connections == 1
    peer.answers["Ping"] = silence
