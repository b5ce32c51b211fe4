"""The gateway on a real Asterisk; the far end is a telephone of ours that speaks real SIP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from ami import (
    Account,
    ActionRefusedError,
    AmiEvent,
    AmiUnavailableError,
    BridgeEntered,
    ChannelInUseError,
    ChannelState,
    ContactChanged,
    DialEnd,
    Disconnected,
    Gateway,
    HungUp,
    Originate,
    OriginateFailed,
    Quality,
    Resynced,
    StateChanged,
    Timings,
)
from tests.asterisk_conf.callers import AgiCall, agi_server
from tests.rig import Loopback, NodeRig
from tests.sip import Behaviour, Login, SipPhone, answers, never, refuses
from values import SystemClock, new_id

pytestmark = pytest.mark.asterisk

E = TypeVar("E", bound=AmiEvent)


def _account(node: NodeRig) -> Account:
    account = node.plan.ami_account
    return Account(account.at.host, account.at.port, account.user, account.secret)


@pytest.fixture
async def gateway(node: NodeRig) -> AsyncIterator[Gateway]:
    async with Gateway(_account(node), SystemClock(), timings=Timings(last_retry=0.5)) as gateway:
        await gateway.ready(20)
        yield gateway


@pytest.fixture
async def phone(loopback: Loopback) -> AsyncIterator[SipPhone]:
    """Where the trunk leads."""
    async with SipPhone(loopback.city, 5060) as phone:
        yield phone


def _order(**changed: Any) -> Originate:
    """To a parking place, where the call stays until somebody ends it."""
    order = Originate(
        "PJSIP/+393290000017@trunk", "agent-park", "s", new_id("a"), caller_id="+390650000611", timeout=10
    )
    return replace(order, **changed)


class _Next:
    """Waits for events that a subscription brought, also those that came before it was asked."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._seen: list[AmiEvent] = []
        self._news = asyncio.Event()

    def of(self, *kinds: type[AmiEvent]) -> "_Next":
        for kind in kinds:
            self._gateway.subscribe(kind, self._take)
        return self

    def _take(self, event: AmiEvent) -> None:
        self._seen.append(event)
        self._news.set()

    async def event(self, kind: type[E], wanted: Callable[[E], bool] = lambda _: True) -> E:
        async with asyncio.timeout(15):
            while True:
                for one in self._seen:
                    if isinstance(one, kind) and wanted(one):
                        return one
                self._news.clear()
                await self._news.wait()


async def _until(true: Callable[[], Awaitable[bool]]) -> None:
    """A phone's state follows its contact's event a moment later, and no event tells of it."""
    async with asyncio.timeout(15):
        while not await true():  # noqa: ASYNC110  (there is nothing to wait on)
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (refuses(486), (DialEnd.BUSY, 17, "486")),
        (refuses(486, after=0.2), (DialEnd.BUSY, 17, "486")),
        (refuses(603, after=0.2), (DialEnd.BUSY, 21, "603")),
        (refuses(480), (DialEnd.NO_ANSWER, 19, "480")),
        (refuses(404), (DialEnd.REFUSED, 1, "404")),
        (refuses(503), (DialEnd.REFUSED, 34, "503")),
        (refuses(403), (DialEnd.REFUSED, 21, "403")),
    ],
    ids=["busy", "busy after ringing", "declined", "away", "unknown", "congested", "forbidden"],
)
async def test_what_the_network_says_is_what_the_dial_says(
    gateway: Gateway, phone: SipPhone, behaviour: Behaviour, said: tuple[DialEnd, int, str]
) -> None:
    phone.on_call = behaviour
    result = await gateway.dial(_order())
    assert (result.end, result.cause, result.sip_cause) == said
    assert result.answered_at is None


async def test_nobody_answers_in_time(gateway: Gateway, phone: SipPhone) -> None:
    phone.on_call = never()
    result = await gateway.dial(_order(timeout=0.5))
    assert (result.end, result.cause, result.sip_cause) == (DialEnd.NO_ANSWER, 19, "")
    assert result.ringing_at
    assert gateway.live() == {}


async def test_we_give_up_while_it_rings(gateway: Gateway, phone: SipPhone) -> None:
    phone.on_call = never()
    order = _order()
    events = _Next(gateway).of(StateChanged)
    dial = asyncio.create_task(gateway.dial(order))
    await events.event(StateChanged, lambda one: one.state is ChannelState.RINGING)
    assert await gateway.hang_up(order.channel_id)
    assert (await dial).end is DialEnd.NO_ANSWER


async def test_a_hang_up_right_after_the_order_is_not_missed(gateway: Gateway, phone: SipPhone) -> None:
    phone.on_call = never()
    order = _order()
    await gateway.originate(order)
    assert await gateway.hang_up(order.channel_id)


async def test_a_phone_that_is_not_registered_is_refused(gateway: Gateway) -> None:
    assert (await gateway.dial(_order(channel="PJSIP/operator"))).end is DialEnd.REFUSED


