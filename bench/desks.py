"""Five hundred desks open at once: what their sockets cost the web process, and how soon each hears its own.

Every page is an agent's of its own, in a real session, on the web process of a real telco. For some seconds
the queues change twice a second for all, and pops come for single agents, as a busy floor has them.
"""

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import psutil

from agents import agent_card, put_agents
from bench.caller import Caller
from bench.figures import Goal, Printed, percentile, rounded
from bench.lines import NODE
from bench.telco import BenchError, Telco, running
from store import LiveStore
from users import Person, Role, Sessions, add_user
from values import SystemClock

PAGES: Final = 500
SECONDS: Final = 15.0
POPS_PER_SECOND: Final = 10
QUEUES_PER_SECOND: Final = 2
_SITE: Final = f"http://{NODE}:8080"


@dataclass
class Desk:
    """One page's socket."""

    agent: str
    socket: aiohttp.ClientWebSocketResponse
    popped: dict[str, float] = field(default_factory=dict)
    """When each pop came, by the loop's clock."""
    queues: int = 0

    async def listen(self) -> None:
        """Note what comes, until it is closed."""
        loop = asyncio.get_running_loop()
        async for message in self.socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                break
            if message.data.startswith('{"kind":"pop"'):
                self.popped[json.loads(message.data)["about"]["call"]] = loop.time()
            elif message.data.startswith('{"kind":"queues"'):
                self.queues += 1


async def measure(telco: Telco, caller: Caller) -> Printed:
    """All pages, open at once."""
    del caller
    live = LiveStore(f"unix://{telco.home / 'run' / 'redis.sock'}", SystemClock())
    async with AsyncExitStack() as stack:
        stack.push_async_callback(live.close)
        desks = await _open(telco, live, stack)
        listening = [asyncio.create_task(each.listen()) for each in desks]
        web = _web(telco)
        idle = await _share(web, 5.0)
        asked = asyncio.create_task(_share(web, SECONDS))
        sent = await _busy(live, desks)
        busy = await asked
        await asyncio.sleep(1.0)
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
    delays = [
        desk.popped[call] - at
        for desk, calls in zip(desks, sent, strict=True)
        for call, at in calls.items()
        if call in desk.popped
    ]
    return {
        "pages": len(desks),
        "core_share_idle": rounded(idle),
        "core_share_busy": Goal("<=", 0.25).judged(busy),
        "memory_megabytes": rounded(web.memory_info().rss / 1e6),
        "pop_to_page_milliseconds": {
            "p50": rounded(percentile(delays, 0.5) * 1000),
            "p95": Goal("<=", 50).judged(percentile(delays, 0.95) * 1000),
        },
        "pops_lost": Goal("<=", 0).judged(sum(map(len, sent)) - len(delays)),
        "queue_words_heard": rounded(sum(each.queues for each in desks) / len(desks)),
    }


async def _open(telco: Telco, live: LiveStore, stack: AsyncExitStack) -> list[Desk]:
    now, sessions = SystemClock().now(), Sessions(live, SystemClock())
    names = [f"desk{number:03d}" for number in range(PAGES)]
    async with telco.db.write() as session:
        for name in names:
            await add_user(session, Person(name=name, role=Role.AGENT, agent=name), password="", now=now)
        await put_agents(session, [agent_card(name) for name in names], now=now)
    connector = aiohttp.TCPConnector(limit=0)
    http = await stack.enter_async_context(
        aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
    )
    desks = []
    for name in names:
        cookie, _ = await sessions.begin(name, address="127.0.0.1", browser="bench")
        headers = {"Cookie": f"session={cookie}", "Origin": _SITE}
        socket = await http.ws_connect(f"{_SITE}/desk/live", headers=headers)
        await socket.send_json({"tab": name, "fresh": True})
        desks.append(Desk(name, socket))
    return desks


def _web(telco: Telco) -> psutil.Process:
    for child in psutil.Process(telco.supervisor.pid).children(recursive=True):
        if "-m centralino web" in " ".join(child.cmdline()):
            return child
    raise BenchError("the web process is not there")


async def _share(process: psutil.Process, seconds: float) -> float:
    """How much of a core it used."""
    before = sum(process.cpu_times()[:2])
    await asyncio.sleep(seconds)
    return float((sum(process.cpu_times()[:2]) - before) / seconds)


async def _busy(live: LiveStore, desks: list[Desk]) -> list[dict[str, float]]:
    """Queues change, and pops come; when each pop was published, by desk."""
    loop = asyncio.get_running_loop()
    sent: list[dict[str, float]] = [{} for _ in desks]
    until, number = loop.time() + SECONDS, 0
    while loop.time() < until:
        place = (number * 37) % len(desks)
        pop: dict[str, Any] = {"agent": desks[place].agent, "call": f"call-{number}", "title": "bench"}
        sent[place][pop["call"]] = loop.time()
        await live.publish("agents.pop", pop)
        if number % (POPS_PER_SECOND // QUEUES_PER_SECOND) == 0:
            await live.publish("centralino:queues", {"queues": [{"name": "care", "waiting": number}]})
        number += 1
        await asyncio.sleep(1 / POPS_PER_SECOND)
    return sent


async def _main() -> None:
    async with running() as telco:
        print(json.dumps(await measure(telco, Caller("", "", telco.numbers)), indent=2), file=sys.stdout)


if __name__ == "__main__":
    asyncio.run(_main())
