"""One caller's waiting on the line: music, their place told, a key for being called back, until it ends."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from agents import Reservation
from agents.queues import Happening, Queue, Visit, VisitEnd
from agents.queues.rules import Due, Ring, next_due
from centralino.core.joining.ports import Line
from centralino.core.joining.waiting import Waiter, WaitingLine
from centralino.core.queueing.keeper import Keeper
from centralino.core.queueing.words import CALL_BACK_KEY, QueueWords
from values import HangupError, Sound

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sight:
    """What the line can say of somebody's chances."""

    position: Callable[[Waiter], int]
    estimate: Callable[[Waiter], float | None]
    seconds: Callable[[], float]
    """The desk's clock."""
    still: Callable[[], VisitEnd | None]
    """Why nobody will come any more, if so: closed meanwhile, nobody at work."""


_ENDS: Final = {Ring.TIMEOUT: VisitEnd.TIMEOUT, Ring.OVERFLOW: VisitEnd.OVERFLOW}
A_MOMENT: Final = 0.01
"""What is due in less is due: no waiting is as exact as a sum of seconds."""
LOOK_SECONDS: Final = 5.0
"""How often it is looked whether anybody will come at all."""


class Stay:
    """Waits with somebody. Made anew for each time they come into a queue."""

    def __init__(
        self,
        line: Line,
        queue: Queue,
        visit: Visit,
        waiter: Waiter,
        *,
        waiting: WaitingLine,
        keeper: Keeper,
        words: QueueWords,
        sight: Sight,
        may_call_back: bool,
        language: str,
        quiet: bool = False,
    ) -> None:
        """`quiet`: they hear music already, and are told nothing."""
        self._line = line
        self._queue = queue
        self._visit = visit
        self._waiter = waiter
        self._waiting = waiting
        self._keeper = keeper
        self._words = words
        self._sight = sight
        self._may_call_back = may_call_back
        self._language = language
        self._quiet = quiet
        self._music = quiet
        self._told: float | None = None
        self._offered = False
        self._key = ""

    async def until_over(self) -> Reservation | VisitEnd:
        """An agent who is theirs, or how the waiting ended without one. Raises `HangupError`.

        The music is over then, unless they were `quiet`. With an agent the visit is not over before the desk
        says that they are joined.
        """
        self._waiting.enter(self._waiter)
        if self._waiter.served.done():
            return self._waiter.served.result()
        leaving = asyncio.ensure_future(self._line.gone())
        try:
            end = await self._wait(leaving)
            if not self._quiet:
                await self._play_music(on=False)
        except BaseException:
            self._waiting.leave(self._waiter)
            raise
        finally:
            leaving.cancel()
        if end is None and self._waiter.served.done():
            return self._waiter.served.result()
        self._waiting.leave(self._waiter)
        return end or VisitEnd.TIMEOUT

    @property
    def _waited(self) -> float:
        return self._sight.seconds() - self._waiter.since

    async def _wait(self, leaving: "asyncio.Future[None]") -> VisitEnd | None:
        """None when an agent is theirs."""
        while not self._waiter.served.done():
            await self._play_music(on=True)
            due = self._next()
            await self._news(leaving, min(due.at - self._waited, LOOK_SECONDS))
            if leaving.done():
                raise HangupError
            if not self._waiter.served.done() and (end := await self._come_to(due)) is not None:
                return end
        return None

    async def _come_to(self, due: Due) -> VisitEnd | None:
        """How the waiting ends now; None when it goes on."""
        if self._key:
            return VisitEnd.KEY
        if (end := self._sight.still()) is not None:
            return end
        if due.at - self._waited > A_MOMENT:
            return None
        if due.what in _ENDS:
            return _ENDS[due.what]
        await self._tell(offer=due.what is Ring.OFFER)
        return VisitEnd.KEY if self._key and not self._waiter.served.done() else None

    def _next(self) -> Due:
        due = next_due(
            self._queue,
            self._waited,
            told=self._told,
            offered=self._offered,
            may_offer=self._may_call_back,
            estimate=self._sight.estimate(self._waiter),
        )
        if self._quiet and due.what not in _ENDS:
            return Due(Ring.TIMEOUT, self._queue.longest_wait)
        return due

    async def _news(self, leaving: "asyncio.Future[None]", within: float) -> None:
        """Wait for an agent, a hang-up, a key, or so many seconds."""
        awaited: list[asyncio.Future[object]] = [self._waiter.served, leaving]  # type: ignore[list-item]
        pressing: asyncio.Future[str] | None = None
        if self._offered:
            pressing = asyncio.ensure_future(self._line.pressed(CALL_BACK_KEY))
            awaited.append(pressing)  # type: ignore[arg-type]
        try:
            await asyncio.wait(awaited, timeout=max(0.0, within), return_when=asyncio.FIRST_COMPLETED)
            if pressing is not None and pressing.done():
                self._key = pressing.result()
        finally:
            if pressing is not None:
                pressing.cancel()
                with contextlib.suppress(asyncio.CancelledError, HangupError):
                    await pressing

    async def _tell(self, *, offer: bool) -> None:
        """Their place, and how to be called back; it breaks off between words when an agent is theirs."""
        position, estimate = self._sight.position(self._waiter), self._sight.estimate(self._waiter)
        sounds: list[Sound] = []
        if not offer or self._told is None:
            sounds += await self._words.place(self._queue, self._language, position, estimate)
            self._keeper.note(self._visit, Happening.TOLD, position=position, estimate=estimate)
            if self._visit.estimate is None:
                self._visit.estimate = estimate
        if offer:
            self._keeper.note(self._visit, Happening.OFFER)
        if offer or self._offered:
            sounds += await self._words.offer(self._language)
            self._offered = True
        self._told = self._waited
        if sounds:
            await self._say(sounds)

    async def _say(self, sounds: Sequence[Sound]) -> None:
        await self._play_music(on=False)
        for sound in sounds:
            if self._waiter.served.done():
                return
            self._key = await self._line.play([sound], keys=CALL_BACK_KEY if self._offered else "")
            if self._key:
                return

    async def _play_music(self, *, on: bool) -> None:
        if on == self._music:
            return
        self._music = on
        if on:
            await self._line.execute("StartMusicOnHold", self._queue.music)
        else:
            await self._line.execute("StopMusicOnHold")
