"""Doubles for tests and simulators: time that is turned by hand."""

import asyncio
import heapq
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

EPOCH = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""Where virtual time begins unless told otherwise: a Monday morning."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop that jumps to the next timer instead of waiting for it.

    For code without I/O: sleeps and timeouts take no real time, and run in the same order as they would.
    """

    def __init__(self) -> None:
        super().__init__(selectors.SelectSelector())
        self._virtual = 0.0

    def time(self) -> float:
        """Seconds since the loop was made, in virtual time."""
        return self._virtual

    def _run_once(self) -> None:
        ready: Any = getattr(self, "_ready")  # noqa: B009  (a private of asyncio, stable since 3.4)
        scheduled: Any = getattr(self, "_scheduled")  # noqa: B009
        while scheduled and scheduled[0]._cancelled:  # noqa: SLF001
            timer = heapq.heappop(scheduled)
            timer._scheduled = False  # noqa: SLF001
        if not ready and scheduled:
            self._virtual = max(self._virtual, scheduled[0]._when)  # noqa: SLF001
        super()._run_once()  # type: ignore[misc]


class VirtualClock:
    """A `Clock` that follows the running loop's time, from a chosen start."""

    def __init__(self, start: datetime = EPOCH) -> None:
        self._start = start

    def now(self) -> datetime:
        """The virtual time of day, in UTC."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Seconds since the loop was made."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Let so many virtual seconds pass."""
        await asyncio.sleep(seconds)


class FixedClock:
    """A `Clock` that stands still until it is moved. For rules that only read the time."""

    def __init__(self, start: datetime = EPOCH) -> None:
        self.instant = start

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.instant

    def monotonic(self) -> float:
        """Seconds since the epoch of Unix, as set."""
        return self.instant.timestamp()

    async def sleep(self, seconds: float) -> None:
        """Move the clock instead of waiting."""
        self.move(seconds)
        await asyncio.sleep(0)

    def move(self, seconds: float) -> None:
        """Turn the clock forward."""
        self.instant += timedelta(seconds=seconds)


def virtual_time(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on virtual time and give its result."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(main)
    finally:
        pending = asyncio.all_tasks(loop)
        for task in pending:
            task.cancel()
        if pending:
            loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        loop.close()
