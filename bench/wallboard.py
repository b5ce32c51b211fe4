"""What the operations view costs: 300 agents and 20 campaigns each second, in the server and in a browser.

A Redis fed as the core feeds it, the real web process, a wall board in a real Chromium, and then 500 more
pages that only listen. `python -m bench wallboard --seconds 20` prints JSON.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import psutil
from aiohttp import ClientSession, ClientWebSocketResponse, TCPConnector, WSMsgType
from playwright.async_api import async_playwright

from agents import AgentCard
from agents.presence import CHANNEL as AGENTS
from agents.presence import KEY as AGENTS_NOW
from agents.queues import kpis
from agents.queues.kpis import Tally
from agents.service import put_agents
from bench.figures import Goal, Printed, percentile, rounded
from bench.telco import BenchError
from store import Database, LiveStore
from tests.redis_server import RedisServer
from users import Door, Person, Role, add_user
from values import SystemClock
from web.floor.feed import FLOOR
from web.visitor import COOKIE

PEOPLE: Final = 300
CAMPAIGNS: Final = 20
QUEUES: Final = 4
PAGES: Final = 500
TURNS: Final = 20
"""Agents whose state changes in a second: every one of them four times a minute."""
STATES: Final = ("ready", "talking", "wrap_up", "talking", "paused")
SERVER: Final = Goal("<", 0.05)
BROWSER: Final = Goal("<", 0.10)
_CALM: Final = 5.0
_USER: Final = "bench"


class Feeder:
    """Tells a floor as the core does; everything moves a little each second."""

    def __init__(self, live: LiveStore, clock: SystemClock) -> None:
        self._live = live
        self._clock = clock
        self._random = random.Random("wallboard")
        now = clock.now()
        self._since = {f"agent{i:03d}": now for i in range(PEOPLE)}
        self._state = {name: self._random.choice(STATES) for name in self._since}
        self._left = [10_000 + 997 * i for i in range(CAMPAIGNS)]

    async def run(self) -> None:
        """Until cancelled."""
        rounds = 0
        while True:
            await self.tell(everybody=rounds % 3 == 0)
            rounds += 1
            await self._clock.sleep(1)

    async def tell(self, *, everybody: bool) -> None:
        """One second."""
        now = self._clock.now()
        turned = self._random.sample(sorted(self._state), TURNS)
        for name in turned:
            self._state[name], self._since[name] = self._random.choice(STATES), now
        seen = {name: self._agent(name, now) for name in (self._state if everybody else turned)}
        await self._live.publish(AGENTS, {"node": "node1", "at": now, "agents": list(seen.values())})
        await self._live.put_fields(AGENTS_NOW, seen, seconds=60)
        floor = self._floor(now)
        await self._live.publish(FLOOR, floor)
        await self._live.put(FLOOR, floor, seconds=10)

    def _agent(self, name: str, now: Any) -> dict[str, Any]:
        state = self._state[name]
        busy = state in {"talking", "wrap_up"}
        return {
            "agent": name, "state": state, "since": self._since[name], "reason": "", "node": "node1",
            "campaign": f"campaign{int(name[-3:]) % CAMPAIGNS:02d}" if busy else "", "call": "",
            "leaving": False, "going_home": False, "told": now,
        }  # fmt: skip

    def _floor(self, now: Any) -> dict[str, Any]:
        counts = {state: sum(each == state for each in self._state.values()) for state in set(STATES)}
        return {
            "node": "node1",
            "at": now,
            "campaigns": {f"campaign{i:02d}": self._campaign(i) for i in range(CAMPAIGNS)},
            "queues": {f"queue{i}": self._queue(i) for i in range(QUEUES)},
            "trunks": {
                "carrier": {"lines": 600, "used": self._random.randrange(200, 400), "enabled": True,
                            "state": "working", "refused": 0, "resting": False, "until": None}
            },
            "house": {**counts, "signed_in": PEOPLE, "utilisation": round(self._random.uniform(0.7, 0.9), 3),
                      "lines": self._random.randrange(300, 400), "pace": 12.5, "waiting": 3},
            "alarms": [],
            "away": False,
        }  # fmt: skip

    def _campaign(self, place: int) -> dict[str, Any]:
        draw = self._random.randrange
        self._left[place] -= draw(3)
        return {
            "title": f"Campaign {place:02d}", "mode": "predictive", "skill": "", "priority": 0,
            "state": "calling", "why": "", "target": 0.03, "lines_most": 60, "lines": draw(20, 40),
            "ringing": draw(5, 20), "analysing": draw(3), "waiting": draw(2), "talking": draw(8, 15),
            "wrap_up": draw(3), "pace": round(self._random.uniform(0.5, 2), 1), "left": self._left[place],
            "utilisation": round(self._random.uniform(0.75, 0.9), 3), "limit": 0.03, "abandoned": 4,
            "abandonment": round(self._random.uniform(0.01, 0.03), 4), "budget": 1.5, "answers": 0.42,
            "handling": 190, "lines_per_agent": 1.9, "risk": round(self._random.uniform(0.01, 0.03), 3),
        }  # fmt: skip

    def _queue(self, place: int) -> dict[str, Any]:
        today = Tally(offered=200 + place, waiting=2, answered=180, in_time=160, answered_wait=2400.0)
        return {
            "name": f"queue{place}", "title": f"Queue {place}", "open": True, "waiting": 2, "call_backs": 0,
            "longest_wait": round(self._random.uniform(0, 40), 1), "agents": 60, "ready": 5,
            "service_level": kpis.copc(today), "today": kpis.told(today),
        }  # fmt: skip


async def measure(seconds: float = 20.0) -> Printed:
    """The wall board alone, then with all the other pages."""
    clock = SystemClock()
    with tempfile.TemporaryDirectory(prefix="centralino-wall-") as folder:
        Path(folder).chmod(0o755)  # noqa: ASYNC240  (who was root is the service's account in there)
        home = Path(folder) / "home"
        async with _redis(Path(folder)) as redis:
            live = LiveStore(redis, clock)
            await _command(_settings(home, redis), "prepare")
            async with Database(_address(home)) as db:
                cookie = await _people(db, live, clock)
            feeding = asyncio.create_task(Feeder(live, clock).run())
            try:
                async with _web(home, redis) as (process, url):
                    return await _watched(process, url, cookie, seconds)
            finally:
                feeding.cancel()
                with suppress(asyncio.CancelledError):
                    await feeding
                await live.close()


async def _watched(web: psutil.Process, url: str, cookie: str, seconds: float) -> Printed:
    async with async_playwright() as play:
        browser = await play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        context = await browser.new_context(viewport={"width": 1920, "height": 1080})
        await context.add_cookies([{"name": COOKIE, "value": cookie, "url": url}])
        page = await context.new_page()
        devtools = await context.new_cdp_session(page)
        await page.goto(f"{url}/floor/wall")
        await page.wait_for_selector("#campaigns tbody tr:nth-child(20)")
        await devtools.send("Performance.enable")
        await asyncio.sleep(_CALM)
        before = await _tasks(devtools)
        alone, browsing = await asyncio.gather(_used([web], seconds), _used(_chromium(), seconds))
        busy = (await _tasks(devtools) - before) / seconds
        await browser.close()
    print(f"alone: server {alone:.3f}, page {busy:.3f}, chromium {browsing:.3f}", file=sys.stderr)
    listening = await _many(web, url, cookie, seconds)
    return {
        "agents": PEOPLE,
        "campaigns": CAMPAIGNS,
        "turns_a_second": TURNS,
        "server_of_a_core": SERVER.judged(alone),
        "browser_page_of_a_core": BROWSER.judged(busy),
        "browser_with_software_painting_of_a_core": rounded(browsing),
        "pages": listening,
    }


async def _many(web: psutil.Process, url: str, cookie: str, seconds: float) -> Printed:
    """All the other pages: they only listen."""
    ages: list[float] = []
    heard = [0]
    clock = SystemClock()
    headers = {"Origin": url}
    async with ClientSession(cookies={COOKIE: cookie}, connector=TCPConnector(limit=0)) as session:

        async def listen(page: ClientWebSocketResponse, place: int) -> None:
            async for told in page:
                if told.type is not WSMsgType.TEXT:
                    return
                heard[0] += 1
                if place % 25 == 0:  # reading all of them would cost more than the server
                    ages.append(clock.now().timestamp() - json.loads(told.data)["at"])

        pages = [await session.ws_connect(f"{url}/floor/live", headers=headers) for _ in range(PAGES)]
        tasks = [asyncio.create_task(listen(page, place)) for place, page in enumerate(pages)]
        await asyncio.sleep(_CALM)
        ages.clear()
        heard[0] = 0
        used = await _used([web], seconds)
        words, late = heard[0], [1000 * max(0.0, age) for age in ages]
        memory, there = web.memory_info().rss, sum(not page.closed for page in pages)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(page.close() for page in pages))
    return {
        "listening": Goal(">=", PAGES).judged(there),
        "words_a_second_and_page": rounded(words / seconds / PAGES),
        "server_of_a_core": rounded(used),
        "late_ms": {"p50": rounded(percentile(late, 0.5)), "p95": rounded(percentile(late, 0.95))},
        "server_memory_mb": rounded(memory / 1_048_576),
    }


async def _tasks(devtools: Any) -> float:
    """Seconds that the page's own thread has worked."""
    told = await devtools.send("Performance.getMetrics")
    return float(next(each["value"] for each in told["metrics"] if each["name"] == "TaskDuration"))


