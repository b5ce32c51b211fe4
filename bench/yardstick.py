"""How late this machine wakes a program that asked for nothing but to be woken; run by `bench.round_trip`.

Every answer waits for two such wakings: where a machine has other work, this says how much of it that is.
It begins at once, ends with its input, and prints the lateness in seconds, sorted, as JSON.
"""

import asyncio
import json
import sys
from typing import Final

from values import SystemClock

EVERY: Final = 0.005


async def _watch() -> None:
    clock, late = SystemClock(), list[float]()
    told_to_end = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    while not told_to_end.done():
        due = clock.monotonic() + EVERY
        await clock.sleep(EVERY)
        late.append(clock.monotonic() - due)
    print(json.dumps(sorted(late)), flush=True)


if __name__ == "__main__":
    asyncio.run(_watch())
