"""A process with nothing in it but the manager gateway, which places calls as fast as they are answered.

Run by `bench.agentless`. Its one line of input says as JSON where Asterisk is and whom to ring; it prints how
many were answered in how many seconds, and what that cost it.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Any

import psutil
import structlog
import uvloop

from ami import Account, DialEnd, Gateway, Originate
from bench.lines import ANSWERED
from values import SystemClock, new_id


async def _place(gateway: Gateway, numbers: Iterator[str], trunk: str, caller_id: str) -> int:
    """One line's work: one call after the other."""
    answered = 0
    for number in numbers:
        order = Originate(
            channel=f"PJSIP/{number}@{trunk}",
            context=ANSWERED,
            exten="s",
            channel_id=new_id("b"),
            caller_id=caller_id,
        )
        answered += (await gateway.dial(order)).end is DialEnd.ANSWERED
    return answered


async def _main() -> None:
    loop, clock = asyncio.get_running_loop(), SystemClock()
    told: dict[str, Any] = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    numbers = iter(told["numbers"])  # shared: each number is rung by one line
    async with Gateway(Account(told["host"], told["port"], "centralino", told["secret"]), clock) as gateway:
        await gateway.ready(10.0)
        began, before = clock.monotonic(), psutil.Process().cpu_times()
        lines = [_place(gateway, numbers, told["trunk"], told["caller_id"]) for _ in range(told["at_once"])]
        answered = sum(await asyncio.gather(*lines))
        seconds, after = clock.monotonic() - began, psutil.Process().cpu_times()
    spent = after.user + after.system - before.user - before.system
    print(json.dumps({"answered": answered, "seconds": seconds, "cpu_seconds": spent}), flush=True)


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # the figures stand alone
    uvloop.run(_main())
