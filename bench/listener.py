"""A process with nothing in it but the manager gateway, and what it costs; run by `bench.gateway`.

The manager's secret comes on the first line of its input; the measuring begins then and ends with the input.
"""

import asyncio
import json
import sys

import psutil
import structlog
import uvloop

from ami import (
    Account,
    AmiEvent,
    BridgeEntered,
    BridgeLeft,
    ChannelUp,
    Gateway,
    HungUp,
    Quality,
    StateChanged,
)
from values import SystemClock

_HEARD: tuple[type[AmiEvent], ...] = (ChannelUp, StateChanged, HungUp, Quality, BridgeEntered, BridgeLeft)


async def _listen(host: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    secret = (await loop.run_in_executor(None, sys.stdin.readline)).strip()
    clock, events = SystemClock(), [0]

    def heard(_event: AmiEvent) -> None:
        events[0] += 1

    async with Gateway(Account(host, port, "centralino", secret), clock) as gateway:
        for kind in _HEARD:
            gateway.subscribe(kind, heard)
        await gateway.ready(10.0)
        print("ready", flush=True)
        began, before = clock.monotonic(), psutil.Process().cpu_times()
        events[0] = 0
        await loop.run_in_executor(None, sys.stdin.read)
        seconds, after = clock.monotonic() - began, psutil.Process().cpu_times()
    spent = after.user + after.system - before.user - before.system
    print(json.dumps({"seconds": seconds, "cpu_seconds": spent, "events": events[0]}), flush=True)


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # the figures stand alone
    uvloop.run(_listen(sys.argv[1], int(sys.argv[2])))
