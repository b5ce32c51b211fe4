"""Kills the dial loop: a child process dies, without a last word, before a chosen step of its event loop."""

import asyncio
import os
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

from dialer import Order
from dialer.ports import Dialled
from dialer.testing import ScriptedLines
from tests.dialer.world import World
from values import AttemptId

KILLED = 9


class Network(ScriptedLines):
    """A network that outlives the process: what was dialled stands in a file before anything rings."""

    dialled: Path

    async def dial(self, order: Order) -> Dialled:
        place = os.open(self.dialled, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(place, f"{order.attempt_id} {order.number} {order.trunk}\n".encode())
        os.close(place)
        return await super().dial(order)


def let_outlive(world: World, dialled: Path) -> None:
    """Give a world's network the file."""
    lines = Network(
        world.clock, world.lines._script, otherwise=world.lines._otherwise, on_answer=world.lines._on_answer
    )
    lines.dialled = dialled
    world.lines = lines


def dialled(path: Path) -> list[tuple[AttemptId, str, str]]:
    """All that was ever dialled: attempt, number, trunk."""
    if not path.exists():
        return []
    found = []
    for line in path.read_text().splitlines():
        attempt, number, trunk = line.split()
        found.append((AttemptId(attempt), number, trunk))
    return found


def in_a_child(work: Callable[[], None], *, die_before: int = 0, steps: Path | None = None) -> bool:
    """Run something in a child process; whether it came to its end.

    It dies before the event loop's `die_before`-th step. The number of steps it made is written to `steps`.
    """
    sys.stdout.flush()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # the child is a process of its own from its first line on
        child = os.fork()
    if child == 0:
        code = 1
        try:
            counted = _count(die_before)
            work()
            if steps is not None:
                steps.write_text(str(counted()))
            code = 0
        except BaseException:  # noqa: BLE001  (nothing may get past here into the parent's test run)
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in {0, KILLED}, "the child failed; see what it printed"
    return code == 0


def _count(die_before: int) -> Callable[[], int]:
    """From here on, count every step of every task, and die in time."""
    made = 0
    step = asyncio.events.Handle._run

    def counted(handle: asyncio.Handle) -> None:
        nonlocal made
        made += 1
        if made == die_before:
            os._exit(KILLED)
        step(handle)

    asyncio.events.Handle._run = counted  # type: ignore[assignment, method-assign]
    return lambda: made
