"""Wrap-ups: each ends by itself after its time, sooner when the agent is ready, later when they ask."""

import asyncio
from collections.abc import Callable
from typing import Final

from agents.desk import Desk
from agents.seat import AgentState, Seat
from values import Clock

WRAP_SECONDS: Final = 30.0
"""Where no campaign says otherwise."""


class WrapUps:
    """The timers of a desk's wrap-ups. Nobody becomes ready while their leg is on its way to its park."""

    def __init__(
        self, desk: Desk, clock: Clock, *, on_its_way: Callable[[str], bool], usual: float = WRAP_SECONDS
    ) -> None:
        """`on_its_way`: whether an agent's leg is up, and not in its park. `desk` must count by `clock`."""
        self._desk = desk
        self._clock = clock
        self._on_its_way = on_its_way
        self._usual = usual
        self._until: dict[str, float] = {}
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._due: set[str] = set()
        desk.on_change(self._turned)

    def begin(self, seat: Seat) -> None:
        """A wrap-up runs, from when the seat says."""
        seat.wrap_until = seat.since + (self._usual if seat.wrap is None else seat.wrap)
        self._until[seat.agent] = seat.wrap_until
        self._timers[seat.agent] = asyncio.get_running_loop().create_task(self._run(seat.agent))

    def more(self, agent: str, seconds: float) -> bool:
        """So many seconds more. False when they are in no wrap-up."""
        if agent not in self._timers:
            return False
        self._until[agent] += seconds
        if seat := self._desk.seat(agent):
            seat.wrap_until = self._until[agent]
        return True

    def ready(self, agent: str) -> None:
        """They want the next call, whatever they do now."""
        seat = self._desk.seat(agent)
        if seat and seat.state is AgentState.WRAP_UP and self._on_its_way(agent):
            seat.leaving = seat.going_home = False
            self._due.add(agent)
        else:
            self._desk.ready(agent)

    def end(self, agent: str) -> None:
        """Their wrap-up is over; a pause or a sign-out that they asked for before holds now."""
        if agent not in self._timers:
            return
        if self._on_its_way(agent):
            self._due.add(agent)
        else:
            self._desk.wrapped_up(agent)

    def is_due(self, agent: str) -> bool:
        """Whether their wrap-up is over as soon as their leg is back."""
        return agent in self._due

    def leg_settled(self, agent: str) -> None:
        """Their leg is back in its park, or gone."""
        if agent in self._due:
            self._desk.wrapped_up(agent)

    async def close(self) -> None:
        """Stop all timers."""
        timers = list(self._timers.values())
        for timer in timers:
            timer.cancel()
        await asyncio.gather(*timers, return_exceptions=True)

    async def _run(self, agent: str) -> None:
        while (left := self._until[agent] - self._clock.monotonic()) > 0:
            await self._clock.sleep(left)
        self._timers.pop(agent, None)
        if self._on_its_way(agent):
            self._due.add(agent)
        else:
            self._desk.wrapped_up(agent)

    def _turned(self, seat: Seat, _before: AgentState) -> None:
        if seat.state is AgentState.WRAP_UP:
            self.begin(seat)
            return
        self._due.discard(seat.agent)
        self._until.pop(seat.agent, None)
        if timer := self._timers.pop(seat.agent, None):
            timer.cancel()
