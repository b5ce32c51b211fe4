"""Asking another process, through Redis: a question is heard by whoever runs, or lost; the answer comes back.

For what may be lost: whoever asks waits a moment, and then knows that nobody answered. A question that is
read late, after its asker has given up, is not done.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any, Final

import structlog

from store.live import LiveStore
from values import BadInputError, CentralinoError, Clock, new_id

log = structlog.get_logger(__name__)

CHANNEL: Final = "centralino:ask"
ANSWER: Final = "centralino:answer:"
ANSWER_SECONDS = 2.0
"""How long an answer is waited for, unless the asker says otherwise."""
LISTENER_SECONDS: Final = 0.1

Answering = Callable[[Mapping[str, Any]], Awaitable[Any]]
"""Does what is asked with these fields, and gives what JSON can hold; what it raises goes to the asker."""


class CoreAwayError(CentralinoError):
    """The voice core does not answer."""

    error_id = "core-away"


class RefusedError(CentralinoError):
    """The voice core said no."""

    error_id = "refused"

    def __init__(self, detail: str, error_id: str = "refused") -> None:
        super().__init__(detail)
        self.error_id = error_id


class Asker:
    """Asks the voice core. Many may ask at once."""

    def __init__(self, live: LiveStore, clock: Clock, *, seconds: float | None = None) -> None:
        """`seconds`: how long to wait for an answer; None: `ANSWER_SECONDS`."""
        self._live = live
        self._clock = clock
        self._seconds = ANSWER_SECONDS if seconds is None else seconds

    async def ask(self, command: str, fields: Mapping[str, Any] | None = None) -> Any:
        """Have a command done and give its answer.

        Raises `CoreAwayError` when nobody answers in time, `BadInputError` when a field is wrong, and
        `RefusedError`, with the error's own id, for whatever else went wrong there.
        """
        key = ANSWER + new_id()
        until = self._clock.now().timestamp() + self._seconds
        asked = {"command": command, "fields": dict(fields or {}), "answer": key, "until": until}
        await self._put(asked)
        answer = await self._live.pop(key, seconds=self._seconds)
        if not isinstance(answer, dict):
            raise CoreAwayError
        if "error" in answer:
            detail = str(answer.get("detail"))
            if answer.get("bad_input"):
                problem = BadInputError(detail)
                problem.field = answer.get("field")
                raise problem
            raise RefusedError(detail, str(answer["error"]))
        return answer.get("result")

    async def _put(self, asked: Mapping[str, Any]) -> None:
        """Ask once; while nobody listens at all, as in a restart, again for a while."""
        left = self._seconds
        while not (heard_by := await self._live.tell(CHANNEL, asked)):
            if heard_by is None:
                raise CoreAwayError("Redis is away, so the voice core cannot be asked.")
            if left <= 0:
                raise CoreAwayError
            await self._clock.sleep(LISTENER_SECONDS)
            left -= LISTENER_SECONDS


class Answerer:
    """Does what is asked, each command by the function registered for it."""

    def __init__(self, live: LiveStore, clock: Clock) -> None:
        self._live = live
        self._clock = clock
        self._commands: dict[str, Answering] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def register(self, command: str, answering: Answering) -> None:
        """Let `room.verb` be asked for. Raises `ValueError` when it is taken."""
        if command in self._commands:
            raise ValueError(f"{command} is registered already")
        self._commands[command] = answering

    async def run(self) -> None:
        """Answer until cancelled."""
        try:
            async with aclosing(self._live.subscribe([CHANNEL])) as ear:
                async for _, asked in ear:
                    task = asyncio.get_running_loop().create_task(self._answer(asked))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _answer(self, asked: Any) -> None:
        try:
            command, fields = str(asked["command"]), dict(asked["fields"])
            key, until = str(asked["answer"]), float(asked["until"])
        except (KeyError, TypeError, ValueError):
            log.warning("asking.unreadable")
            return
        if not key.startswith(ANSWER) or self._clock.now().timestamp() > until:
            return
        await self._live.push(key, await self._done(command, fields), seconds=2 * ANSWER_SECONDS)

    async def _done(self, command: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        answering = self._commands.get(command)
        if answering is None:
            return {"error": "unknown-command", "detail": f"The voice core knows no command {command[:60]}."}
        try:
            return {"result": await answering(fields)}
        except CentralinoError as problem:
            told = {"error": problem.error_id, "detail": str(problem)}
            if isinstance(problem, BadInputError):
                return {**told, "bad_input": True, "field": problem.field}
            return told
        except Exception:
            log.exception("asking.failed", command=command)
            return {"error": "error", "detail": "Something went wrong in the voice core; its log says what."}
