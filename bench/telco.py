"""A telco for the bench: the real supervisor with all it starts, in a home of its own, without the city."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import aiohttp
import psutil
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from bench.lines import FLOWS, NODE, NUMBERS, TRUNK, write_lines
from customers.seed import number_of, seed
from store import Database
from values import SystemClock

CUSTOMERS: Final = 10_000
_HERE: Final = Path(__file__).parent
TOWN: Final = ("127.0.70.4", 5038)
"""The simulated town's manager, where there is one."""
_TOWN: Final[dict[str, str]] = {
    "CENTRALINO_CITY": "on",
    "CENTRALINO_CITY_SIP": f"{TOWN[0]}:5060",
    "CENTRALINO_CITY_AMI": f"{TOWN[0]}:{TOWN[1]}",
    "CENTRALINO_CITY_AGI": f"{TOWN[0]}:4573",
    "CENTRALINO_CITY_PHONE_SOCKET": f"{TOWN[0]}:8088",
}
_UP_SECONDS: Final = 90.0
_FRESH: Final = 2.5
"""Seconds after which the core's figures have reached the page."""


class BenchError(Exception):
    """The bench cannot go on, in words for a person."""


@dataclass
class Telco:
    """One that runs."""

    home: Path
    environment: Mapping[str, str]
    supervisor: asyncio.subprocess.Process
    db: Database
    numbers: Path
    """The customers' numbers, for SIPp."""
    secrets: Mapping[str, str] = field(repr=False)

    def core(self) -> psutil.Process:
        """The voice core's process."""
        return self._child("-m centralino core")

    def asterisk(self) -> psutil.Process:
        """The voice node's process."""
        return self._child("/asterisk -f ")

    def _child(self, words: str) -> psutil.Process:
        for child in psutil.Process(self.supervisor.pid).children(recursive=True):
            if words in " ".join(child.cmdline()):
                return child
        raise BenchError(f"nothing runs that was started by {words!r}")

    async def samples(self, name: str) -> dict[str, float]:
        """A figure of the core's, as it is now: values by the label `le`, or under ''."""
        await asyncio.sleep(_FRESH)
        async with aiohttp.ClientSession() as http, http.get(f"http://{NODE}:8080/metrics") as answer:
            said = await answer.text()
        return {
            sample.labels.get("le", ""): sample.value
            for family in text_string_to_metric_families(said)
            for sample in family.samples
            if sample.name == name
        }

    async def command(self, *words: str) -> str:
        """What `centralino …` prints, as this telco's operator types it."""
        return await _command(self.environment, words)

    async def count(self, question: str) -> int:
        """The one number that a question in SQL is answered with."""
        return int((await self.db.rows(text(question), {}))[0][0])


@asynccontextmanager
async def running(*, town: Mapping[str, str] | None = None) -> AsyncIterator[Telco]:
    """A telco with its customers and the bench's flows, until the block ends; nothing is left behind.

    With `town` it has the simulated town, with these settings more, and that is where its trunk leads.
    """
    home = Path(tempfile.mkdtemp(prefix="centralino-bench-"))
    said = home.with_name(home.name + ".out")
    environment = _environment(home) | (_TOWN | dict(town) if town is not None else {})
    if town is not None:
        del environment["CENTRALINO_TRUNK"]
    numbers = home.with_name(home.name + ".csv")
    numbers.write_text("\n".join(["SEQUENTIAL", *map(number_of, range(CUSTOMERS))]) + "\n", encoding="ascii")
    try:
        await _command(environment, ["prepare"])
        await _command(environment, ["flow", "publish", *map(str, FLOWS)])
        async with Database(_database(home)) as db, db.write() as session:
            await seed(session, CUSTOMERS)
        write_lines(home)
        environment["CENTRALINO_NUMBERS"] = json.dumps(NUMBERS)
        with said.open("wb") as out:
            supervisor = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "centralino", "run",
                cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            )  # fmt: skip
        try:
            await _up(supervisor, said)
            secrets = json.loads((home / "secrets.json").read_text(encoding="utf-8"))
            async with Database(_database(home)) as db:
                yield Telco(home, environment, supervisor, db, numbers, secrets)
        finally:
            await _down(supervisor)
    finally:
        shutil.rmtree(home, ignore_errors=True)
        said.unlink(missing_ok=True)
        numbers.unlink(missing_ok=True)


def _environment(home: Path) -> dict[str, str]:
    """Everything said, so that no setting of this machine's own telco gets in."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("CENTRALINO_")}
    if cache := os.environ.get("CENTRALINO_CACHE"):
        outside["CENTRALINO_CACHE"] = cache
    return {
        **outside,
        "CENTRALINO_HOME": str(home),
        "CENTRALINO_CITY": "off",
        "CENTRALINO_SIP": f"{NODE}:5060",
        "CENTRALINO_AMI": f"{NODE}:5038",
        "CENTRALINO_AGI": f"{NODE}:4573",
        "CENTRALINO_PHONE_SOCKET": f"{NODE}:8088",
        "CENTRALINO_HTTP": f"{NODE}:8080",
        "CENTRALINO_TRUNK": f"{TRUNK}:5060",
        "CENTRALINO_LANGUAGES": '["it"]',
        "CENTRALINO_AGENT_PHONES": "40",
    }


def _database(home: Path) -> str:
    return f"sqlite+aiosqlite:///{home / 'centralino.db'}"


async def _up(supervisor: asyncio.subprocess.Process, said: Path) -> None:
    clock = SystemClock()
    deadline = clock.monotonic() + _UP_SECONDS
    while "the telco is up" not in (words := said.read_text(encoding="utf-8")):  # noqa: ASYNC240  (a short file)
        fell = "did not come up" in words or supervisor.returncode is not None
        if fell or clock.monotonic() > deadline:
            raise BenchError(f"the telco did not come up:\n{words}")
        await clock.sleep(0.1)


async def _command(environment: Mapping[str, str], words: Sequence[str]) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "centralino", *words,
        cwd=_HERE.parent, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    said, problem = await asyncio.wait_for(process.communicate(), 60)
    if process.returncode != 0:
        raise BenchError(f"centralino {' '.join(words)} failed:\n{(said + problem).decode(errors='replace')}")
    return said.decode()


async def _down(supervisor: asyncio.subprocess.Process) -> None:
    if supervisor.returncode is None:
        supervisor.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(supervisor.wait(), 40)
        except TimeoutError:
            supervisor.kill()
            await supervisor.wait()
