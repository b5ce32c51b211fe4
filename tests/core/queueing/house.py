"""A desk, its line, queues and callers, on virtual time; the book is kept in memory."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from agents import Desk
from agents.queues import Book, Queue, Visit, queue_of
from centralino.core.joining import CallerLine, Talking, TalkOrder, WaitingLine
from centralino.core.queueing import Hall, QueueWords
from centralino.core.queueing.ports import Whose
from ivr.player.typed import TypedConversation
from store import Database, StoreUnavailableError
from tests.core.joining.told import FirmLegs, Told
from values import AttemptId, CallId, HangupError, Keyed, KeyedEnd, PhoneNumber, Scalar, Sound, TransferEnd
from values.testing import VirtualClock, virtual_time

NUMBER = PhoneNumber("+393290000017")
SOUND_SECONDS = 2.0


class Caller(TypedConversation):
    """A caller's line that notes what is heard on it and presses keys when told to."""

    def __init__(self, call_id: str, clock: VirtualClock) -> None:
        self.call_id = CallId(call_id)
        self.clock = clock
        self.marks: dict[str, str] = {}
        self.heard: list[str] = []
        """What was said, and `music` and `quiet`."""
        self.bridged: list[str] = []
        self.agent_leaves, self.leaves = asyncio.Event(), asyncio.Event()
        self.key: asyncio.Future[str] | None = None
        self.presses = ""
        """Pressed as soon as something is asked."""
        self.language = ""

    async def _burst(self, *, private: bool) -> str:
        raise HangupError

    async def _hear(self, sounds: Sequence[Sound]) -> None:
        self.heard += [sound.text for sound in sounds]

    async def answer(self) -> None:
        self._alive()

    async def flush(self) -> None:
        self._alive()

    def _alive(self) -> None:
        if self.leaves.is_set():
            raise HangupError

    async def mark(self, name: str, value: str) -> None:
        self._alive()
        self.marks[name] = value

    async def set_language(self, language: str) -> None:
        self.language = language

    async def get_variable(self, name: str) -> str:
        return self.marks.get(name, "")

    async def execute(self, app: str, *args: str) -> str:
        self._alive()
        self.heard.append({"StartMusicOnHold": "music", "StopMusicOnHold": "quiet"}.get(app, app))
        return "0"

    async def play(self, sounds: Sequence[Sound], *, keys: str = "") -> str:
        self._alive()
        self.heard += [sound.text for sound in sounds]
        await self.clock.sleep(SOUND_SECONDS)
        self._alive()
        if self.presses and self.presses in keys:
            key, self.presses = self.presses, ""
            return key
        return ""

    async def collect(self, sounds: Sequence[Sound], **_: Any) -> Keyed:
        await self.play(sounds)
        key, self.presses = self.presses, ""
        return Keyed(key, KeyedEnd.FULL if key else KeyedEnd.TIMEOUT)

    async def pressed(self, keys: str) -> str:
        self._alive()
        self.key = asyncio.get_running_loop().create_future()
        return await self.key

    def press(self) -> None:
        assert self.key is not None, "nobody listens"
        self.key.set_result("1")

    async def bridge(self, channel: str, **_: Any) -> bool:
        self.bridged.append(channel)
        over = [asyncio.ensure_future(each.wait()) for each in (self.agent_leaves, self.leaves)]
        await asyncio.wait(over, return_when=asyncio.FIRST_COMPLETED)
        for each in over:
            each.cancel()
        self._alive()
        self.agent_leaves.clear()
        self.marks["BRIDGERESULT"] = "SUCCESS"
        return True

    async def gone(self) -> None:
        await self.leaves.wait()

    async def hangup(self) -> None:
        self.heard.append("hung up")


