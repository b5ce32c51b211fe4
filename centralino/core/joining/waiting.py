"""Who waits for an agent: a fair line for the node, matched with agents whenever either side changes.

The order is: who rang us, then who has waited longest, with the head start that a queue gives customers of
value (`agents.queues.rules`). Who needs what no free agent knows holds up nobody behind. No I/O; the time is
the desk's own.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from agents import AgentState, Desk, Need, Reservation, Seat
from agents.needs import need_of
from agents.queues.rules import offered, turn_of
from values import HangupError


@dataclass(slots=True, eq=False)
class Waiter:
    """Somebody on the line."""

    call: str
    since: float
    """When they were answered, by the desk's clock."""
    skill: str = ""
    agent: str = ""
    """The agent they were promised: the first to be asked, but rather somebody else than nobody."""
    campaign: str = ""
    wrap: float | None = None
    """Seconds of wrap-up their talk gives."""
    inbound: bool = False
    need: Need | None = None
    """What a queue's caller needs besides or instead of `skill`."""
    queue: str = ""
    head: float = 0.0
    """The head start that their value gives them, in seconds."""
    front: bool = False
    """Before all others who rang us."""
    absent: bool = False
    """They keep their place and are to be called back: nobody is on the line."""
    served: "asyncio.Future[Reservation]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    @property
    def turn(self) -> tuple[bool, bool, float]:
        """The lower goes first."""
        return turn_of(inbound=self.inbound, front=self.front, since=self.since, head=self.head)

    @property
    def wanted(self) -> Need:
        """What an agent must know."""
        return self.need or need_of(self.skill)


class WaitingLine:
    """Gives free agents to whoever's turn it is. The desk's changes are heeded from the moment it is made."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: list[Waiter] = []
        self._due = False
        desk.on_change(self._changed)

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Waiter]:
        return iter(sorted(self._waiting, key=lambda waiter: waiter.turn))

    def enter(self, waiter: Waiter) -> None:
        """Wait from now on. `served` may be done when this returns."""
        self._waiting.append(waiter)
        self._count(waiter)
        self._match()

    def leave(self, waiter: Waiter) -> None:
        """Wait no longer: they are gone, or their time is over. An agent just given to them is given back."""
        if waiter in self._waiting:
            self._waiting.remove(waiter)
            self._count(waiter)
        if waiter.served.done() and not waiter.served.cancelled():
            self._desk.release(waiter.served.result())
        else:
            waiter.served.cancel()

    async def turn(
        self,
        waiter: Waiter,
        within: float,
        gone: Callable[[], Awaitable[None]],
        meanwhile: Callable[[], Awaitable[None]],
    ) -> Reservation | None:
        """Wait for at most `within` seconds; None when they are over.

        `gone` ends when whoever waits is gone, `meanwhile` is begun unless an agent is free at once. Raises
        `HangupError`. Whoever got no agent here, however that came, is in the line no more.
        """
        self.enter(waiter)
        if waiter.served.done():
            return waiter.served.result()
        leaving = asyncio.ensure_future(gone())
        try:
            await meanwhile()
            await asyncio.wait((waiter.served, leaving), timeout=within, return_when=asyncio.FIRST_COMPLETED)
            if not leaving.done() and waiter.served.done():
                return waiter.served.result()
        except BaseException:
            self.leave(waiter)
            raise
        finally:
            leaving.cancel()
        self.leave(waiter)
        if leaving.done() and not leaving.cancelled():
            raise HangupError
        return None

    def look(self) -> None:
        """Somebody may have become free whom the desk does not tell of."""
        self._match()

    def _changed(self, seat: Seat, _before: AgentState) -> None:
        """Somebody is free. Matched after the desk has told everybody, since matching changes the desk."""
        if seat.state is AgentState.READY and self._waiting and not self._due:
            self._due = True
            asyncio.get_running_loop().call_soon(self._match_due)

    def _match_due(self) -> None:
        self._due = False
        self._match()

    def _match(self) -> None:
        fruitless: set[tuple[bool, Need, str]] = set()
        for waiter in self:
            want = (waiter.inbound, waiter.wanted, waiter.agent)
            if want in fruitless or waiter.served.done():
                continue
            reservation = self._reserve(waiter)
            if reservation is None:
                fruitless.add(want)
                continue
            self._waiting.remove(waiter)
            self._count(waiter)
            waiter.served.set_result(reservation)

    def _reserve(self, waiter: Waiter) -> Reservation | None:
        promised = waiter.agent and self._desk.reserve_agent(
            waiter.agent,
            waiter.call,
            skill=waiter.skill,
            campaign=waiter.campaign,
            wrap=waiter.wrap,
            inbound=waiter.inbound,
        )
        if promised:
            return promised
        if waiter.need is not None:
            return self._offer(waiter, waiter.need)
        return self._desk.reserve(
            waiter.call,
            skill=waiter.skill,
            campaign=waiter.campaign,
            wrap=waiter.wrap,
            inbound=waiter.inbound,
        )

    def _offer(self, waiter: Waiter, need: Need) -> Reservation | None:
        """The free who fit are asked in the queue's order."""
        free = [seat for seat in self._desk if seat.state is AgentState.READY and seat.parked]
        for agent in offered(need, free):
            if held := self._desk.reserve_agent(agent, waiter.call, wrap=waiter.wrap, inbound=waiter.inbound):
                return held
        return None

    def _count(self, waiter: Waiter) -> None:
        """The desk keeps agents back for those who rang us."""
        if waiter.inbound:
            counts = Counter(each.wanted for each in self._waiting if each.inbound)
            self._desk.inbound.waits(waiter.wanted, counts[waiter.wanted])
