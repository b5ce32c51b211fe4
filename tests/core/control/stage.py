"""A node with its agents, its joiner and call control; telephones that whistle, so that one hears them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from agents import AgentState, Disposal
from agi import Server, Session
from ami import Account, BridgeEntered, Gateway, HungUp, Originate, Timings
from calls import CallEnd, CallStart, Direction, Journal, LiveBoard, SegmentKind
from calls.models import Segment
from centralino.core.app import _promised_to
from centralino.core.control.asides import FlowRuns, WaitingAgents
from centralino.core.control.assembly import Parts, Steering, make_control
from centralino.core.control.lines import GatewaySwitch, OutsideLines
from centralino.core.control.manual import ManualCalls, ManualHouse
from centralino.core.control.told import CHANNEL, Bulletins
from centralino.core.crewroom import CrewRoom
from centralino.core.joining import (
    Announcements,
    AtTheMachine,
    Joiner,
    Recorder,
    Talking,
    TalkOrder,
    load_laws,
)
from centralino.core.lines import AsteriskLines
from centralino.core.opinions import LettingGo, Opinions
from centralino.core.register import Register
from centralino.core.switchboard import _talk_order
from customers import Customers
from dialer import DialLoop, Gate, Trunk, load_profiles
from dialer.facts import no_consents
from dialer.witness import Witness
from ivr import Runner
from ivr.runner import Shelf
from ivr.testing import SampleActions
from store import Answerer, Asker, Database, LiveStore
from surveys.aftercall import AfterCalls
from tests.agents.room import NAMES, PHONES
from tests.core.control.voices import VOICES, whistle, whistles
from tests.core.joining.told import Told
from tests.ivr.calling import flow_of
from tests.rig import Loopback, NodeRig
from tests.sip import PCMA, Call, Login, SipPhone, tone
from values import AttemptId, CallId, HangupError, PhoneNumber, Scalar, Sound, SystemClock, new_id

NUMBER = PhoneNumber("+393290000017")
ABROAD, GARAGE = "+14155550123", "+390655512345"
PAYING = flow_of(
    "first: {ask: {prompt: {en: Your card.}, into: card, digits: 4, private: true, "
    " no_input: {tries: 1, to: missed}}, next: served}",
    flow="pay.card",
)

ASKING = flow_of(
    "first: {ask: {prompt: {en: How was it.}, into: score, digits: 1, private: true, "
    " no_input: {tries: 1, to: missed}}, next: served}",
    flow="surveys.short",
)


@dataclass
class Stage:
    """One node."""

    node: NodeRig
    loopback: Loopback
    db: Database
    redis_url: str
    recordings: Path
    clock: SystemClock = field(default_factory=SystemClock)
    told: Told = field(default_factory=Told)
    pops: list[Mapping[str, object]] = field(default_factory=list)
    orders: dict[str, TalkOrder] = field(default_factory=dict)
    phones: dict[str, SipPhone] = field(default_factory=dict)
    words: list[dict[str, Any]] = field(default_factory=list)

    # The core, which may be started anew.

    async def open(self) -> None:
        """Everything that a core is."""
        self.stack = AsyncExitStack()
        clock, at = self.clock, self.node.plan.ami_account
        self.live = LiveStore(self.redis_url, clock)
        self.gateway = Gateway(
            Account(at.at.host, at.at.port, at.user, at.secret), clock, timings=Timings(last_retry=0.5)
        )
        self.crew = CrewRoom(
            self.db, self.live, self.gateway, clock, node="node1", phones=[each.name for each in PHONES]
        )
        self.desk = self.crew.desk
        self.journal = Journal(self.db, clock, self.recordings / "journal.spill")
        self.register = Register(self.journal, LiveBoard(), clock, "node1")
        self.gateway.subscribe(HungUp, self.register.heard_hangup)
        self.control = self._control()
        self.joiner = self._joiner()
        self.gateway.subscribe(BridgeEntered, self.joiner.heard_entered)
        self.gateway.subscribe(HungUp, self.control.control.heard_hangup)
        answerer = Answerer(self.live, clock)
        self.crew.answer(answerer, self._dispose, LettingGo(self.desk, self.control.deeds, self.opinions))
        self.control.commands.register(answerer)
        self.asker = Asker(self.live, clock)
        agi = self.node.plan
        self.server = Server(
            agi.agi.host, agi.agi.port, agi.agi_secret, self._take, clock=clock, recordings=self.recordings
        )
        await self.stack.enter_async_context(self.journal)
        await self.crew.start()
        answering, listening = asyncio.create_task(answerer.run()), asyncio.create_task(self._listen())
        self.stack.callback(listening.cancel)
        self.stack.callback(answering.cancel)
        self.stack.push_async_callback(self.live.close)
        self.stack.push_async_callback(self.gateway.close)
        self.stack.push_async_callback(self.crew.close)
        self.stack.push_async_callback(self.control.control.close)
        self.gateway.start()
        await self.gateway.ready(20)
        await self.server.start()
        self.dial_loop.start()
        self.stack.push_async_callback(self.dial_loop.close)
        self.stack.push_async_callback(self.server.stop)

    async def close(self) -> None:
        """It ends, as a crash would leave the calls: up."""
        await self.stack.aclose()

    def _control(self) -> Steering:
        shelf = Shelf([PAYING, ASKING])
        runner = Runner(shelf, SampleActions([PAYING, ASKING]), self, self.clock)
        flows = FlowRuns(runner, shelf, self.journal, LiveBoard())
        book = AfterCalls(self.db, Customers(self.db), flows.known, self.clock)
        self.opinions = Opinions(book, flows, self.journal, self.clock)
        self.register.on_end(self.opinions.call_ended)
        self.stack.push_async_callback(self.opinions.close)
        gate, clock = Gate(load_profiles(), country="IT"), self.clock
        self.dial_loop = DialLoop(
            self.db, AsteriskLines(self.gateway, self.register, clock), gate, clock,
            node="node1", trunks=[Trunk("trunk", lines=10, calls_per_second=50.0)], desk=self.desk, poll=0.2,
        )  # fmt: skip
        self.told = Telling(self.dial_loop.witness)
        bulletins = Bulletins(self.live)
        house = ManualHouse("IT", "none", "+390650000611", "pay.card")
        manual = ManualCalls(
            self.db, gate, no_consents, self.desk, bulletins, self.dial_loop.nudge, clock, house
        )
        self.register.on_end(manual.call_ended)

        def ended(start: CallStart, end: CallEnd) -> None:
            if start.attempt_id:
                self.dial_loop.call_finished(AttemptId(end.call_id), end.outcome or "hangup")

        self.register.on_end(ended)
        parts = Parts(
            desk=self.desk,
            seats=self.crew.shift,
            switch=GatewaySwitch(self.gateway),
            outside=OutsideLines(
                self.gateway, self.dial_loop.outside, country="IT", caller_id="+390650000611",
                named={"garage": GARAGE},
            ),
            flows=flows,
            next_agent=WaitingAgents(self.desk, lambda: self.joiner.waiting, lambda: None),
            bulletins=bulletins,
            journal=self.journal,
            pop=self.pops.append,
            manual=manual,
            asked_for=lambda call: _promised_to(self.dial_loop.placement(AttemptId(call))),
        )  # fmt: skip
        steering = make_control(parts, self.clock, back_seconds=4.0)
        self.crew.shift.kept_by(steering.keeps)
        return steering

    def _joiner(self) -> Joiner:
        announcements = Announcements(self, "Centralino")
        talking = Talking(
            self.desk,
            self.crew.shift,
            self.told,
            self.pops.append,
            self.clock,
            self.control.control,
            self.opinions,
        )

        async def nothing(*_: object) -> bool:
            return False

        async def no_opt_out(_order: TalkOrder) -> None:
            return None

        machines = AtTheMachine(announcements, nothing, self.clock, self.recordings)
        return Joiner(
            self.desk, talking, machines, announcements, Recorder(self.recordings), self.told, no_opt_out,
            load_laws(), self.clock,
        )  # fmt: skip

    async def _take(self, session: Session) -> None:
        try:
            placed = self.dial_loop.placement(AttemptId(session.call_id))
            order = _talk_order(placed) if placed else self.orders.get(session.call_id)
            if order is None:  # somebody rang us
                line = self.joiner.caller(session, TalkOrder(AttemptId(""), "", NUMBER, "0611"))
                await line.transfer("agents", ring_seconds=20)
            elif session.route == "outbound":
                self.register.began(_started(session.call_id, order, self.clock.now()))
                await self.joiner.take(session, order)
            else:
                await self.joiner.resume(session, order)
            await session.mark("CENTRALINO_DONE", "1")
        except HangupError:
            pass

    async def _dispose(self, said: Disposal) -> None:
        return None

    # People.

    async def sits(self, agent: str) -> Call:
        """An agent at their telephone, ready; gives their leg."""
        phone = self.phones[agent]
        phone.on_call = whistles(agent)
        before = len(phone.calls)
        await self.asker.ask("agents.sign_in", {"agent": agent})
        await self.is_now(agent, AgentState.READY)
        return phone.calls[before]

    async def rings(self) -> Call:
        """A customer rings us and is joined with whoever is free."""
        call = await self.carrier.call(f"sip:0611@{self.node.plan.sip}", caller=NUMBER)
        await call.answered()
        self._whistling(call, "customer")
        return call

    async def is_called(self, **order: Any) -> Call:
        """A customer whom we called; they are joined with whoever is free."""
        self.carrier.on_call = whistles("customer")
        await self._sees_the_network()
        attempt = AttemptId(new_id("a"))
        self.orders[attempt] = TalkOrder(attempt, "spring", NUMBER, "+390650000611", **order)
        dialled = Originate(f"PJSIP/{NUMBER}@trunk", "outbound", "s", attempt, caller_id="1", timeout=10)
        assert (await self.gateway.dial(dialled)).answered_at
        return self.carrier.calls[-1]

    async def _sees_the_network(self) -> None:
        """The carrier of the test before is gone; Asterisk looks for this one at once, not in a while."""
        async with asyncio.timeout(10):
            while True:
                await self.gateway.ask("PJSIPQualify", {"Endpoint": "trunk"})
                await asyncio.sleep(0.05)
                if await self.gateway.reachable("trunk"):
                    return

    def _whistling(self, call: Call, who: str) -> None:
        task = asyncio.create_task(whistle(call, who))
        self.stack.callback(task.cancel)

    async def asks(self, command: str, **fields: Any) -> Any:
        """What a page asks of the core."""
        return await self.asker.ask(command, fields)

    async def talk_is(self, state: str, agent: str = "anna", within: float = 20.0) -> dict[str, Any]:
        """Wait until an agent's talk stands so; as a page sees it."""
        async with asyncio.timeout(within):
            while (now := await self.asks("talks.now", agent=agent))["state"] != state:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return dict(now)

    async def told_last(self, agent: str, state: str, within: float = 20.0) -> dict[str, Any]:
        """Wait until an agent's page is told so."""
        async with asyncio.timeout(within):
            while not (told := [word for word in self.words if _says(word, agent, state)]):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return dict(told[-1])

    async def _listen(self) -> None:
        async with aclosing(self.live.subscribe([CHANNEL])) as ear:
            async for _, word in ear:
                self.words.append(word)

    async def is_now(self, agent: str, state: AgentState) -> None:
        await self.until(lambda: self.state(agent) is state, f"{agent}'s being {state}")

    def state(self, agent: str) -> AgentState | None:
        seat = self.desk.seat(agent)
        return seat.state if seat else None

    async def until(self, holds: Any, what: str, within: float = 30.0) -> None:
        try:
            async with asyncio.timeout(within):
                while not holds():  # noqa: ASYNC110  (a condition, of whatever)
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"waited for {what}") from None

    async def segments(self, kind: str) -> list[Segment]:
        """What the call's record says of a kind of stretch."""
        await self.journal.flush()
        async with self.db.read() as session:
            rows = await session.scalars(select(Segment).where(Segment.kind == SegmentKind(kind)))
            return list(rows)

    # Voices.

    async def sounds(
        self, prompt: Mapping[str, str], values: Mapping[str, Scalar], *, language: str, slow: bool, key: str
    ) -> list[Sound]:
        path = self.node.plan.prompts / "flow-440"
        file = path.with_suffix(".alaw")
        if not file.exists():
            file.write_bytes(PCMA.encode(tone(VOICES["flow"], 3.0)))
            file.chmod(0o644)
        return [Sound("flow", str(path))]


