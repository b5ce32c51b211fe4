"""A crew room on a real Asterisk, with its own database and Redis, and telephones that agents hold."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from agents import AgentCard, AgentState, Disposal, put_agents
from ami import Account, Gateway, Timings
from asterisk_conf import PhonePlan
from centralino.core.crewroom import CrewRoom
from store import Answerer, Asker, Database, LiveStore
from tests.rig import Loopback, NodeRig
from tests.sip import Login, SipPhone
from values import SystemClock

PHONES = tuple(PhonePlan(f"agent{number:02d}", f"secret-of-{number}") for number in (1, 2, 3))
NAMES = {"anna": "agent01", "bruno": "agent02", "carla": "agent03"}


@dataclass
class Room:
    """One core's agents, and who asks it from outside."""

    crew: CrewRoom
    gateway: Gateway
    asker: Asker
    said: list[Disposal] = field(default_factory=list)

    def state(self, agent: str) -> AgentState | None:
        seat = self.crew.desk.seat(agent)
        return seat.state if seat else None

    async def ask(self, command: str, **fields: Any) -> Any:
        return await self.asker.ask(command, fields)

    async def signed_in(self, *agents: str) -> None:
        await self.ask("agents.sign_in", agents=list(agents))
        for agent in agents:
            await self.is_now(agent, AgentState.READY)

    async def is_now(self, agent: str, state: AgentState, *, within: float = 20.0) -> None:
        await self.until(lambda: self.state(agent) is state, f"{agent} to be {state}", within=within)

    async def until(self, holds: Callable[[], bool], what: str, *, within: float = 20.0) -> None:
        """Wait for something that the desk will see; each change of the desk is looked at."""
        changed = asyncio.Event()
        self.crew.desk.on_change(lambda *_: changed.set())
        try:
            async with asyncio.timeout(within):
                while not holds():
                    changed.clear()
                    # not everything is a change of state: a leg that is parked again is looked for too
                    with_news = asyncio.create_task(changed.wait())
                    await asyncio.wait([with_news], timeout=0.05)
                    with_news.cancel()
        except TimeoutError:
            seats = {seat.agent: (seat.state.value, seat.parked) for seat in self.crew.desk}
            raise AssertionError(f"waited for {what}; there are {seats}") from None


@asynccontextmanager
async def open_room(node: NodeRig, database: Database, redis_url: str) -> AsyncIterator[Room]:
    """A core's agents from its start to its orderly end."""
    clock = SystemClock()
    live = LiveStore(redis_url, clock)
    at = node.plan.ami_account
    gateway = Gateway(
        Account(at.at.host, at.at.port, at.user, at.secret), clock, timings=Timings(last_retry=0.5)
    )
    crew = CrewRoom(
        database,
        live,
        gateway,
        clock,
        node="node1",
        phones=[phone.name for phone in PHONES],
        city_trunk="trunk",
    )
    room = Room(crew, gateway, Asker(live, clock))

    async def dispose(said: Disposal) -> None:
        room.said.append(said)

    answerer = Answerer(live, clock)
    crew.answer(answerer, dispose)
    await crew.start()
    answering = asyncio.create_task(answerer.run())
    gateway.start()
    await gateway.ready(20)
    try:
        yield room
    finally:
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)
        await crew.close()
        await gateway.close()
        await live.close()


async def hire(database: Database) -> None:
    """Anna, Bruno and Carla work here, and simulated ones with the town's telephones."""
    cards = [AgentCard(name, endpoint, skills=frozenset({"it"})) for name, endpoint in NAMES.items()]
    cards += [AgentCard(f"sim-{number:03d}", f"city:{number:03d}") for number in range(3)]
    async with database.write() as session:
        await put_agents(session, cards, now=SystemClock().now())


@asynccontextmanager
async def telephone(node: NodeRig, loopback: Loopback, agent: str) -> AsyncIterator[SipPhone]:
    """An agent's telephone, registered; it picks up."""
    account = next(phone for phone in PHONES if phone.name == NAMES[agent])
    registrar = f"sip:{node.plan.sip}"
    async with SipPhone(loopback.city, login=Login(account.name, account.secret)) as phone:
        assert await phone.register(registrar) == 200
        yield phone
        await phone.register(registrar, expires=0)
