"""A part's life with real processes: watched, started again, stopped with everything it started itself."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from centralino.accounts import service_account
from centralino.settings import Address
from centralino.supervisor.child import Child, NotUpError
from centralino.supervisor.part import Part, State, Status
from centralino.supervisor.readiness import listens
from tests.rig import CODE, Loopback
from values import SystemClock

pytestmark = pytest.mark.asterisk

SERVER = """
import socket, subprocess, sys, time
subprocess.Popen(["sleep", "1000"])
held = socket.create_server((sys.argv[1], int(sys.argv[2])))
print("up", flush=True)
time.sleep(1000)
"""
SERVER_ALONE = SERVER.replace('subprocess.Popen(["sleep", "1000"])', "")
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SERVER
KEEPER = """
import asyncio
from pathlib import Path
from centralino.accounts import service_account
from centralino.settings import Address
from centralino.supervisor.child import Child
from centralino.supervisor.part import Part
from centralino.supervisor.readiness import listens
from values import SystemClock

async def main():
    address = Address(host="{host}", port=8098)
    command = ("/usr/bin/python3", "-c", {code!r}, address.host, "8098")
    part = Part("server", "", command, listens(address), folder=Path("/"))
    logs = Path("{logs}")
    child = Child(part, account=service_account(), logs=logs, clock=SystemClock(), changed=id)
    await child.start()
    print(child.status.pid, flush=True)
    await asyncio.sleep(1000)

asyncio.run(main())
"""


@asynccontextmanager
async def child(
    tmp_path: Path, loopback: Loopback, code: str, *, seconds: float = 10.0
) -> AsyncIterator[tuple[Child, list[State]]]:
    """A child that runs this code, which gets an address to listen at."""
    address = Address(host=loopback.node, port=8099)
    command = ("/usr/bin/python3", "-c", code, address.host, str(address.port))
    seen: list[State] = []

    def changed(status: Status) -> None:
        seen.append(status.state)

    part = Part(
        "server",
        str(address),
        command,
        listens(address),
        stop_seconds=0.5,
        ready_seconds=seconds,
        folder=Path("/"),
    )
    made = Child(part, account=service_account(), logs=tmp_path, clock=SystemClock(), changed=changed)
    try:
        yield made, seen
    finally:
        await made.stop()


def _gone(group: list[psutil.Process]) -> bool:
    """Whether they end within a moment; a signal takes one to be delivered."""
    return not psutil.wait_procs(group, timeout=5)[1]


def _group(pid: int) -> list[psutil.Process]:
    return [
        each
        for each in psutil.process_iter()
        if _pgid(each.pid) == pid and each.status() != psutil.STATUS_ZOMBIE
    ]


def _pgid(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return -1


async def _until(state: State, made: Child, restarts: int = 0) -> None:
    async with asyncio.timeout(20):  # asked again and again: what is seen is the status, as the table sees it
        while made.status.state is not state or made.status.restarts < restarts:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_comes_up_and_goes_with_all_it_started(tmp_path: Path, loopback: Loopback) -> None:
    async with child(tmp_path, loopback, SERVER) as (made, seen):
        await made.start()
        pid = made.status.pid
        group = _group(pid)
        assert len(group) == 2
        await made.stop()
        assert _gone(group)
        assert seen == [State.STARTING, State.READY, State.STOPPING, State.STOPPED]
        assert made.last_words() == "up"


async def test_is_started_again_when_it_falls(tmp_path: Path, loopback: Loopback) -> None:
    async with child(tmp_path, loopback, SERVER) as (made, _):
        await made.start()
        first = made.status.pid
        group = _group(first)
        os.kill(first, signal.SIGKILL)
        await _until(State.READY, made, restarts=1)
        assert made.status.pid != first
        assert _gone(group)


async def test_one_that_will_not_go_is_made_to(tmp_path: Path, loopback: Loopback) -> None:
    async with child(tmp_path, loopback, DEAF) as (made, _):
        await made.start()
        group = _group(made.status.pid)
        await made.stop()
        assert _gone(group)


async def test_one_that_keeps_falling_is_told_with_its_words(tmp_path: Path, loopback: Loopback) -> None:
    async with child(tmp_path, loopback, "raise SystemExit('the disk is full')") as (made, _):
        with pytest.raises(NotUpError, match="the disk is full"):
            await made.start()


async def test_whatever_it_ends_with_it_is_started_again(tmp_path: Path, loopback: Loopback) -> None:
    async with child(tmp_path, loopback, "raise SystemExit(3)") as (made, seen):
        with pytest.raises(NotUpError):
            await made.start()
        assert seen.count(State.STARTING) > 1
        assert made.status.note.startswith("ended with 3")


def test_none_is_left_when_its_keeper_is_killed(tmp_path: Path, loopback: Loopback) -> None:
    script = KEEPER.format(code=SERVER_ALONE, host=loopback.node, logs=tmp_path)
    keeper = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=CODE, text=True)  # noqa: S603
    assert keeper.stdout is not None
    server = psutil.Process(int(keeper.stdout.readline()))
    keeper.kill()
    keeper.wait(10)
    keeper.stdout.close()
    server.wait(10)
    assert not server.is_running()
