"""What if, worked out in a process of its own: an answer in seconds, and a deadline when it is given up.

The web's event loop never computes it, and no more than one is computed at a time.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context, resource_tracker
from typing import Final

from dialer.simulator.forecast import Estimates, Settings, forecast
from dialer.simulator.outlook import Forecast
from values import BadInputError
from web.errors import BusyError, TooSlowError

DEADLINE_SECONDS: Final = 20.0
MOST_WAITING: Final = 4
_MODEST: Final = 10  # how far it steps back


@dataclass(frozen=True, slots=True)
class Question:
    """One setting to be forecast."""

    estimates: Estimates
    staff: int
    settings: Settings
    hours: float
    contacts_left: int
    seconds: float
    """How long it may compute."""


class Foresight:
    """Asks the simulator in another process."""

    def __init__(self, deadline: float = DEADLINE_SECONDS) -> None:
        self._deadline = deadline
        self._pool: ProcessPoolExecutor | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def ask(self, question: Question) -> Forecast:
        """The hours to come. Raises `TooSlowError`, `BusyError`, and `BadInputError` for what cannot be."""
        if self._waiting >= MOST_WAITING:
            raise BusyError
        self._waiting += 1
        try:
            async with self._turn:
                return await self._ask(question)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Let the process go, whatever it is at."""
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):  # noqa: SLF001  (there is no public way to stop one)
                with suppress(ProcessLookupError):
                    process.kill()
            await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)
            self._pool = None
            await asyncio.to_thread(_end_tracker)

    async def _ask(self, question: Question) -> Forecast:
        if self._pool is None:
            # callers and pages come first
            self._pool = ProcessPoolExecutor(
                1, get_context("spawn"), initializer=os.nice, initargs=(_MODEST,)
            )
        work = asyncio.get_running_loop().run_in_executor(self._pool, _work(question))
        try:
            async with asyncio.timeout(self._deadline):
                return await work
        except (TimeoutError, BrokenProcessPool) as problem:
            await self.close()
            raise TooSlowError from problem


def answer(question: Question) -> Forecast:
    """Work it out, here and now. Raises `BadInputError`."""
    return _work(question)()


def _work(question: Question) -> Callable[[], Forecast]:
    # Nothing of this room is named to the other process: it would load all of the page before it computes.
    return partial(
        forecast,
        question.estimates,
        question.staff,
        question.settings,
        hours=question.hours,
        contacts_left=question.contacts_left,
        max_seconds=question.seconds,
    )


def with_wrap(estimates: Estimates, present: float, changed: float) -> Estimates:
    """The estimates under another wrap-up: each talk takes so much longer or shorter altogether.

    Raises `BadInputError`.
    """
    handling = estimates.handling_mean + changed - present
    if handling < 1:
        raise BadInputError("is longer than talk and wrap-up together last at present", field="wrap_seconds")
    return estimates.model_copy(update={"handling_mean": handling})


def _end_tracker() -> None:
    """Python starts a second process beside a pool, which would be left to whoever started us."""
    stop = getattr(resource_tracker._resource_tracker, "_stop", None)  # noqa: SLF001  (there is no public way)
    if stop is not None:
        stop()
