"""The desk's live news: one subscription to Redis for the process, handed out in memory to every open page.

A page costs nothing until something of its own agent changes; what all are told is written as JSON once.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing, suppress
from typing import Any, Final

import orjson
import structlog
from aiohttp import web

from store import LiveStore
from web.board import BoardFeed
from web.desk.outbox import Outbox
from web.desk.tabs import CHANNEL as TABS
from web.desk.tabs import Tabs

log = structlog.get_logger(__name__)

POP: Final = "agents.pop"
POPS: Final = "agents.pop:now"
PRESENCE: Final = "centralino:agents"
TALKS: Final = "centralino:talks"
TALKS_NOW: Final = "centralino:talks:now"
OVER: Final = "over"
"""The state that ends a talk; pages are told it like any other."""
QUEUES: Final = "centralino:queues"
CORE_SECONDS: Final = 1.0
"""How often is looked whether the voice core is heard."""

Popped = Callable[[Mapping[str, Any]], None]


class DeskFeed:
    """Knows who looks at which agent's desk."""

    def __init__(self, live: LiveStore, tabs: Tabs, board: BoardFeed) -> None:
        self._live = live
        self._board = board
        self.tabs = tabs
        self._pages: dict[str, set[Outbox]] = defaultdict(set)
        self._seen: dict[str, Any] = {}
        self._queues = b""
        self._popped: list[Popped] = []
        tabs.on_change(self._steered)

    def on_pop(self, listener: Popped) -> None:
        """Call this with each pop whose agent's desk is open here; it must not block."""
        self._popped.append(listener)

    async def running(self, _app: web.Application) -> AsyncIterator[None]:
        """Listen for as long as the application runs (aiohttp's `cleanup_ctx`)."""
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._watch_core())]
        yield
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)

    def open(self, outbox: Outbox) -> None:
        """A page looks at its agent's desk; what all are told it is told now."""
        self._pages[outbox.agent].add(outbox)
        outbox.put("core", self._core())
        if self._queues:
            outbox.put("queues", self._queues)

    def close(self, outbox: Outbox) -> None:
        """It is closed."""
        agent = outbox.agent
        self._pages[agent].discard(outbox)
        if not self._pages[agent]:
            del self._pages[agent]
            self._seen.pop(agent, None)

    def tell(self, agent: str, kind: str, about: object) -> None:
        """Tell all pages of one agent."""
        if pages := self._pages.get(agent):
            text = as_text(kind, about)
            for page in list(pages):
                page.put(kind, text)

    def of(self, agent: str) -> list[Outbox]:
        """The open pages of one agent."""
        return list(self._pages.get(agent, ()))

    def at_work(self, agent: str) -> bool:
        """Whether an agent was last seen on a shift."""
        return bool((self._seen.get(agent) or {}).get("state", "offline") != "offline")

    async def last_pop(self, agent: str) -> Mapping[str, Any] | None:
        """The last pop of an agent, while Redis keeps it."""
        found = (await self._live.fields(POPS)).get(agent)
        return found if isinstance(found, Mapping) else None

    async def talk(self, agent: str) -> Any:
        """How an agent's talk stands, while Redis keeps it; None when they are in none."""
        found = (await self._live.fields(TALKS_NOW)).get(agent)
        return found if isinstance(found, Mapping) and found.get("state") != OVER else None

    @property
    def pages(self) -> int:
        """How many are open."""
        return sum(map(len, self._pages.values()))

    # What is heard.

    async def _listen(self) -> None:
        hears = {
            POP: self._heard_pop,
            PRESENCE: self._heard_presence,
            TALKS: self._heard_talks,
            QUEUES: self._heard_queues,
            TABS: self.tabs.heard,
        }
        async with aclosing(self._live.subscribe(list(hears))) as ear:
            async for channel, told in ear:
                try:
                    hears[channel](told)
                except (AttributeError, KeyError, TypeError, ValueError):
                    log.warning("desk.unreadable", channel=channel)

    def _heard_pop(self, told: Any) -> None:
        agent = str(told["agent"])
        if agent in self._pages:
            self.tell(agent, "pop", told)
            for listener in self._popped:
                listener(told)

    def _heard_presence(self, told: Any) -> None:
        for each in told["agents"]:
            agent = str(each["agent"])
            if agent not in self._pages:
                continue
            # everybody is told anew every few seconds: only what is another is worth a page's while
            now = {name: value for name, value in each.items() if name not in {"told", "since", "wrap_until"}}
            now["wrap"] = str(each.get("wrap_until") or "")[:18]
            if self._seen.get(agent) != now:
                self._seen[agent] = now
                self.tell(agent, "presence", each)

    def _heard_talks(self, told: Any) -> None:
        self.tell(str(told["agent"]), "talk", told)

    def _heard_queues(self, told: Any) -> None:
        # of all that is told of a queue a desk shows only how many wait: mostly nothing has changed
        shown = [
            {
                "name": str(each["name"]),
                "title": str(each.get("title") or each["name"]),
                "waiting": each["waiting"],
            }
            for each in told["queues"]
        ]
        text = as_text("queues", {"queues": shown})
        if text != self._queues:
            self._queues = text
            self._all("queues", text)

    async def _watch_core(self) -> None:
        heard = self._board.heard
        while True:
            await asyncio.sleep(CORE_SECONDS)
            if self._board.heard != heard:
                heard = self._board.heard
                self._all("core", self._core())

    def _core(self) -> bytes:
        return as_text("core", {"heard": self._board.heard})

    def _all(self, kind: str, text: bytes) -> None:
        for pages in self._pages.values():
            for page in pages:
                page.put(kind, text)

    def _steered(self, agent: str, tab: str) -> None:
        self.tell(agent, "tab", {"steers": tab})


def as_text(kind: str, about: object) -> bytes:
    """A message to a page."""
    return orjson.dumps({"kind": kind, "about": about})
