"""How long a FastAGI command takes, there and back, while 100 calls a second pass."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from agi import Server, Session
from bench.caller import Caller
from bench.figures import Burst, Goal, Printed, bucket_bound, percentile, rounded
from bench.lines import ANSWERING, BARE, FLOW, SECRET
from bench.telco import Telco
from values import SystemClock

RATE: Final = 100.0
SECONDS: Final = 12.0
_HISTOGRAM: Final = "centralino_agi_round_trip_seconds_bucket"
_CODE: Final = Path(__file__).parent.parent


async def measure(telco: Telco, caller: Caller) -> Printed:
    """Exactly, with a server that does nothing else; then in the voice core among all its other work."""
    late: list[float] = []
    async with _yardstick(late):
        times, bare = await _exactly(caller)
        before = await telco.samples(_HISTOGRAM)
        flow = await caller.steady(FLOW, rate=RATE, seconds=SECONDS)
        after = await telco.samples(_HISTOGRAM)
    seen = {float(bound): count - before.get(bound, 0.0) for bound, count in after.items()}
    return {
        "calls_per_second": rounded(RATE),
        "commands": len(times),
        "milliseconds": _spread(times),
        "p99_milliseconds": Goal("<", 5).judged(percentile(times, 0.99) * 1000),
        "in_the_voice_core": {
            "commands": round(max(seen.values(), default=0.0)),
            "p99_milliseconds": Goal("<=", 5).judged(bucket_bound(seen, 0.99) * 1000),
        },
        "machine_wakes_late_by_milliseconds": _spread(late),
        "failed_calls": Goal("<=", 0).judged(bare.failed + flow.failed),
    }


async def _exactly(caller: Caller) -> tuple[list[float], Burst]:
    times: list[float] = []
    host, port = ANSWERING
    server = Server(
        host, port, SECRET, _four_steps, clock=SystemClock(), observer=lambda _, took: times.append(took)
    )
    async with server:
        return times, await caller.steady(BARE, rate=RATE, seconds=SECONDS)


async def _four_steps(session: Session) -> None:
    await session.answer()
    for step in ("one", "two", "three", "four"):
        await session.mark(f"bench_{step}", "1")
    await session.hangup()


@asynccontextmanager
async def _yardstick(late: list[float]) -> AsyncIterator[None]:
    """Meanwhile measure the machine, by another process; `late` is filled at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.yardstick",
        cwd=_CODE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield
        said, _ = await asyncio.wait_for(process.communicate(b""), 20)
        late.extend(json.loads(said))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _spread(seconds: list[float]) -> Printed:
    return {f"p{share:g}": rounded(percentile(seconds, share / 100) * 1000) for share in (50, 90, 99, 99.9)}
