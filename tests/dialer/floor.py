"""A floor of agents for the dial loop's tests: whoever answers is joined with the longest idle one."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from agents import AgentState, Desk, Reservation
from dialer import DialLoop, Order, Placement
from tests.dialer.world import World
from values import AttemptId

WITHIN = 2.0
"""Seconds a customer waits for an agent."""


@dataclass
class Floor:
    """Agents who talk for `talk` seconds and wrap up for `wrap`."""

    world: World
    talk: float = 60.0
    wrap: float = 10.0
    joined: list[tuple[str, str]] = field(default_factory=list)
    abandoned: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.desk = Desk(self.world.clock.monotonic)
        self.world.lines._on_answer = self._answered
        self._tasks: set[asyncio.Task[None]] = set()

    def sign_in(self, names: Iterable[str], *, skills: Iterable[str] = ()) -> None:
        for name in names:
            self.desk.sign_in(name, list(skills))

    def loop(self) -> DialLoop:
        return self.world.loop(desk=self.desk)

    async def _answered(self, order: Order) -> None:
        placement = next(
            (found for loop in self.world.loops if (found := loop.placement(order.attempt_id))), None
        )
        assert placement is not None
        held = await self._agent(order.attempt_id, placement)
        for loop in self.world.loops:
            if held is None:
                loop.witness.abandoned(order.attempt_id)
                loop.call_finished(order.attempt_id, "abandoned")
            else:
                loop.witness.joined(order.attempt_id, agent=held.agent, at=self.world.clock.now())
        if held is None:
            self.abandoned.append(order.number)
            return
        self.joined.append((order.number, held.agent))
        assert self.desk.talking(held)
        await self.world.clock.sleep(self.talk)
        self.desk.talked(held.agent)
        for loop in self.world.loops:
            loop.witness.released(order.attempt_id, at=self.world.clock.now())
            loop.call_finished(order.attempt_id, "talked")
        task = asyncio.create_task(self._wrap_up(held.agent))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _agent(self, call: AttemptId, placement: Placement) -> Reservation | None:
        skill, campaign = placement.skill, placement.campaign
        waited = 0.0
        while True:
            asked = placement.agent and self.desk.reserve_agent(
                placement.agent, call, skill=skill, campaign=campaign
            )
            if held := asked or self.desk.reserve(call, skill=skill, campaign=campaign):
                return held
            if waited >= WITHIN:
                return None
            await self.world.clock.sleep(0.1)
            waited += 0.1

    async def _wrap_up(self, agent: str) -> None:
        await self.world.clock.sleep(self.wrap)
        seat = self.desk.seat(agent)
        if seat and seat.state is AgentState.WRAP_UP:
            self.desk.wrapped_up(agent)
