"""A whole telco for tests: the supervisor and all it starts, without the city; the test is the carrier.

Every piece of speech is a tone of its own (`tone_of`), so a test hears which prompt is said.
"""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from centralino.accounts import service_account
from customers.seed import seed
from store import Database
from tests.rig import CODE, Loopback

CUSTOMERS = 200
SERVICE = "0611"
_UP_SECONDS = 90.0


@dataclass
class Telco:
    """One that runs."""

    home: Path
    loopback: Loopback
    environment: dict[str, str]
    supervisor: subprocess.Popen[bytes]
    said: Path
    database: str
    token: str = field(default="", repr=False)

    @property
    def service(self) -> str:
        """Whom customers ring."""
        return f"sip:{SERVICE}@{self.loopback.node}:5060"

    def api(self, path: str) -> Any:
        """What the REST API answers to a GET below `/api/v1`."""
        url = f"http://{self.loopback.node}:8080/api/v1/{path}"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self.token}"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  (our own loopback)
            return json.load(answer)

    def get(self, path: str) -> tuple[int, str]:
        """Any page, without the token: status and text."""
        try:
            with urllib.request.urlopen(f"http://{self.loopback.node}:8080{path}", timeout=10) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    async def calls(self, **wanted: str) -> list[dict[str, Any]]:
        """The calls on record, the latest first."""
        query = "&".join(f"{name}={value}" for name, value in wanted.items())
        listed = await asyncio.to_thread(self.api, f"calls?limit=100&{query.replace('+', '%2B')}")
        return list(listed["calls"])

    async def ended_call(self, *, within: float = 15.0, **wanted: str) -> dict[str, Any]:
        """The latest call that fits, with its trace, once its record is closed."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            found = await self.calls(**wanted)
            if found and found[0]["state"] != "up":
                story: dict[str, Any] = await asyncio.to_thread(self.api, f"calls/{found[0]['call_id']}")
                return story
            await asyncio.sleep(0.1)
        raise AssertionError(f"no ended call with {wanted}; there are {await self.calls()}")

    async def until(self, what: Any, *, within: float = 15.0) -> None:
        """Wait until something holds (a function, plain or async)."""
        deadline = time.monotonic() + within
        while True:
            holds = what()
            if asyncio.iscoroutine(holds):
                holds = await holds
            if holds:
                return
            assert time.monotonic() < deadline, "it did not come to pass"
            await asyncio.sleep(0.1)

    def db(self) -> Database:
        """The telco's database, for facts that its other systems would tell it."""
        return Database(self.database)

    def pid(self, part: str) -> int:
        """The process of a part, as the supervisor said last."""
        found = re.findall(rf" {part} +\S.*\(process (\d+)\)", self.said.read_text(encoding="utf-8"))
        return int(found[-1])

    def kill(self, part: str) -> None:
        """End a part at once, as a crash would."""
        os.kill(self.pid(part), signal.SIGKILL)

    async def back(self, part: str, *, before: int, within: float = 40.0) -> None:
        """Wait until a part that fell is ready again, as another process."""

        def ready() -> bool:
            lines = self.said.read_text(encoding="utf-8").splitlines()
            mine = [line for line in lines if f" {part} " in line]
            return self.pid(part) != before and " ready " in mine[-1]

        await self.until(ready, within=within)

    def log(self, part: str) -> str:
        """What a part wrote."""
        return (self.home / "log" / f"{part}.log").read_text(encoding="utf-8", errors="replace")


@contextmanager
def running_telco(loopback: Loopback, **settings: str) -> Iterator[Telco]:
    """A telco on the worker's addresses; `settings` are further `CENTRALINO_…` of its environment."""
    home = Path(tempfile.mkdtemp(prefix="centralino-telco-"))
    service_account().own(home)
    engine = f"{sys.executable} {CODE / 'tests/system/whistle.py'} {{text_file}} {{wav}}"
    database = settings.pop("database_url", "") or f"sqlite+aiosqlite:///{home / 'centralino.db'}"
    environment = {
        **os.environ,
        "CENTRALINO_HOME": str(home),
        "CENTRALINO_DATABASE_URL": database,
        "CENTRALINO_CITY": "off",
        "CENTRALINO_SIP": f"{loopback.node}:5060",
        "CENTRALINO_AMI": f"{loopback.node}:5038",
        "CENTRALINO_AGI": f"{loopback.node}:4573",
        "CENTRALINO_HTTP": f"{loopback.node}:8080",
        "CENTRALINO_TRUNK": f"{loopback.city}:5060",
        "CENTRALINO_SPEECH": json.dumps(dict.fromkeys(("it", "en", "ru"), engine)),
        **{f"CENTRALINO_{name.upper()}": value for name, value in settings.items()},
    }
    said = home.with_name(home.name + ".out")
    with said.open("wb") as out:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "centralino", "run"],
            cwd=CODE, env=environment, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    telco = Telco(home, loopback, environment, supervisor, said, database)
    try:
        _wait_until_up(telco)
        telco.token = (home / "api-token").read_text(encoding="utf-8").strip()
        asyncio.run(_settle(telco))
        yield telco
    finally:
        children = (
            psutil.Process(supervisor.pid).children(recursive=True) if supervisor.poll() is None else []
        )
        supervisor.send_signal(signal.SIGTERM)
        supervisor.wait(40)
        left = [child for child in children if child.is_running()]
        shutil.rmtree(home, ignore_errors=True)
        said.unlink(missing_ok=True)
        assert not left, f"left behind: {left}"


def _wait_until_up(telco: Telco) -> None:
    deadline = time.monotonic() + _UP_SECONDS
    while "the telco is up" not in telco.said.read_text(encoding="utf-8"):
        gone = telco.supervisor.poll() is not None
        if gone or time.monotonic() > deadline:
            raise AssertionError(f"the telco did not come up:\n{telco.said.read_text(encoding='utf-8')}")
        time.sleep(0.1)


async def _settle(telco: Telco) -> None:
    """People move in."""
    async with telco.db() as db, db.write() as session:
        await seed(session, CUSTOMERS)
