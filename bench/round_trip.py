"""How long a FastAGI command takes, there and back, while 100 calls a second pass."""

from typing import Final

from agi import Server, Session
from bench.caller import Caller
from bench.figures import Goal, Printed, bucket_bound, percentile, rounded
from bench.lines import ANSWERING, BARE, FLOW, SECRET
from bench.telco import Telco
from values import SystemClock

RATE: Final = 100.0
SECONDS: Final = 12.0
_HISTOGRAM: Final = "centralino_agi_round_trip_seconds_bucket"


async def measure(telco: Telco, caller: Caller) -> Printed:
    """Exactly, with a server that does nothing else; then in the voice core among all its other work."""
    times: list[float] = []
    host, port = ANSWERING
    server = Server(
        host, port, SECRET, _four_steps, clock=SystemClock(), observer=lambda _, took: times.append(took)
    )
    async with server:
        bare = await caller.steady(BARE, rate=RATE, seconds=SECONDS)
    before = await telco.samples(_HISTOGRAM)
    flow = await caller.steady(FLOW, rate=RATE, seconds=SECONDS)
    after = await telco.samples(_HISTOGRAM)
    seen = {float(bound): count - before.get(bound, 0.0) for bound, count in after.items()}
    return {
        "calls_per_second": rounded(RATE),
        "commands": len(times),
        "milliseconds": {
            f"p{share:g}": rounded(percentile(times, share / 100) * 1000) for share in (50, 90, 99, 99.9)
        },
        "p99_milliseconds": Goal("<", 5).judged(percentile(times, 0.99) * 1000),
        "in_the_voice_core": {
            "commands": round(max(seen.values(), default=0.0)),
            "p99_milliseconds": Goal("<=", 5).judged(bucket_bound(seen, 0.99) * 1000),
        },
        "failed_calls": Goal("<=", 0).judged(bare.failed + flow.failed),
    }


async def _four_steps(session: Session) -> None:
    await session.answer()
    for step in ("one", "two", "three", "four"):
        await session.mark(f"bench_{step}", "1")
    await session.hangup()
