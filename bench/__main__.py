"""`python -m bench [NAME …]`: one JSON document with the figures, on standard output."""

import argparse
import asyncio
import json
import os
import platform
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import psutil
import structlog

from bench import (
    agentless,
    claims,
    closures,
    desks,
    floor,
    gateway,
    imports,
    intake,
    joins,
    memory,
    pacing,
    pop,
    rates,
    round_trip,
    wallboard,
)
from bench.caller import Caller, CallerError
from bench.figures import Printed, all_met, rounded
from bench.lines import NODE, TRUNK
from bench.telco import BenchError, Telco, running
from bench.year import command as year
from values import SystemClock

PARTS: Final[Mapping[str, Callable[[Telco, Caller], Awaitable[Printed]]]] = {
    "rates": rates.measure,
    "round_trip": round_trip.measure,
    "gateway": gateway.measure,
    "memory": memory.measure,
    "joins": joins.measure,
    "agentless": agentless.measure,
    "closures": closures.measure,
    "pop": pop.measure,
    "desks": desks.measure,
}
ALONE: Final[Mapping[str, Callable[[int], Printed]]] = {"pacing": pacing.measure, "year": year.alone}
"""Parts that need no telco, take long, and are run only when they are named; each gets a number of seeds."""
STORED: Final[Mapping[str, Callable[[], Awaitable[Printed]]]] = {
    "imports": imports.measure,
    "intake": intake.measure,
    "claims": claims.measure,
    "floor": floor.measure,
    "wallboard": wallboard.measure,
}
"""Parts with a database or a telco of their own; alone each takes options (`bench claims --help`)."""
OWN_OPTIONS: Final = {
    "imports": imports.main,
    "intake": intake.main,
    "claims": claims.main,
    "floor": floor.main,
    "wallboard": wallboard.main,
    "year": year.main,
}
LONGEST: Final = 1200.0
"""Seconds that all of it may take."""


async def measure(names: Sequence[str], seeds: int) -> Printed:
    """The parts, one after the other: those that need no telco first, the others on one telco."""
    clock = SystemClock()
    document: Printed = {
        "at": clock.now().isoformat(timespec="seconds"),
        "machine": {
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "load_before": [rounded(load) for load in psutil.getloadavg()],
        },
    }
    began = clock.monotonic()
    for name in names:
        if name in ALONE:
            document[name] = ALONE[name](seeds)
        if name in STORED:
            document[name] = await STORED[name]()
    on_telco = [name for name in names if name in PARTS]
    if on_telco:
        document |= await measure_telco(on_telco)
    document["seconds"] = rounded(clock.monotonic() - began)
    document["all_met"] = all_met(document)
    return document


async def measure_telco(names: Sequence[str]) -> Printed:
    """The parts that need a telco."""
    document: Printed = {}
    async with asyncio.timeout(LONGEST), running() as telco:
        caller = Caller(NODE, TRUNK, telco.numbers)
        for name in names:
            print(f"bench: {name} …", file=sys.stderr)
            document[name] = await PARTS[name](telco, caller)
    return document


def main() -> None:
    """Measure what was asked for."""
    if len(sys.argv) > 2 and sys.argv[1] in OWN_OPTIONS and sys.argv[2].startswith("-"):  # noqa: PLR2004
        OWN_OPTIONS[sys.argv[1]](sys.argv[2:])
        return
    parser = argparse.ArgumentParser(prog="bench", description="Measure, and print the figures as JSON.")
    parser.add_argument("part", nargs="*", help=f"only these: {', '.join((*PARTS, *STORED, *ALONE))}")
    parser.add_argument("--seeds", type=int, default=20, help="simulated days of each kind (pacing)")
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # the figures stand alone
    asked = parser.parse_args()
    names = asked.part or [*PARTS, *STORED]
    known = (*PARTS, *STORED, *ALONE)
    if strange := [name for name in names if name not in known]:
        parser.error(f"there is no part {strange[0]!r}; there are: {', '.join(known)}")
    if asked.seeds < 1:
        parser.error("--seeds must be 1 or more")
    try:
        document = asyncio.run(measure(names, asked.seeds))
    except (BenchError, CallerError, TimeoutError) as problem:
        sys.exit(f"bench: {str(problem) or 'it took too long and was ended'}")
    print(json.dumps(document, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