class Pen(Book):
    """A book that is read, and never written down."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._waiting = []

    def happened(self, call: str = "") -> list[str]:
        """What happened in turn, of one call or of all."""
        return [
            row["kind"]
            for table, row in self._waiting
            if table == "queue_events" and call in ("", row["call_id"])
        ]

    def visits(self) -> dict[str, dict[str, Any]]:
        """The newest row of each visit by its queue."""
        return {row["queue"]: row for table, row in self._waiting if table == "queue_visits"}


class Speaking:
    """Says each text as itself."""

    async def sounds(
        self, prompt: Mapping[str, str], values: Mapping[str, Scalar], *, language: str, slow: bool, key: str
    ) -> list[Sound]:
        shown = prompt[language]
        for name, value in values.items():
            shown = shown.replace(f"{{{name}:number}}", str(value))
        return [Sound(shown, key)]


class Places:
    """Keeps places by writing them down."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, str]] = []
        self.cut = False
        """Whether nothing can be written down."""

    def may(self, number: PhoneNumber) -> bool:
        return number.startswith("+39")

    async def keep(self, queue: Queue, visit: Visit, number: PhoneNumber, *, now: object) -> None:
        if self.cut:
            raise StoreUnavailableError("cut by the test")
        self.kept.append((queue.name, number))


class House(FirmLegs):
    """All of it."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.desk = Desk(self.clock.monotonic)
        self.line = WaitingLine(self.desk)
        self.book = Pen(self.clock)
        self.places = Places()
        self.told = Told()
        self.pops: list[Mapping[str, Any]] = []
        self.away: set[str] = set()
        """Agents whose telephone is not there."""
        self.tiers: dict[str, str] = {}
        self.came_to: dict[str, str] = {}
        self.ends: dict[str, TransferEnd | None] = {}
        self.hall = Hall(
            cast("Database", None),
            self.desk,
            self.line,
            self.book,
            QueueWords(Speaking()),
            self.clock,
            node="node1",
            asking=self._whose,
            keeping=self.places,
            came_to=self.came_to.__setitem__,
        )
        self.talking = Talking(self.desk, self, self.told, self.pops.append, self.clock)
        self.hall.crew_is_known()
        self._tasks: list[asyncio.Task[None]] = []
        self.opens("care")

    def opens(self, name: str, **settings: object) -> None:
        """There is a queue."""
        self.hall.queues = {**self.hall.queues, name: queue_of(name, settings)}

    def leg(self, agent: str) -> str | None:
        return None if agent in self.away else f"PJSIP/{agent}-1"

    async def _whose(self, call_id: str, customer_id: str) -> Whose:
        return Whose("c-" + call_id, self.tiers.get(call_id, ""), "billing", ("billing",))

    async def rings(
        self, call_id: str, target: str = "queue.care", *, tier: str = "", language: str = "en"
    ) -> Caller:
        """Somebody's flow sends them there; goes on when all that can happen at once has happened."""
        self.tiers[call_id] = tier
        caller = Caller(call_id, self.clock)
        await self.sends(caller, target, language=language)
        return caller

    async def sends(self, caller: Caller, target: str = "queue.care", *, language: str = "en") -> None:
        order = TalkOrder(AttemptId(""), "", NUMBER, "0611", language=language)
        line = CallerLine(
            cast("Any", caller),
            replace(order),
            self.line,
            self.talking,
            self.desk.seconds,
            reception=self.hall,
        )

        async def flow() -> None:
            try:
                self.ends[caller.call_id] = await line.transfer(target, ring_seconds=20)
            except HangupError:
                self.ends[caller.call_id] = None

        self._tasks.append(asyncio.ensure_future(flow()))
        await asyncio.sleep(0.01)

    async def comes(self, agent: str, *skills: str) -> None:
        """An agent is free."""
        self.desk.sign_in(agent, skills)
        await asyncio.sleep(0.01)


def story(tell: Callable[[House], Awaitable[None]]) -> Callable[[], None]:
    """Run a story on virtual time."""

    def run() -> None:
        async def all_of_it() -> None:
            await tell(House())

        virtual_time(all_of_it())

    run.__name__, run.__doc__ = tell.__name__, tell.__doc__
    return run
