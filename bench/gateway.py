"""What the manager gateway takes of a core while 100 calls a second pass."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Final

from bench.caller import Caller
from bench.figures import Goal, Printed, rounded
from bench.lines import FLOW, NODE
from bench.telco import BenchError, Telco

RATE: Final = 100.0
SECONDS: Final = 12.0
_CODE: Final = Path(__file__).parent.parent


async def measure(telco: Telco, caller: Caller) -> Printed:
    """A second gateway, alone in its process, hears what the core's hears."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.listener", NODE, "5038",
        cwd=_CODE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(f"{telco.secrets['ami']}\n".encode())
        if await asyncio.wait_for(process.stdout.readline(), 20) != b"ready\n":
            raise BenchError("the gateway did not reach Asterisk")
        burst = await caller.steady(FLOW, rate=RATE, seconds=SECONDS)
        process.stdin.close()
        seen = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
        await asyncio.wait_for(process.wait(), 20)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    calls_per_second = burst.calls / seen["seconds"]
    return {
        "calls_per_second": rounded(calls_per_second),
        "events_per_second": rounded(seen["events"] / seen["seconds"]),
        "events_per_call": rounded(seen["events"] / burst.calls) if burst.calls else 0.0,
        "percent_of_a_core": Goal("<=", 10).judged(
            # as at exactly the wanted rate: nobody is to gain by a slow machine
            100 * seen["cpu_seconds"] / seen["seconds"] * RATE / max(calls_per_second, 1.0)
        ),
        "failed_calls": Goal("<=", 0).judged(burst.failed),
    }
