"""A whole telco for tests: the supervisor and all it starts; without the city the test is the carrier.

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
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import update

from calls import TraceStep, queries
from centralino.accounts import service_account
from customers.seed import seed
from dialer.models import Campaign
from store import Database
from tests.rig import CODE, Loopback
from tests.system.shelf import RunShelf
from values import CallId

CUSTOMERS = 200
SERVICE = "0611"
_UP_SECONDS = 180.0


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
    are_open: bool | None = None
    """Whether operators are there, once a test has said so (`set_hours`)."""

    @property
    def service(self) -> str:
        """Whom customers ring."""
        return f"sip:{SERVICE}@{self.loopback.node}:5060"

    def api(self, path: str) -> Any:
        """What the REST API answers to a GET below `/api/v1`."""
        url = f"http://{self.loopback.node}:8080/api/v1/{path}"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  (our own loopback)
            return json.load(answer)

    def post(self, path: str, **body: Any) -> Any:
        """What the REST API answers to a POST below `/api/v1`."""
        url = f"http://{self.loopback.node}:8080/api/v1/{path}"
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(url, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  (likewise)
            return json.load(answer)

    async def tell(self, agent: str, what: str) -> None:
        """Have an agent sign in or out, pause or be ready, as a button of the floor's page does."""
        await asyncio.to_thread(self.post, f"agents/{agent}/{what}")

    def password(self, name: str) -> str:
        """The password that somebody was given on the first day."""
        for line in (self.home / "sign-in").read_text(encoding="utf-8").splitlines():
            if line.partition(" ")[0] == name:
                return line.split()[1]
        raise AssertionError(f"{name} was given no password")

    def get(self, path: str) -> tuple[int, str]:
        """Any page, without the token: status and text."""
        try:
            with urllib.request.urlopen(f"http://{self.loopback.node}:8080{path}", timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    async def calls(self, **wanted: str) -> list[dict[str, Any]]:
        """The calls on record, the latest first."""
        query = "&".join(f"{name}={value}" for name, value in wanted.items())
        listed = await asyncio.to_thread(self.api, f"calls?limit=100&{query.replace('+', '%2B')}")
        return list(listed["calls"])

    async def ended_call(self, *, within: float = 30.0, **wanted: str) -> dict[str, Any]:
        """The latest call that fits, with its trace, once its record is closed."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            found = await self.calls(**wanted)
            if found and found[0]["state"] != "up":
                story: dict[str, Any] = await asyncio.to_thread(self.api, f"calls/{found[0]['call_id']}")
                return story
            await asyncio.sleep(0.1)
        raise AssertionError(f"no ended call with {wanted}; there are {await self.calls()}")

    async def at_step(self, number: str, path: str, *, within: float = 30.0) -> None:
        """Wait until the record of a call that is up says that it has come to a step."""

        async def there() -> bool:
            up = await self.calls(number=number, state="up")
            traces = [await self.trace(call["call_id"]) for call in up]
            return any(trace and trace[-1].next_path == path for trace in traces)

        await self.until(there, within=within, what=f"a call of {number} at {path}")

    async def trace(self, call_id: str) -> list[TraceStep]:
        """A call's steps, as the database has them."""
        async with self.db() as db, db.read() as session:
            return await queries.trace(session, CallId(call_id))

    async def until(self, holds: Any, *, within: float = 30.0, what: str = "it") -> None:
        """Wait until something holds (a function, plain or async)."""
        deadline = time.monotonic() + within
        while True:
            now = holds()
            if asyncio.iscoroutine(now):
                now = await now
            if now:
                return
            assert time.monotonic() < deadline, f"{what} did not come to pass within {within:g} s"
            await asyncio.sleep(0.1)

    async def ready(self, *, within: float = 30.0) -> None:
        """Wait until the page says that everything is there."""

        async def all_there() -> bool:
            status, _ = await asyncio.to_thread(self.get, "/readyz")
            return status == 200

        await self.until(all_there, within=within, what="the telco's readiness")

    async def missing(self, part: str, *, within: float = 30.0) -> None:
        """Wait until the page says that a part is not there."""

        async def not_there() -> bool:
            status, text = await asyncio.to_thread(self.get, "/readyz")
            return status == 503 and json.loads(text)[part] is False

        await self.until(not_there, within=within, what=f"word of the missing {part}")

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

    async def back(self, part: str, *, before: int, within: float = 60.0) -> None:
        """Wait until a part that fell is ready again, as another process."""

        def ready() -> bool:
            lines = self.said.read_text(encoding="utf-8").splitlines()
            mine = [line for line in lines if f" {part} " in line]
            return self.pid(part) != before and " ready " in mine[-1]

        await self.until(ready, within=within, what=f"{part}'s return")

    @asynccontextmanager
    async def without(self, part: str) -> AsyncIterator[None]:
        """A part crashes and stays away, because the supervisor that would start it again is held."""
        before = self.pid(part)
        os.kill(self.supervisor.pid, signal.SIGSTOP)
        try:
            self.kill(part)
            yield
        finally:
            os.kill(self.supervisor.pid, signal.SIGCONT)
        await self.back(part, before=before)

    async def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`centralino …` on this telco, as its operator types it."""
        return await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "centralino", *words],
            cwd=CODE, env=self.environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def logged(self, part: str, event: str) -> list[str]:
        """The lines of a part's log that tell of an event."""
        return [line for line in self.log(part).splitlines() if f" event={event} " in f"{line} "]

    def log(self, part: str) -> str:
        """What a part wrote."""
        return (self.home / "log" / f"{part}.log").read_text(encoding="utf-8", errors="replace")


@contextmanager
def running_telco(loopback: Loopback, **settings: str) -> Iterator[Telco]:
    """A telco on the worker's addresses; `settings` are further `CENTRALINO_…` of its environment."""
    home = Path(tempfile.mkdtemp(prefix="centralino-telco-"))
    engine = f"{sys.executable} {CODE / 'tests/system/whistle.py'} {{text_file}} {{wav}}"
    database = settings.pop("database_url", "") or f"sqlite+aiosqlite:///{home / 'centralino.db'}"
    environment = {
        **os.environ,
        "CENTRALINO_HOME": str(home),
        "CENTRALINO_DATABASE_URL": database,
        "CENTRALINO_CITY": "off",
        "CENTRALINO_JURISDICTION": "none",  # tests run at night and on holidays too
        "CENTRALINO_SIP": f"{loopback.node}:5060",
        "CENTRALINO_AMI": f"{loopback.node}:5038",
        "CENTRALINO_AGI": f"{loopback.node}:4573",
        "CENTRALINO_HTTP": f"{loopback.node}:8080",
        "CENTRALINO_CITY_SIP": f"{loopback.city}:5060",
        "CENTRALINO_CITY_AMI": f"{loopback.city}:5038",
        "CENTRALINO_CITY_AGI": f"{loopback.city}:4573",
        "CENTRALINO_PHONE_SOCKET": f"{loopback.node}:8088",
        "CENTRALINO_CITY_PHONE_SOCKET": f"{loopback.city}:8088",
        "CENTRALINO_SPEECH": json.dumps(dict.fromkeys(("it", "en", "ru"), engine)),
        **{f"CENTRALINO_{name.upper()}": value for name, value in settings.items()},
    }
    if environment["CENTRALINO_CITY"] == "off":
        # The test itself is the carrier: it comes and goes, so nobody asks whether it is there.
        carrier = {"address": f"{loopback.city}:5060", "qualify_frequency": 0}
        environment["CENTRALINO_TRUNKS"] = json.dumps([carrier])
    said = home.with_name(home.name + ".out")
    shelf = RunShelf(loopback.together)
    shelf.hand_over(home)
    service_account().own(home)
    with said.open("wb") as out:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "centralino", "run"],
            cwd=CODE, env=environment, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    telco = Telco(home, loopback, environment, supervisor, said, database)
    try:
        _wait_until_up(telco, shelf)
        shelf.keep(home)
        telco.token = (home / "api-token").read_text(encoding="utf-8").strip()
        asyncio.run(_settle(telco))
        yield telco
    finally:
        shelf.close()
        children = (
            psutil.Process(supervisor.pid).children(recursive=True) if supervisor.poll() is None else []
        )
        supervisor.send_signal(signal.SIGTERM)
        supervisor.wait(40)
        left = [child for child in children if child.is_running()]
        shutil.rmtree(home, ignore_errors=True)
        said.unlink(missing_ok=True)
        assert not left, f"left behind: {left}"


def _wait_until_up(telco: Telco, shelf: RunShelf) -> None:
    deadline = time.monotonic() + _UP_SECONDS
    while "the telco is up" not in (told := telco.said.read_text(encoding="utf-8")):
        if " core " in told:  # that begins when all is said
            shelf.keep(telco.home)
        gone = telco.supervisor.poll() is not None
        if gone or time.monotonic() > deadline:
            raise AssertionError(f"the telco did not come up:\n{telco.said.read_text(encoding='utf-8')}")
        time.sleep(0.1)


async def _settle(telco: Telco) -> None:
    """People move in, and may be called at any hour."""
    async with telco.db() as db, db.write() as session:
        await seed(session, CUSTOMERS)
        await session.execute(update(Campaign).values(profile="none"))
