"""How many business events a second come in over real HTTP, in batches of 1,000, on both databases.

The real web process is given a mix of types about 5,000 customers; an event counts once its batch was
answered, and so committed. Beside it stands what this machine can do at all: the same batches read as JSON
and put into a plain SQLite table, in one process and without HTTP.
"""

import argparse
import asyncio
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import orjson
from aiohttp import ClientSession, TCPConnector
from sqlalchemy import func, select

from bench.figures import Goal, Printed, rounded
from bench.postgres import private_postgresql
from bench.telco import BenchError
from customers.seed import id_of, seed
from proactive.events import BusinessEvent
from store import Database
from values import SystemClock

EVENTS: Final = 100_000
BATCH: Final = 1_000
AT_ONCE: Final = 3
"""Batches on their way: while one is read another is written."""
PEOPLE: Final = 5_000
RATE: Final = Goal(">=", 10_000)
_SECONDS: Final = 60.0


async def measure(events: int = EVENTS) -> Printed:
    """Both databases, one after the other, and the plain table."""
    clock = SystemClock()
    batches = _batches(events, clock.now())
    plain = _plain(batches, clock)
    sqlite = await _on_sqlite(batches, clock)
    print(f"intake: sqlite {sqlite:.0f} a second", file=sys.stderr)
    async with private_postgresql() as address:
        postgresql = await _measured(address, batches, clock)
    return {
        "events": events,
        "batch": BATCH,
        "batches_at_once": AT_ONCE,
        "sqlite_events_per_second": RATE.judged(sqlite),
        "postgresql_events_per_second": RATE.judged(postgresql),
        "plain_table_events_per_second": rounded(plain),
        "of_the_plain_table": {
            "sqlite": rounded(sqlite / plain), "postgresql": rounded(postgresql / plain),
        },
    }  # fmt: skip


def _batches(events: int, now: datetime) -> Sequence[bytes]:
    """As they travel: each its own id, and about every customer in turn."""
    dice = random.Random("intake")
    at = now - timedelta(minutes=1)
    return [
        orjson.dumps([_event(number, at, dice) for number in range(first, min(events, first + BATCH))])
        for first in range(0, events, BATCH)
    ]


def _event(number: int, at: datetime, dice: random.Random) -> Mapping[str, Any]:
    about = f"{number // 2:07d}"
    common = {"id": f"net-{number:09d}", "at": at, "source": "bench", "customer": id_of(number % PEOPLE)}
    kind = dice.choices(("fault", "restored", "order", "usage", "contact"), (30, 30, 15, 15, 10))[0]
    by_kind: dict[str, dict[str, Any]] = {
        "fault": {"type": "fault.opened", "fault": about, "line": f"l{about}", "symptom": "no_line"},
        "restored": {"type": "fault.restored", "fault": about},
        "order": {"type": "order.planned", "order": about, "kind": "la",
                  "planned": (at + timedelta(days=9)).date()},
        "usage": {"type": "usage.read", "line": f"l{about}", "cycle": f"{at:%Y-%m}",
                  "unbilled": {"minor": 100 * number % 20_000, "currency": "EUR"}},
        "contact": {"type": "contact.ended", "contact": about, "channel": "voice", "area": "adsl",
                    "agent": "anna", "team": "blue", "site": "Roma"},
    }  # fmt: skip
    return {**common, **by_kind[kind]}


async def _on_sqlite(batches: Sequence[bytes], clock: SystemClock) -> float:
    with tempfile.TemporaryDirectory(prefix="centralino-intake-db-") as folder:
        Path(folder).chmod(0o777)  # noqa: ASYNC240  (who was root is the service's account in there)
        return await _measured(f"sqlite+aiosqlite:///{folder}/centralino.db", batches, clock)