async def _used(processes: list[psutil.Process], seconds: float) -> float:
    """The share of a core that these take over so long."""

    def spent() -> float:
        total = 0.0
        for each in processes:
            with suppress(psutil.NoSuchProcess):
                times = each.cpu_times()
                total += times.user + times.system
        return total

    before = spent()
    await asyncio.sleep(seconds)
    return (spent() - before) / seconds


def _chromium() -> list[psutil.Process]:
    return [each for each in psutil.Process().children(recursive=True) if "chrom" in each.name()]


@asynccontextmanager
async def _redis(home: Path) -> AsyncIterator[str]:
    server = RedisServer(home)
    try:
        await server.start()
        yield server.url
    finally:
        server.stop()


def _settings(home: Path, redis: str) -> dict[str, str]:
    return {
        "CENTRALINO_HOME": str(home),
        "CENTRALINO_DATABASE_URL": _address(home),
        "CENTRALINO_REDIS_URL": redis,
        "CENTRALINO_CITY": "off",
    }


async def _command(settings: dict[str, str], *words: str) -> None:
    """One of the product's own commands."""
    program = [sys.executable, "-m", "centralino", *words]
    process = await asyncio.create_subprocess_exec(
        *program, env=os.environ | settings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    _, said = await process.communicate()
    if process.returncode:
        raise BenchError(said.decode(errors="replace")[-1000:])


def _address(home: Path) -> str:
    return f"sqlite+aiosqlite:///{home / 'centralino.db'}"


async def _people(db: Database, live: LiveStore, clock: SystemClock) -> str:
    """Everybody, and somebody who watches them; the cookie of their session."""
    now = clock.now()
    cards = [AgentCard(f"agent{i:03d}", f"agent{i:03d}", f"Agent {i:03d}") for i in range(PEOPLE)]
    async with db.write() as session:
        await put_agents(session, cards, now=now)
        person = Person(name=_USER, role=Role.OPERATIONS, title="Bench")
        await add_user(session, person, password="", now=now - timedelta(days=1))
    cookie, _ = await Door(db, live, clock).sessions.begin(_USER, address="127.0.0.1", browser="bench")
    return cookie


@asynccontextmanager
async def _web(home: Path, redis: str) -> AsyncIterator[tuple[psutil.Process, str]]:
    """The real web process, as the supervisor starts it."""
    port, log = random.randrange(20_000, 40_000), home.parent / "web.log"
    settings = _settings(home, redis) | {"CENTRALINO_HTTP": f"127.0.0.1:{port}"}
    process = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-m", "centralino", "web"],
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=log.open("wb"),
    )
    url = f"http://127.0.0.1:{port}"
    try:
        async with ClientSession() as asking, asyncio.timeout(60):
            while True:
                try:
                    async with asking.get(f"{url}/sign-in") as answer:
                        if answer.ok:
                            break
                except OSError:
                    await asyncio.sleep(0.2)
        yield psutil.Process(process.pid), url
    except TimeoutError:
        sys.stderr.write(log.read_text(encoding="utf-8", errors="replace")[-2000:])
        raise
    finally:
        process.terminate()
        process.wait(10)


def main(arguments: list[str]) -> None:
    """Alone, with options."""
    parser = argparse.ArgumentParser(prog="bench wallboard", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each part is watched")
    print(json.dumps(asyncio.run(measure(parser.parse_args(arguments).seconds)), indent=2))
