"""How many calls a second: plain dialplan, the flow engine, a forked script; in turn, in one run."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bench.caller import Caller
from bench.figures import Burst, Goal, Printed, ratio, rounded, told
from bench.lines import FLOW, PLAIN, SCRIPT
from bench.telco import BenchError, Telco
from values import SystemClock

ROUNDS: Final = 3
SECONDS: Final = 8.0
WARM_UP_SECONDS: Final = 3.0
PLAIN_AT_ONCE: Final = 600
"""Without media Asterisk takes half a second over an answer, so it takes many callers to keep it busy."""
FLOW_AT_ONCE: Final = 320
"""More would wait so long for an answer that they ask again, and that is work too."""
FORKED_AT_ONCE: Final = 32
"""A program started for each call is kept busy by few; more would only be in each other's way."""
TRACE_STEPS: Final = 6
"""What one call through the flow leaves: its start, four steps, its end."""
_WRITTEN_SECONDS: Final = 20.0

_OPEN: Final = "SELECT count(*) FROM calls WHERE node = 'node1' AND state = 'up'"
"""Found by an index at once: the waiting must not become work itself."""
_TRACED: Final = "SELECT count(*) FROM call_trace WHERE flow = 'bench.steps'"
_WHOLE: Final = (
    "SELECT count(*) FROM calls WHERE flow = 'bench.steps' AND state = 'ended' AND outcome = 'done'"
    " AND customer_id <> ''"
)


async def measure(telco: Telco, caller: Caller) -> Printed:
    """Bursts of each kind in turn, so that what else this machine does falls on all alike."""
    plain: list[Burst] = []
    flow: list[Burst] = []
    script: list[Burst] = []
    spent: dict[str, list[Counter[str]]] = {PLAIN: [], FLOW: []}
    for service, at_once in ((PLAIN, PLAIN_AT_ONCE), (FLOW, FLOW_AT_ONCE)):
        await caller.full_speed(service, at_once=at_once, seconds=WARM_UP_SECONDS)
    for _ in range(ROUNDS):
        before = _processor(telco)
        plain.append(await caller.full_speed(PLAIN, at_once=PLAIN_AT_ONCE, seconds=SECONDS))
        between = _processor(telco)
        flow.append(await _recorded(telco, caller))
        spent[PLAIN].append(between - before)
        spent[FLOW].append(_processor(telco) - between)
        script.append(await caller.full_speed(SCRIPT, at_once=FORKED_AT_ONCE, seconds=SECONDS))
    failed = sum(burst.failed for burst in (*plain, *flow))
    return {
        "calls_at_once": {
            "plain_dialplan": PLAIN_AT_ONCE,
            "flow_engine": FLOW_AT_ONCE,
            "pyst2_script": FORKED_AT_ONCE,
        },
        "plain_dialplan": told(plain) | _each(plain, spent[PLAIN]),
        "flow_engine": told(flow) | _each(flow, spent[FLOW]),
        "pyst2_script": told(script),
        "flow_to_plain": Goal(">=", 0.5).judged(ratio(flow, plain)),
        "flow_to_pyst2": Goal(">=", 10).judged(ratio(flow, script)),
        "failed_calls": Goal("<=", 0).judged(failed),
    }


def _processor(telco: Telco) -> Counter[str]:
    """Milliseconds of processor time that the telco's two hard workers have taken so far."""
    spent: Counter[str] = Counter()
    for name, process in (("asterisk", telco.asterisk()), ("core", telco.core())):
        times = process.cpu_times()
        spent[name] = round(1000 * (times.user + times.system))
    return spent


def _each(bursts: Sequence[Burst], spent: Sequence[Counter[str]]) -> Printed:
    """What one call cost, which other programs on this machine hardly change."""
    calls = max(1, sum(burst.calls for burst in bursts))
    total = sum(spent, Counter())
    return {"processor_milliseconds_per_call": {name: rounded(total[name] / calls) for name in total}}


async def _recorded(telco: Telco, caller: Caller) -> Burst:
    """A burst through the flow that lasts until the last call's record and trace are in the database.

    A call whose customer was not recognised, or whose record or trace is not whole, has failed.
    """
    whole, traced = await telco.count(_WHOLE), await telco.count(_TRACED)
    burst = await caller.full_speed(FLOW, at_once=FLOW_AT_ONCE, seconds=SECONDS)
    clock = SystemClock()
    began = clock.monotonic()
    while await telco.count(_OPEN):
        if clock.monotonic() - began > _WRITTEN_SECONDS:
            break
        await asyncio.sleep(0.01)
    waited = clock.monotonic() - began
    made, steps = await telco.count(_WHOLE) - whole, await telco.count(_TRACED) - traced
    if made > burst.calls + burst.failed:
        raise BenchError(f"{made} calls are on record, but only {burst.calls} were made")
    good = min(made, burst.calls, steps // TRACE_STEPS)
    return replace(
        burst, calls=good, failed=burst.failed + burst.calls - good, seconds=burst.seconds + waited
    )
