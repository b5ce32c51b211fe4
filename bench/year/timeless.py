"""Virtual time that stands still while the database works, so that a year's waits take no time at all."""

import asyncio
import heapq
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from store import Database


class YearLoop(asyncio.SelectorEventLoop):
    """Jumps to the next timer as soon as nobody works, where `values.testing.VirtualLoop` knows of no I/O."""

    def __init__(self) -> None:
        super().__init__()
        self._virtual = 0.0
        # added to the time to see what is due; after 194 days its own nanosecond is lost in the sum
        self._clock_resolution = 1e-6
        self.working = 0
        """Database sessions open, and work in threads."""

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._virtual

    def run_in_executor(self, *work: Any) -> Any:  # type: ignore[override]
        """Work in a thread is work."""
        self.working += 1
        future = super().run_in_executor(*work)
        future.add_done_callback(self._worked)
        return future

    def _worked(self, _future: object) -> None:
        self.working -= 1

    def _run_once(self) -> None:
        ready: Any = getattr(self, "_ready")  # noqa: B009  (a private of asyncio, stable since 3.4)
        scheduled: Any = getattr(self, "_scheduled")  # noqa: B009
        if not self.working and not ready:
            while scheduled and scheduled[0]._cancelled:  # noqa: SLF001
                timer = heapq.heappop(scheduled)
                timer._scheduled = False  # noqa: SLF001
                self._timer_cancelled_count: int = max(0, self._timer_cancelled_count - 1)
            if scheduled:
                self._virtual = max(self._virtual, scheduled[0]._when)  # noqa: SLF001
        super()._run_once()  # type: ignore[misc]


class TimelessDatabase(Database):
    """Takes no virtual time."""

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """As ever."""
        with _working():
            async with super().read() as session:
                yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """As ever."""
        with _working():
            async with super().write() as session:
                yield session


@contextmanager
def _working() -> Iterator[None]:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, YearLoop)
    loop.working += 1
    try:
        yield
    finally:
        loop.working -= 1
