"""Time, handed in. Nothing in the house asks the operating system for it except through here."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is, and waiting for it to pass.

    Deadlines use `asyncio.timeout`, which follows the event loop's own clock; under
    `values.testing.virtual_time` the loop's clock and this one are turned together.
    """

    def now(self) -> datetime:
        """The time of day, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some fixed origin; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for so many seconds."""
        ...


class SystemClock:
    """The real clock."""

    def now(self) -> datetime:
        """The time of day, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds of the machine's monotonic clock, which the event loop's own follows.

        Not the loop's: uvloop's stands still within a turn and counts whole milliseconds.
        """
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait for so many seconds."""
        await asyncio.sleep(seconds)
