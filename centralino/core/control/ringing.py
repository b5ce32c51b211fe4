"""An agent for whom somebody is being rung hears it ring: a call they asked for, or promised."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from agents import AgentState, Desk, Seat
from centralino.core.control.guests import PARK, RINGING
from centralino.core.control.ports import Seats, Switch

AskedFor = Callable[[str], str]
"""The agent to whom a call was promised that is being placed, by its id; '' nobody."""


class Ringing:
    """Sends agents' legs to the park in which it rings, and back."""

    def __init__(self, desk: Desk, seats: Seats, switch: Switch, asked_for: AskedFor) -> None:
        self._desk = desk
        self._seats = seats
        self._switch = switch
        self._asked_for = asked_for
        self._heard: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        desk.on_change(self._turned)

    def rings_for(self, agent: str) -> bool:
        """Whether somebody is being rung for them, or was until just now."""
        return agent in self._heard

    def _turned(self, seat: Seat, _before: AgentState) -> None:
        agent = seat.agent
        if seat.state is AgentState.RESERVED:  # the dialler holds them before it knows the call itself
            asyncio.get_running_loop().call_soon(self._begin, seat, seat.call)
        elif agent in self._heard:
            self._heard.discard(agent)
            if seat.state is AgentState.TALKING:
                self._desk.keep(agent, kept=False)
            else:
                self._spawn(self._silent(agent))

    def _begin(self, seat: Seat, call: str) -> None:
        held = seat.state is AgentState.RESERVED and seat.call == call
        if held and self._asked_for(call) == seat.agent:
            self._heard.add(seat.agent)
            self._desk.keep(seat.agent, kept=True)  # its way from park to park says nothing of the agent
            self._spawn(self._send(seat.agent, RINGING))

    async def _silent(self, agent: str) -> None:
        await self._send(agent, PARK)
        if agent not in self._heard:
            self._desk.keep(agent, kept=False)

    async def _send(self, agent: str, where: tuple[str, str]) -> None:
        if channel := self._seats.channel(agent):
            await self._switch.send(channel, *where)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
