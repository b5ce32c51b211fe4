"""One part's life: started, watched, started again when it falls, stopped with all it started itself."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from centralino.accounts import Account
from centralino.supervisor.backoff import Backoff
from centralino.supervisor.part import Part, State, Status
from values import CentralinoError, Clock

_POLL = 0.1
_LOG_LIMIT = 20_000_000  # bytes; a longer log is moved aside at the start
_LAST_WORDS = 4096
_HOPELESS = 4  # falls in a row after which whoever waits for it is told


class NotUpError(CentralinoError):
    """A part did not come up."""

    error_id = "not-up"


class Child:
    """A part that runs, or should."""

    def __init__(
        self, part: Part, *, account: Account, logs: Path, clock: Clock, changed: Callable[[Status], None]
    ) -> None:
        self.part = part
        self.status = Status(part.name, part.where)
        self.log = logs / f"{part.name}.log"
        self._prefix = account.prefix()
        self._clock = clock
        self._changed = changed
        self._process: Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._told = asyncio.Event()

    async def start(self) -> None:
        """Start it and return when it serves.

        Raises `NotUpError` with the end of its log when it does not in its time.
        """
        self._watch = asyncio.create_task(self._live(), name=f"watch {self.part.name}")
        with suppress(TimeoutError):
            async with asyncio.timeout(self.part.ready_seconds):
                await self._told.wait()
        if self.status.state is not State.READY:
            raise NotUpError(
                f"{self.part.name} did not come up; its log, {self.log}, ends:\n{self.last_words()}"
            )

    async def stop(self) -> None:
        """Ask it to end, wait its time, then make it end; nothing it started stays."""
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        process = self._process
        if process is None:
            return
        self._tell(State.STOPPING, note="")
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.terminate()
            with suppress(TimeoutError):
                async with asyncio.timeout(self.part.stop_seconds):
                    await process.wait()
        self._sweep(process)
        await process.wait()
        self._tell(State.STOPPED, pid=0)

    def kill(self) -> None:
        """End it at once, with all it started."""
        if self._watch is not None:
            self._watch.cancel()
        if self._process is not None:
            self._sweep(self._process)

    def last_words(self, lines: int = 12) -> str:
        """The end of its log."""
        if not self.log.exists():
            return "(nothing)"
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - _LAST_WORDS))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:]) or "(nothing)"

    async def _live(self) -> None:
        backoff = Backoff()
        while True:
            began = self._clock.monotonic()
            process = await self._spawn()
            code = await self._watch_over(process)
            self._sweep(process)
            wait = backoff.after(self._clock.monotonic() - began)
            if backoff.falls >= _HOPELESS:
                self._told.set()
            self._tell(State.FELL, pid=0, note=f"ended with {code}: {self.last_words(1)[:120]}")
            await self._clock.sleep(wait)
            self.status.restarts += 1

    async def _spawn(self) -> Process:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._prefix,
                *self.part.command,
                stdin=DEVNULL,
                stdout=log,
                stderr=STDOUT,
                cwd=self.part.folder,
                env={**os.environ, **self.part.environment},
                start_new_session=True,
            )
        self._tell(State.STARTING, pid=self._process.pid, note="")
        return self._process

    async def _watch_over(self, process: Process) -> int:
        """Wait for its end; on the way, tell when it serves."""
        ended = asyncio.ensure_future(process.wait())
        try:
            while not ended.done():
                if await self.part.ready(process.pid):
                    self._tell(State.READY, note="")
                    self._told.set()
                    break
                await asyncio.wait([ended], timeout=_POLL)
            return await asyncio.shield(ended)
        finally:
            ended.cancel()

    def _tell(self, state: State, *, pid: int | None = None, note: str | None = None) -> None:
        self.status.state = state
        self.status.pid = self.status.pid if pid is None else pid
        self.status.note = self.status.note if note is None else note
        self._changed(self.status)

    @staticmethod
    def _sweep(process: Process) -> None:
        """End whatever is left of its process group: what it started, and itself if it would not go."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