class Telling(Told):
    """Notes what the dialler is told, and tells it."""

    def __init__(self, witness: Witness) -> None:
        super().__init__()
        self._witness = witness

    def __getattribute__(self, name: str) -> Any:
        noted = super().__getattribute__(name)
        if name in {"abandoned", "joined", "released", "call_finished"}:

            def both(*told: Any, **more: Any) -> None:
                noted(*told, **more)
                getattr(self._witness, name)(*told, **more)

            return both
        return noted


def _started(call: CallId, order: TalkOrder, at: datetime) -> CallStart:
    return CallStart(call, Direction.OUTBOUND, at, "node1", "trunk", order.caller_id, order.number)


def _says(word: dict[str, Any], agent: str, state: str) -> bool:
    return (word["agent"], word["state"]) == (agent, state)


@asynccontextmanager
async def open_stage(
    node: NodeRig, loopback: Loopback, db: Database, redis_url: str, recordings: Path
) -> AsyncIterator[Stage]:
    """A node's core with Anna, Bruno and Carla at their telephones, and the public network."""
    stage = Stage(node, loopback, db, redis_url, recordings)
    async with AsyncExitStack() as people:
        stage.carrier = await people.enter_async_context(SipPhone(loopback.city, 5060, user="carrier"))
        await stage.open()
        people.push_async_callback(stage.close)
        for agent, endpoint in NAMES.items():
            account = next(phone for phone in PHONES if phone.name == endpoint)
            phone = SipPhone(loopback.city, login=Login(account.name, account.secret))
            stage.phones[agent] = await people.enter_async_context(phone)
            assert await phone.register(f"sip:{node.plan.sip}") == 200
        try:
            yield stage
        finally:
            for leg in list(stage.gateway.live()):
                await stage.gateway.hang_up(leg)
