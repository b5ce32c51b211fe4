"""A real Asterisk, agents' parked legs, customers at their telephones, and the joiner between them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from agents import Desk
from agi import Server, Session
from ami import Account, BridgeEntered, Gateway, Originate
from centralino.core.joining import (
    Announcements,
    AtTheMachine,
    Joiner,
    Line,
    Outcome,
    Recorder,
    Talking,
    TalkOrder,
    load_laws,
)
from tests.core.joining.told import FirmLegs, Told
from tests.rig import Loopback, NodeRig
from tests.sip import PCMA, Call, SipPhone, tone
from values import AttemptId, HangupError, PhoneNumber, Scalar, Sound, SystemClock, new_id

AGENT_PORT = 5080
NUMBER = PhoneNumber("+393290000017")
SHOWN = "+390650000611"
SORRY, KEY, GOODBYE, WHO, MESSAGE = 500, 620, 1100, 1800, 2300
"""Hertz of what is said."""
_TONES = {"abandoned": SORRY, "opt_out": KEY, "opted_out": GOODBYE, "who_calls": WHO}


class Scene(FirmLegs):
    """One node with its joiner; agents ring in, customers are rung."""

    def __init__(self, node: NodeRig, loopback: Loopback, recordings: Path, *, town: bool = False) -> None:
        """With `town` others answer at the carrier's address; customers are numbers then."""
        self.node = node
        self.clock = SystemClock()
        self.desk = Desk(self.clock.monotonic)
        self.told = Told()
        self.begun = asyncio.Event()
        """A session has begun."""
        self.pops: list[Mapping[str, object]] = []
        self.opted_out: list[str] = []
        self.orders: dict[str, TalkOrder] = {}
        self.inbound: Callable[[Session], Awaitable[None]] | None = None
        """Where those go who ring us."""
        self.recordings = recordings
        self.customers = SipPhone(loopback.city, 5060, user="customer")
        self.agents = SipPhone(loopback.city, AGENT_PORT, user="agent")
        self.gateway = Gateway(
            Account(node.plan.ami.host, node.plan.ami.port, "centralino", node.plan.ami_secret), self.clock
        )
        self._legs: dict[str, str] = {}
        self._host = loopback.city
        self._stack = AsyncExitStack()
        self._town = town
        announcements = Announcements(self, "Centralino")
        talking = Talking(self.desk, self, self.told, self.pops.append, self.clock)
        self.joiner = Joiner(
            self.desk,
            talking,
            AtTheMachine(
                announcements,
                self._leave_message,
                self.clock,
                recordings,
                reply_seconds=12.0 if town else 5.0,
            ),
            announcements,
            Recorder(recordings),
            self.told,
            self._opt_out,
            load_laws(),
            self.clock,
        )
        self.gateway.subscribe(BridgeEntered, self.joiner.heard_entered)
        self.server = self._server()

    async def __aenter__(self) -> Self:
        for part in (self.server, self.gateway, self.agents):
            await self._stack.enter_async_context(part)
        if not self._town:
            await self._stack.enter_async_context(self.customers)
        await self.gateway.ready(10.0)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.joiner.close()
        await self._stack.aclose()

    # Agents.

    async def agent(self, name: str, behaviour: Callable[[Call], Awaitable[None]] | None = None) -> Call:
        """Nail an agent's leg up and sit them at the desk; gives their telephone's call."""
        self.agents.on_call = behaviour or speaks(1004)
        leg = new_id(f"agent-{name}-")
        parked = self._parked(leg)
        result = await self.gateway.dial(
            Originate(
                channel=f"PJSIP/trunk/sip:agent@{self._host}:{AGENT_PORT}",
                context="agent-park", exten="s", channel_id=leg, caller_id="1", timeout=10, variables={},
            )
        )  # fmt: skip
        assert result.answered_at, result
        await asyncio.wait_for(parked, 5)
        self._legs[name] = self.gateway.live()[leg].name
        self.desk.sign_in(name)
        return self.agents.calls[-1]

    def leg(self, agent: str) -> str | None:
        return self._legs.get(agent)

    def _parked(self, leg: str) -> "asyncio.Future[None]":
        parked: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def heard(event: BridgeEntered) -> None:
            if event.uniqueid == leg and not parked.done():
                parked.set_result(None)

        self.gateway.subscribe(BridgeEntered, heard)
        return parked

    # Customers.

    async def ring(self, behaviour: Callable[[Call], Awaitable[None]], **order: Any) -> Call:
        """Ring a customer who does so; the call is up when this returns."""
        self.customers.on_call = behaviour
        await self.call(NUMBER, **order)
        return self.customers.calls[-1]

    async def call(self, number: PhoneNumber, **order: Any) -> AttemptId:
        """Ring a number; the call is up when this returns."""
        attempt = AttemptId(new_id("a"))
        plain = TalkOrder(attempt, "spring", number, SHOWN, purpose="marketing", language="en")
        self.orders[attempt] = replace(plain, **order)
        result = await self.gateway.dial(
            Originate(
                channel=f"PJSIP/{number}@trunk",
                context="outbound", exten="s", channel_id=attempt, caller_id=SHOWN, timeout=30, variables={},
            )
        )  # fmt: skip
        assert result.answered_at, result
        return attempt

    async def outcome(self, within: float = 30.0) -> str:
        """What the latest call came to."""
        await asyncio.wait_for(self.told.over.wait(), within)
        self.told.over.clear()
        return list(self.told.outcomes.values())[-1]

    async def until_told(self, kind: str, within: float = 30.0) -> None:
        """Wait until the dialler has been told something."""
        async with asyncio.timeout(within):
            while not self.told.of(kind):
                self.told.news.clear()
                await self.told.news.wait()

    async def written(self, raw: Path, within: float = 20.0) -> None:
        """Wait until a recording is whole: Asterisk writes the rest of it when the channel is gone."""
        async with asyncio.timeout(within):
            before = -1
            while (now := raw.stat().st_size if raw.exists() else 0) != before or not now:
                before = now
                await asyncio.sleep(0.5)

    async def restart_core(self) -> None:
        """The sessions are let go as in a crash; a new core listens."""
        await self.server.stop()
        self.server = self._server()
        await self._stack.enter_async_context(self.server)

    # What the core would do.

    def _server(self) -> Server:
        at, secret = self.node.plan.agi, self.node.plan.agi_secret
        return Server(at.host, at.port, secret, self._take, clock=self.clock, recordings=self.recordings)

    async def _take(self, session: Session) -> None:
        self.begun.set()
        try:
            if self.inbound and session.call_id not in self.orders:
                await self.inbound(session)
                await session.mark("CENTRALINO_DONE", "1")
                return
            order = self.orders[session.call_id]
            if session.route == "outbound":
                await self.joiner.take(session, order)
            elif session.route == "talked":
                assert self.joiner.talked(order) is Outcome.TALKED
            else:
                await self.joiner.resume(session, order)
            await session.mark("CENTRALINO_DONE", "1")
        except HangupError:
            pass

    async def _opt_out(self, order: TalkOrder) -> None:
        self.opted_out.append(order.number)

    async def _leave_message(self, line: Line, order: TalkOrder) -> bool:
        await line.play([self.sound(MESSAGE, 1.0)])
        return True

    async def sounds(
        self, prompt: Mapping[str, str], values: Mapping[str, Scalar], *, language: str, slow: bool, key: str
    ) -> list[Sound]:
        return [self.sound(_TONES[key.partition(".")[2]], 0.8)]

    def sound(self, hertz: int, seconds: float) -> Sound:
        path = self.node.plan.prompts / f"tone-{hertz}-{round(seconds * 1000)}"
        file = path.with_suffix(".alaw")
        if not file.exists():
            file.write_bytes(PCMA.encode(tone(hertz, seconds)))
            file.chmod(0o644)
        return Sound(f"{hertz} Hz", str(path))


def speaks(
    hertz: float, *, first: Sequence[int] = (), after: float = 0.0
) -> Callable[[Call], Awaitable[None]]:
    """Answers, says something after a moment, then whistles until the end of the call."""

    async def behave(call: Call) -> None:
        await call.answer()
        await asyncio.sleep(after)
        if first:
            await call.say(first)
        while True:
            await call.say(tone(hertz, 0.5))

    return behave


def says(*parts: Sequence[int]) -> Callable[[Call], Awaitable[None]]:
    """Answers, says these in turn, and is silent then."""

    async def behave(call: Call) -> None:
        await call.answer()
        for part in parts:
            await call.say(part)

    return behave
