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

from bench import gateway, memory, rates, round_trip
from bench.caller import Caller, CallerError
from bench.figures import Printed, all_met, rounded
from bench.lines import NODE, TRUNK
from bench.telco import BenchError, Telco, running
from values import SystemClock

PARTS: Final[Mapping[str, Callable[[Telco, Caller], Awaitable[Printed]]]] = {
    "rates": rates.measure,
    "round_trip": round_trip.measure,
    "gateway": gateway.measure,
    "memory": memory.measure,
}
LONGEST: Final = 540.0
"""Seconds that all of it may take."""


async def measure(names: Sequence[str]) -> Printed:
    """The parts, one after the other, on one telco."""
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
    async with asyncio.timeout(LONGEST), running() as telco:
        caller = Caller(NODE, TRUNK, telco.numbers)
        for name in names:
            print(f"bench: {name} …", file=sys.stderr)
            document[name] = await PARTS[name](telco, caller)
    document["seconds"] = rounded(clock.monotonic() - began)
    document["all_met"] = all_met(document)
    return document


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure, and print the figures as JSON.")
    parser.add_argument("part", nargs="*", help=f"only these: {', '.join(PARTS)}")
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # the figures stand alone
    names = parser.parse_args().part or list(PARTS)
    if strange := [name for name in names if name not in PARTS]:
        parser.error(f"there is no part {strange[0]!r}; there are: {', '.join(PARTS)}")
    try:
        document = asyncio.run(measure(names))
    except (BenchError, CallerError, TimeoutError) as problem:
        sys.exit(f"bench: {str(problem) or 'it took too long and was ended'}")
    print(json.dumps(document, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