async def test_an_answered_call_is_live_can_be_moved_and_ends_when_told(
    gateway: Gateway, phone: SipPhone
) -> None:
    phone.on_call = answers()
    events = _Next(gateway).of(BridgeEntered, HungUp)
    awkward = 'Rossi, "Bob" (x\\y) [z] ${EXTEN} è Ё'
    order = _order(variables={"NAME": awkward})
    result = await gateway.dial(order)
    assert result.end is DialEnd.ANSWERED
    assert result.answered_at

    parked = await events.event(BridgeEntered)
    assert (parked.uniqueid, parked.technology) == (order.channel_id, "holding_bridge")
    channel = gateway.live()[order.channel_id]
    assert (channel.state, channel.bridge_id) == (ChannelState.UP, parked.bridge_id)
    assert await gateway.variable(order.channel_id, "NAME") == awkward

    await gateway.redirect(order.channel_id, "agent-park", "s", variables={"CENTRALINO_STEP": "menu,balance"})
    await events.event(BridgeEntered, lambda one: one is not parked)
    assert await gateway.variable(channel.name, "CENTRALINO_STEP") == "menu,balance"

    assert await gateway.hang_up(order.channel_id)
    over = await events.event(HungUp)
    assert (over.uniqueid, over.linkedid, over.cause) == (order.channel_id, order.channel_id, 16)
    await phone.calls[0].hung_up()
    assert await gateway.hang_up(order.channel_id) is False


async def test_asterisk_itself_refuses_a_second_channel_with_an_id(gateway: Gateway, phone: SipPhone) -> None:
    phone.on_call = answers()
    events = _Next(gateway).of(OriginateFailed)
    order = _order()
    await gateway.dial(order)
    with pytest.raises(ChannelInUseError):
        await gateway.dial(order)
    await gateway.ask("Originate", order.fields())  # past our own guard
    assert (await events.event(OriginateFailed)).uniqueid == order.channel_id
    assert len(phone.calls) == 1
    assert set(gateway.live()) == {order.channel_id}
    await gateway.hang_up(order.channel_id)


async def test_both_sides_are_recorded(gateway: Gateway, phone: SipPhone, node: NodeRig) -> None:
    phone.on_call = answers()
    events = _Next(gateway).of(HungUp)
    order = _order()
    await gateway.dial(order)
    file = node.folders.spool / "tried.wav"
    await gateway.mix_monitor(order.channel_id, str(file))
    await phone.calls[0].say([1000] * 4000)
    await gateway.stop_mix_monitor(order.channel_id)
    await gateway.hang_up(order.channel_id)
    await events.event(HungUp)
    assert file.read_bytes().startswith(b"RIFF")


async def test_the_end_of_a_leg_tells_its_quality(gateway: Gateway, phone: SipPhone, node: NodeRig) -> None:
    async def done(call: AgiCall) -> None:
        await call.command('SET VARIABLE CENTRALINO_DONE "1"')

    phone.on_call = answers()
    events = _Next(gateway).of(Quality)
    order = _order(context="outbound")
    async with agi_server(node.plan.agi, done):
        await gateway.dial(order)
        quality = await events.event(Quality)
    assert quality.call_id == order.channel_id
    assert quality.leg.startswith("PJSIP/trunk-")
    assert None not in (quality.rx_count, quality.tx_count, quality.rx_lost, quality.tx_lost)


async def test_a_phone_that_registers_is_reachable_until_it_leaves(
    gateway: Gateway, node: NodeRig, loopback: Loopback
) -> None:
    assert not await gateway.reachable("operator")
    assert not await gateway.reachable("nobody")
    events = _Next(gateway).of(ContactChanged)

    async def gone() -> bool:
        return not await gateway.reachable("operator")

    async with SipPhone(loopback.city, login=Login("operator", node.plan.operator_secret)) as telephone:
        assert await telephone.register(f"sip:{loopback.node}:5060") == 200
        await events.event(ContactChanged, lambda one: (one.aor, one.status) == ("operator", "Reachable"))
        await _until(lambda: gateway.reachable("operator"))
        assert await telephone.register(f"sip:{loopback.node}:5060", expires=0) == 200
        await events.event(ContactChanged, lambda one: one.status == "Removed")
        await _until(gone)


async def test_the_account_may_not_run_console_commands(gateway: Gateway) -> None:
    with pytest.raises(ActionRefusedError, match="Permission denied"):
        await gateway.command("core show version")


@pytest.mark.parametrize("end", ["kill", "stop"])
async def test_asterisk_ends_in_mid_call_and_comes_back(
    gateway: Gateway, phone: SipPhone, node: NodeRig, end: str
) -> None:
    phone.on_call = never()
    events = _Next(gateway).of(StateChanged, Disconnected, Resynced)
    dial = asyncio.create_task(gateway.dial(_order()))
    await events.event(StateChanged)
    await asyncio.to_thread(getattr(node.process, end))  # the gateway goes on meanwhile
    assert (await dial).end is DialEnd.FAILED
    await events.event(Disconnected)
    with pytest.raises(AmiUnavailableError):
        gateway.live()
    assert not (await gateway.dial(_order())).sent

    node.process.start()  # here, as the child ends with the thread that started it
    assert (await events.event(Resynced)).live == frozenset()
    phone.on_call = answers()
    again = _order()
    assert (await gateway.dial(again)).end is DialEnd.ANSWERED
    await gateway.hang_up(again.channel_id)
