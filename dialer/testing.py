"""A telephone network from a script, for tests and simulators: it counts, and takes no attempt twice."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from dialer.ports import DialEnd, Dialled, Order
from values import AttemptId, CentralinoError, Clock


class DialledTwiceError(CentralinoError):
    """An attempt was placed a second time: the one thing that must never happen."""

    error_id = "dialled-twice"


class SwitchAwayError(CentralinoError):
    """The switch cannot be asked."""

    error_id = "switch-away"


@dataclass(frozen=True, slots=True)
class Reaction:
    """What happens when a number is rung: how it ends, after how many seconds."""

    end: DialEnd = DialEnd.ANSWERED
    after: float = 2.0
    cause: int = 16
    sip_cause: str = ""


ANSWERS = Reaction()
BUSY = Reaction(DialEnd.BUSY, 0.5, 17, "486 Busy Here")
IGNORES = Reaction(DialEnd.NO_ANSWER, 30.0, 19, "480 Temporarily Unavailable")
CONGESTED = Reaction(DialEnd.REFUSED, 0.1, 34, "503 Service Unavailable")
LOST = Reaction(DialEnd.FAILED, 1.0, 0)

Script = Mapping[str, Reaction | Sequence[Reaction]] | Callable[[Order], Reaction]
"""Reactions by number (a sequence: by call, the last one repeats), or a function of the order."""


class ScriptedLines:
    """`dialer.ports.Lines` from a script. All waiting is done by the clock that is handed in.

    An answered call stays up until `hang_up`; `on_answer` stands for its flow, after which it hangs up.
    `away` makes the switch unreachable.
    """

    def __init__(
        self,
        clock: Clock,
        script: Script | None = None,
        *,
        otherwise: Reaction = ANSWERS,
        on_answer: Callable[[Order], Awaitable[None]] | None = None,
    ) -> None:
        self._clock = clock
        self._script = script or {}
        self._otherwise = otherwise
        self._on_answer = on_answer
        self._talks: set[asyncio.Task[None]] = set()
        self._up: dict[AttemptId, Order] = {}
        self._calls: Counter[str] = Counter()
        self.orders: list[Order] = []
        """Everything placed, in order."""
        self.most_at_once = 0
        self.away = False

    async def dial(self, order: Order) -> Dialled:
        """Ring, as scripted. Raises `DialledTwiceError` for an attempt that was placed before."""
        if any(order.attempt_id == before.attempt_id for before in self.orders):
            raise DialledTwiceError(f"attempt {order.attempt_id} was placed twice")
        self.orders.append(order)
        reaction = self._reaction(order)
        placed = self._clock.now()
        self._up[order.attempt_id] = order
        self.most_at_once = max(self.most_at_once, len(self._up))
        await self._clock.sleep(min(reaction.after, order.ring_seconds))
        now = self._clock.now()
        if order.attempt_id not in self._up:  # we have hung up meanwhile
            return Dialled(DialEnd.NO_ANSWER, 16, "", placed, None, now)
        if reaction.end is DialEnd.ANSWERED:
            self._talk(order)
            return Dialled(DialEnd.ANSWERED, 0, "", placed, now, now)
        if reaction.end is not DialEnd.FAILED:
            self._up.pop(order.attempt_id, None)
        return Dialled(reaction.end, reaction.cause, reaction.sip_cause, placed, None, now)

    async def hang_up(self, attempt_id: AttemptId) -> None:
        """End a call."""
        self._up.pop(attempt_id, None)

    async def live(self) -> frozenset[AttemptId]:
        """The attempts that are up. Raises `SwitchAwayError` while `away`."""
        if self.away:
            raise SwitchAwayError
        return frozenset(self._up)

    def put_up(self, order: Order) -> None:
        """Have a call up that was placed before this process began."""
        self._up[order.attempt_id] = order

    def _reaction(self, order: Order) -> Reaction:
        if callable(self._script):
            return self._script(order)
        found = self._script.get(order.number, self._otherwise)
        if isinstance(found, Reaction):
            return found
        turn = self._calls[order.number]
        self._calls[order.number] += 1
        return found[min(turn, len(found) - 1)]

    def _talk(self, order: Order) -> None:
        if self._on_answer is None:
            return
        task = asyncio.get_running_loop().create_task(self._finish(order, self._on_answer))
        self._talks.add(task)
        task.add_done_callback(self._talks.discard)

    async def _finish(self, order: Order, flow: Callable[[Order], Awaitable[None]]) -> None:
        await flow(order)
        await self.hang_up(order.attempt_id)
