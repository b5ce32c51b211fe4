"""The telephone network of the year: who answers, how soon, and what they do; written down as ever."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from bench.year.person import Choices, Person
from bench.year.seconds import until_tick
from calls import (
    CallEnd,
    CallStart,
    Direction,
    Journal,
    LiveBoard,
    Segment,
    SegmentKind,
    TraceSink,
)
from dialer import DialEnd, Dialled, Order, Placement
from dialer.testing import DialledTwiceError
from ivr import RunEnd, Runner, RunStart
from values import AttemptId, CallId, Clock

NODE: Final = "year"


@dataclass(frozen=True, slots=True)
class Fate:
    """What ringing somebody comes to, how probable that is, and after how many seconds."""

    end: DialEnd
    share: float
    least: float
    most: float
    cause: int = 0
    sip_cause: str = ""
    machine: bool = False


FATES: Final = (
    Fate(DialEnd.ANSWERED, 0.52, 4, 20),
    Fate(DialEnd.ANSWERED, 0.06, 12, 22, machine=True),
    Fate(DialEnd.NO_ANSWER, 0.28, 30, 30, 19, "480 Temporarily Unavailable"),
    Fate(DialEnd.BUSY, 0.11, 1, 2, 17, "486 Busy Here"),
    Fate(DialEnd.REFUSED, 0.01, 1, 1, 34, "503 Service Unavailable"),
    Fate(DialEnd.REFUSED, 0.02, 1, 2, 1, "404 Not Found"),
)
"""As telephone surveys of those years report it, roughly: half of all calls reach a person."""


class YearLines:
    """Satisfies `dialer.ports.Lines`. What is answered goes through its flow by the real runner.

    `answers` has what people press, by campaign; `placement` and `finished` are the dial loop's.
    """

    def __init__(
        self,
        clock: Clock,
        chance: Random,
        runner: Runner,
        journal: Journal,
        answers: Mapping[str, Sequence[Choices]],
    ) -> None:
        self._clock = clock
        self._chance = chance
        self._runner = runner
        self._journal = journal
        self._board = LiveBoard()
        self._answers = answers
        self._up: set[AttemptId] = set()
        self._talks: set[asyncio.Task[None]] = set()
        self.placement: Callable[[AttemptId], Placement | None] = lambda _: None
        self.finished: Callable[..., None] = lambda *_, **__: None
        self.rung: Counter[str] = Counter()
        """Calls by outcome of the ringing."""
        self.spoken: Counter[tuple[str, str]] = Counter()
        """Flows' ends by campaign and outcome."""
        self.failed: Counter[str] = Counter()
        """Flows that broke, by the step."""
        self.digest = 0
        """A sum over all attempts that were rung: equal to that over all rows only if each was rung once."""
        self.most_at_once = 0

    async def dial(self, order: Order) -> Dialled:
        """Ring. Raises `DialledTwiceError` for an attempt that is up."""
        if order.attempt_id in self._up:
            raise DialledTwiceError(f"attempt {order.attempt_id} was placed twice")
        self._up.add(order.attempt_id)
        self.most_at_once = max(self.most_at_once, len(self._up))
        self.digest = (self.digest + fingerprint(order.attempt_id)) % MODULUS
        placed = self._clock.now()
        self._begin(order)
        fate = self._fate()
        await self._clock.sleep(until_tick(self._clock, self._chance.uniform(fate.least, fate.most)))
        now = self._clock.now()
        self.rung[fate.end.value] += 1
        call = CallId(order.attempt_id)
        self._journal.segment(Segment(call, "customer", SegmentKind.RING, placed, now, order.number))
        if fate.end is DialEnd.ANSWERED:
            task = asyncio.get_running_loop().create_task(self._talk(order, machine=fate.machine))
            self._talks.add(task)
            task.add_done_callback(self._talked)
            return Dialled(fate.end, 0, "", placed, now, now, placed)
        self._up.discard(order.attempt_id)
        self._board.ended(call)
        self._journal.call_ended(CallEnd(call, now, fate.cause, fate.sip_cause, fate.end.value))
        rang = None if fate.end is DialEnd.REFUSED else placed
        return Dialled(fate.end, fate.cause, fate.sip_cause, placed, None, now, rang)

    async def hang_up(self, attempt_id: AttemptId) -> None:
        """Nobody hangs up on the people of this year."""

    async def live(self) -> frozenset[AttemptId]:
        """The attempts that are up."""
        return frozenset(self._up)

    def _begin(self, order: Order) -> None:
        start = CallStart(
            call_id=CallId(order.attempt_id),
            direction=Direction.OUTBOUND,
            at=self._clock.now(),
            node=NODE,
            trunk=order.trunk,
            caller=order.caller_id,
            dialled=order.number,
            flow=order.variables.get("CENTRALINO_FLOW", ""),
            attempt_id=order.attempt_id,
        )
        self._journal.call_started(start)
        self._board.started(start)

    def _fate(self) -> Fate:
        said = self._chance.random()
        for fate in FATES:
            said -= fate.share
            if said < 0:
                return fate
        return FATES[-1]

    async def _talk(self, order: Order, *, machine: bool) -> None:
        """The flow, as `centralino.core.switchboard` runs it on a real line."""
        call = CallId(order.attempt_id)
        placed = self.placement(order.attempt_id)
        assert placed is not None
        began = self._clock.now()
        person = Person(self._clock, self._chance, self._answers[placed.campaign], machine=machine)
        result = await self._runner.run(
            person, _start(call, placed), TraceSink(self._journal, self._board, call)
        )
        if result.how is RunEnd.DONE:
            await person.hear_out()
        elif result.how is not RunEnd.HANGUP:
            self.failed[f"{placed.flow} {result.path}"] += 1
        now = self._clock.now()
        self._journal.segment(Segment(call, "customer", SegmentKind.FLOW, began, now, placed.flow))
        self._journal.call_ended(CallEnd(call, now, 16, "", result.outcome, result.goal))
        self._board.ended(call)
        self.spoken[placed.campaign, result.outcome] += 1
        self._up.discard(order.attempt_id)
        self.finished(order.attempt_id, result.outcome or "hangup", goal=result.goal)

    def _talked(self, task: "asyncio.Task[None]") -> None:
        self._talks.discard(task)
        if not task.cancelled() and (problem := task.exception()):
            self.failed[f"{type(problem).__name__}: {problem}"[:200]] += 1


def _start(call: CallId, placed: Placement) -> RunStart:
    variables = dict(placed.fields)
    language = str(variables.pop("language", "") or "")
    slow = bool(variables.pop("slow", False))
    return RunStart(
        call_id=call,
        flow=placed.flow,
        variables={**variables, "caller": placed.number, "customer_id": placed.customer_id},
        language=language,
        slow=slow,
        caller=placed.number,
    )


MODULUS: Final = 1 << 128


def fingerprint(name: str) -> int:
    """A name as a number: sums of these tell two collections of names apart."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=16).digest(), "big")