async def _measured(address: str, batches: Sequence[bytes], clock: SystemClock) -> float:
    """Events a second, all of them kept. Raises `BenchError` when one is not."""
    with tempfile.TemporaryDirectory(prefix="centralino-intake-") as folder:
        home = Path(folder) / "home"
        settings = {
            "CENTRALINO_HOME": str(home),
            "CENTRALINO_DATABASE_URL": address,
            "CENTRALINO_REDIS_URL": f"unix://{folder}/redis.sock",
            "CENTRALINO_CITY": "off",
        }
        Path(folder).chmod(0o755)  # noqa: ASYNC240
        await _prepared(settings)
        async with Database(address) as db:
            async with db.write() as session:
                await seed(session, PEOPLE)
            async with _web(settings, Path(folder) / "web.log") as url:
                token = (home / "api-token").read_text(encoding="utf-8").strip()
                seconds = await _sent(url, token, batches, clock)
            async with db.read() as session:
                kept = await session.scalar(select(func.count()).select_from(BusinessEvent))
        sent = sum(len(orjson.loads(batch)) for batch in batches)
        if kept != sent:
            raise BenchError(f"{sent} events were sent, and {kept} are kept")
        return sent / seconds


async def _sent(url: str, token: str, batches: Sequence[bytes], clock: SystemClock) -> float:
    """Send all of them; how many seconds it took. Raises `BenchError` for one that is not taken whole."""
    waiting = iter(batches)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    async with ClientSession(url, headers=headers, connector=TCPConnector(limit=0)) as session:

        async def carry() -> None:
            for batch in waiting:
                async with session.post("/api/v1/events", data=batch) as answer:
                    told = await answer.json()
                    if answer.status != 202 or told["refused"] or not told["accepted"]:  # noqa: PLR2004
                        raise BenchError(f"a batch was not taken: {answer.status} {json.dumps(told)[:500]}")

        began = clock.monotonic()
        async with asyncio.timeout(_SECONDS), asyncio.TaskGroup() as carriers:
            for _ in range(AT_ONCE):
                carriers.create_task(carry())
        return clock.monotonic() - began


def _plain(batches: Sequence[bytes], clock: SystemClock) -> float:
    """Events a second into a plain table, each batch committed as safely as ours."""
    with tempfile.TemporaryDirectory(prefix="centralino-intake-") as folder:
        database = sqlite3.connect(Path(folder) / "plain.db")
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE events (id TEXT PRIMARY KEY, at TEXT, customer TEXT, words TEXT)")
        began, count = clock.monotonic(), 0
        for batch in batches:
            rows = [
                (each["id"], each["at"], each["customer"], orjson.dumps(each).decode())
                for each in orjson.loads(batch)
            ]
            with database:
                database.executemany("INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?)", rows)
            count += len(rows)
        seconds = clock.monotonic() - began
        database.close()
    return count / seconds


async def _prepared(settings: Mapping[str, str]) -> None:
    """A home and tables, by the product's own command."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "centralino", "prepare", env=os.environ | dict(settings),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    _, said = await process.communicate()
    if process.returncode:
        raise BenchError(said.decode(errors="replace")[-1000:])


@asynccontextmanager
async def _web(settings: Mapping[str, str], log: Path) -> AsyncIterator[str]:
    """The real web process, as the supervisor starts it."""
    port = random.randrange(20_000, 40_000)
    with log.open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "centralino", "web",
            env=os.environ | dict(settings) | {"CENTRALINO_HTTP": f"127.0.0.1:{port}"},
            stdout=subprocess.DEVNULL, stderr=said,
        )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        async with ClientSession() as asking, asyncio.timeout(_SECONDS):
            while not await _is_up(asking, url):
                if process.returncode is not None:
                    raise BenchError(f"the web process did not come up; see {log}")
                await asyncio.sleep(0.2)
        yield url
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _is_up(asking: ClientSession, url: str) -> bool:
    try:
        async with asking.get(f"{url}/sign-in") as answer:
            return answer.ok
    except OSError:
        return False


def main(arguments: list[str]) -> None:
    """Alone, with options."""
    parser = argparse.ArgumentParser(prog="bench intake", description="How fast business events come in.")
    parser.add_argument("--events", type=int, default=EVENTS, help="how many are sent")
    asked = parser.parse_args(arguments)
    print(json.dumps(asyncio.run(measure(asked.events)), indent=2))
