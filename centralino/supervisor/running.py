"""From nothing to a running telco, and back to nothing."""

import asyncio
import fcntl
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from asterisk_conf import find_asterisk
from centralino.accounts import Account, service_account
from centralino.cache import cache_folder
from centralino.people import how_to_sign_in
from centralino.places import Places
from centralino.secrets import load_api_token, load_secrets
from centralino.settings import Settings
from centralino.supervisor.child import Child, NotUpError
from centralino.supervisor.part import Part
from centralino.supervisor.ports import check_free
from centralino.supervisor.table import Board
from centralino.supervisor.telco import plan_telco, wanted_addresses
from values import CentralinoError, Clock, SystemClock

_REFRESH = 1.0
_LOOK = 0.2
_ACQUAINTED = 15.0
"""Seconds within which the parts have heard of each other; what is missing then, the page itself says."""


class AlreadyRunningError(CentralinoError):
    """Another Centralino runs on this home."""

    error_id = "already-running"


class NotPreparedError(CentralinoError):
    """Database, flows or prompts could not be prepared."""

    error_id = "not-prepared"


async def run_telco(settings: Settings) -> None:
    """Start everything, show it until Ctrl-C or SIGTERM, stop everything.

    Raises `CentralinoError` with words for a person when it cannot be started; then nothing is left behind.
    """
    places = Places(settings.home.resolve())
    places.make()
    with _only_one(places.supervisor_lock):
        await _Run(settings, places, SystemClock()).run()


class _Run:
    """One run."""

    def __init__(self, settings: Settings, places: Places, clock: Clock) -> None:
        self._settings = settings
        self._places = places
        self._clock = clock
        self._board = Board(clock)
        self._children: list[Child] = []
        self._stop = asyncio.Event()
        self._hurry = False

    async def run(self) -> None:
        check_free(wanted_addresses(self._settings))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._asked_to_stop)
        secrets = load_secrets(self._places.home)
        load_api_token(self._places.home)
        telco = plan_telco(self._settings, secrets, find_asterisk(cache_folder(self._settings.cache)))
        account = service_account()
        waves = [
            [self._child(part, account) for part in wave]
            for wave in (telco.ground, telco.programs, telco.callers)
        ]
        self._children = [child for wave in waves for child in wave]
        self._board.open([*telco.elsewhere, *(child.status for child in self._children)])
        try:
            await self._until_stopped(self._bring_up(telco.open, *waves))
            await self._until_stopped(self._show())
        except ExceptionGroup as group:  # several parts may fail at once; a person wants their words
            known, unknown = group.split(CentralinoError)
            if known is None or unknown is not None:
                raise
            raise CentralinoError("\n".join(map(str, known.exceptions))) from None
        finally:
            await self._take_down()

    async def _bring_up(
        self, is_open: Callable[[], Awaitable[bool]], ground: list[Child], *later: list[Child]
    ) -> None:
        async with asyncio.TaskGroup() as together:
            together.create_task(self._prepare())
            for child in ground:
                together.create_task(child.start())
        failed = 0
        for wave in later:
            for problem in await asyncio.gather(*(child.start() for child in wave), return_exceptions=True):
                if isinstance(problem, NotUpError):  # it is being tried again; the rest may still be of use
                    self._board.say(str(problem))
                    failed += 1
                elif problem is not None:
                    raise problem
        if not failed:
            await self._acquainted(is_open)
            self._board.say(f"the telco is up: http://{self._settings.http}/  (Ctrl-C stops it)")
            self._board.say(how_to_sign_in(self._places.home))

    async def _acquainted(self, is_open: Callable[[], Awaitable[bool]]) -> None:
        """Each part serves; soon the page has heard of the core too. Nobody waits for that for long."""
        until = self._clock.monotonic() + _ACQUAINTED
        while not await is_open() and self._clock.monotonic() < until:
            await self._clock.sleep(_LOOK)

    async def _prepare(self) -> None:
        """Database, flows and prompts, in a process of its own so that its memory is given back."""
        self._board.say("preparing database, flows and prompts; the first time it takes a moment")
        log = self._places.log / "prepare.log"
        with log.open("wb") as file:
            process = await asyncio.create_subprocess_exec(
                *service_account().prefix(),
                sys.executable,
                "-m",
                "centralino",
                "prepare",
                stdout=file,
                stderr=file,
            )
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
            raise
        if code != 0:
            tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
            raise NotPreparedError(f"preparing database, flows and prompts failed; {log} ends:\n{tail}")

    async def _show(self) -> None:
        while True:
            self._board.refresh()
            await self._clock.sleep(_REFRESH)

    async def _until_stopped(self, work: Coroutine[Any, Any, None]) -> None:
        """Do the work until it is done or somebody asks to stop; its errors are ours."""
        if self._stop.is_set():
            work.close()
            return
        doing = asyncio.ensure_future(work)
        stopping = asyncio.ensure_future(self._stop.wait())
        await asyncio.wait([doing, stopping], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        doing.cancel()
        with suppress(asyncio.CancelledError):
            await doing

    async def _take_down(self) -> None:
        """Last come, first gone; who lingers beyond his time is made to go."""
        for child in reversed(self._children):
            if self._hurry:
                child.kill()
            await child.stop()
        self._places.redis_socket.unlink(missing_ok=True)
        self._board.close()

    def _child(self, part: Part, account: Account) -> Child:
        return Child(
            part, account=account, logs=self._places.log, clock=self._clock, changed=self._board.changed
        )

    def _asked_to_stop(self) -> None:
        if self._stop.is_set():
            self._hurry = True
            for child in self._children:
                child.kill()
        self._stop.set()


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Hold the home for this run; another run on it gets a clear word."""
    with path.open("a+", encoding="ascii") as lock:
        lock.seek(0)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            holder = lock.read().strip() or "unknown"
            raise AlreadyRunningError(
                f"Centralino already runs on {path.parent.parent} (process {holder});"
                " stop that one, or choose another home with CENTRALINO_HOME"
            ) from problem
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield
        lock.truncate(0)
