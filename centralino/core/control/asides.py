"""Flows that a customer is sent through in mid-talk: a survey, a payment. And the line of who waits."""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from agents import Desk, Reservation
from calls import Journal, LiveBoard, TraceSink
from centralino.core.control.ports import FlowEnd, Wanted
from centralino.core.joining.ports import Line, TalkOrder
from centralino.core.joining.waiting import Waiter, WaitingLine
from ivr import Library, RunEnd, Runner, RunStart
from values import HangupError, Scalar

STEPS_APART: Final = 100_000
"""By so much the steps of such flows are numbered apart from those of the call's own flow, in one trace."""
LONGEST_WAIT: Final = 300.0
"""Seconds a customer who was put through waits for an agent."""


class FlowRuns:
    """Satisfies `control.ports.Flows`."""

    def __init__(self, runner: Runner, library: Library, journal: Journal, board: LiveBoard) -> None:
        self._runner = runner
        self._library = library
        self._journal = journal
        self._board = board

    def known(self, flow: str) -> bool:
        """Whether there is a published one of this name."""
        return flow in self._library.edition().published

    async def run(
        self, line: Line, order: TalkOrder, flow: str, fields: Mapping[str, Scalar], times: int
    ) -> FlowEnd:
        """See them through it; raises `HangupError`."""
        known = {name: value for name, value in order.fields.items() if name != "slow"}
        start = RunStart(
            call_id=line.call_id,
            flow=flow,
            variables={**known, **fields, "caller": order.number, "customer_id": order.customer_id},
            language=order.language,
            slow=order.fields.get("slow") is True,
            caller=order.number,
        )
        trace = TraceSink(self._journal, self._board, line.call_id)
        result = await self._runner.run(line, start, trace, first_seq=STEPS_APART * times)
        if result.how is RunEnd.HANGUP:
            raise HangupError
        return FlowEnd(result.outcome, result.goal)


class Given(Protocol):
    """An agent of a queue."""

    @property
    def reservation(self) -> Reservation:
        """Who holds them."""
        ...

    @property
    def order(self) -> TalkOrder:
        """What their screen shows."""
        ...


class Halls(Protocol):
    """The named queues; `queueing.Hall` is one."""

    def known(self, queue: str) -> bool:
        """Whether there is a queue of this name that takes callers."""
        ...

    def serves(self, order: TalkOrder, call: str, queue: str) -> bool:
        """Whether somebody may come to a customer in a queue."""
        ...

    def pick(self, order: TalkOrder, call: str, queue: str) -> Reservation | None:
        """An agent of a queue who is free at once."""
        ...

    def turn_missed(self, call: str) -> None:
        """The agent of a call's turn was not there."""
        ...

    def turn_left(self, call: str) -> None:
        """A call is over, perhaps before it was joined with the agent of its turn."""
        ...

    async def turn(
        self, line: Line, order: TalkOrder, queue: str, *, front: bool = ..., agent: str = ...
    ) -> Given | None:
        """Wait in a queue, with music that plays already."""
        ...


class WaitingAgents:
    """Satisfies `control.ports.NextAgent`: a named queue, or just the next agent who knows what is wanted.

    They have been promised somebody, so they go before everybody else.
    """

    def __init__(
        self, desk: Desk, waiting: Callable[[], WaitingLine], halls: Callable[[], Halls | None]
    ) -> None:
        """Both are asked for late: they are made after talks can be steered."""
        self._desk = desk
        self._waiting = waiting
        self._late_halls = halls

    @property
    def _halls(self) -> Halls | None:
        return self._late_halls()

    def known(self, queue: str) -> bool:
        """Whether there is a queue of this name."""
        return self._halls is not None and self._halls.known(queue)

    def serves(self, order: TalkOrder, call: str, queue: str) -> bool:
        """Whether it is open, and somebody is at work who could take this customer."""
        return self._halls is not None and self._halls.serves(order, call, queue)

    def not_there(self, call: str) -> None:
        """The agent of their turn was not there: they wait on."""
        if self._halls is not None:
            self._halls.turn_missed(call)

    def left(self, call: str) -> None:
        """They hung up; nothing happens unless they were not joined with the agent of their turn yet."""
        if self._halls is not None:
            self._halls.turn_left(call)

    def pick(self, order: TalkOrder, call: str, queue: str) -> Reservation | None:
        """An agent of the queue who is free at once; None when nobody is."""
        return self._halls.pick(order, call, queue) if self._halls else None

    async def turn(
        self, line: Line, order: TalkOrder, wanted: Wanted
    ) -> tuple[Reservation, TalkOrder] | None:
        """Wait; None when it took too long. Raises `HangupError`."""
        queue = wanted.queue or order.queue
        if self._halls is not None and self._halls.known(queue):
            met = await self._halls.turn(line, order, queue, front=True, agent=wanted.agent)
            return (met.reservation, met.order) if met else None
        waiter = Waiter(
            line.call_id,
            self._desk.seconds(),
            skill=wanted.skill,
            agent=wanted.agent,
            campaign=order.campaign,
            wrap=order.wrap_seconds,
            inbound=True,
            front=True,
        )

        async def nothing() -> None:
            """They hear music already."""

        reservation = await self._waiting().turn(waiter, LONGEST_WAIT, line.gone, nothing)
        return (reservation, order) if reservation else None
