"""How much memory the voice core takes with 500 calls up."""

import asyncio
from typing import Final

from bench.caller import Caller
from bench.figures import Goal, Printed, rounded
from bench.lines import WAITING
from bench.telco import Telco

CALLS: Final = 500
RATE: Final = 25.0
STAY_SECONDS: Final = 35.0
_MEGA: Final = 1_000_000
_LIVE: Final = "centralino_agi_sessions"


async def measure(telco: Telco, caller: Caller) -> Printed:
    """Callers wait in a menu until all are there."""
    core = telco.core()
    idle = core.memory_info().rss
    calling = asyncio.ensure_future(caller.stay(WAITING, calls=CALLS, rate=RATE, seconds=STAY_SECONDS))
    up, most = 0.0, 0
    try:
        while not calling.done():
            up = max(up, max((await telco.samples(_LIVE)).values(), default=0.0))
            most = max(most, core.memory_info().rss)
        burst = await calling
    finally:
        calling.cancel()
    return {
        "calls_up": Goal(">=", CALLS).judged(up),
        "megabytes_before": rounded(idle / _MEGA),
        "megabytes": Goal("<", 150).judged(most / _MEGA),
        "kilobytes_per_call": rounded((most - idle) / 1000 / max(up, 1.0)),
        "failed_calls": Goal("<=", 0).judged(burst.failed),
    }
