"""Who watches the floor: open pages, by what they may see; each audience's word is put into bytes once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from aiohttp import web

from web.floor.tables import Tables, changes, told
from web.sockets import PageSocket

BEHIND_BYTES: Final = 256 * 1024
"""A page that has so much unread is left out until it has caught up, and is then told everything."""


@dataclass(eq=False, slots=True)
class Watcher:
    """One open page."""

    socket: PageSocket
    request: web.Request
    behind: bool = False

    @property
    def unread(self) -> int:
        """Bytes on their way to it."""
        transport = self.request.transport
        return transport.get_write_buffer_size() if transport is not None else 0


@dataclass(slots=True)
class Audience:
    """Pages that see the same. `partner`: nothing but that partner's agents; '' everything."""

    partner: str = ""
    watchers: set[Watcher] = field(default_factory=set)
    _tables: Tables = field(default_factory=dict)
    _whole: bytes | None = None
    _head: Mapping[str, Any] = field(default_factory=dict)

    async def tell(self, head: Mapping[str, Any], tables: Tables) -> None:
        """What changed since the last time, to everybody; `head` goes with every word."""
        tables = self.seen(tables)
        delta = orjson.dumps({**head, "tables": told(changes(self._tables, tables))})
        self._tables, self._head, self._whole = tables, head, None
        for watcher in list(self.watchers):
            await self._send(watcher, delta)

    async def welcome(self, watcher: Watcher, head: Mapping[str, Any], tables: Tables) -> None:
        """Everything, to a page that has just been opened; from now on it hears what changes."""
        if not self.watchers:
            self._tables, self._head, self._whole = self.seen(tables), head, None
        await watcher.socket.send_json(self._everything())
        self.watchers.add(watcher)

    def seen(self, tables: Tables) -> Tables:
        """What of the tables this audience may see."""
        if not self.partner:
            return tables
        mine = {name: row for name, row in tables.get("agents", {}).items() if row["partner"] == self.partner}
        return {"agents": mine, "house": {"": counts(mine.values())}}

    async def _send(self, watcher: Watcher, delta: bytes) -> None:
        if watcher.unread > BEHIND_BYTES:
            watcher.behind = True
            return
        word, watcher.behind = (self._everything() if watcher.behind else delta), False
        if not await watcher.socket.send_json(word):
            self.watchers.discard(watcher)

    def _everything(self) -> bytes:
        if self._whole is None:
            self._whole = orjson.dumps(
                {**self._head, "whole": True, "tables": told(changes({}, self._tables))}
            )
        return self._whole


def counts(agents: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """How many agents are in which state."""
    found: dict[str, Any] = {}
    for each in agents:
        found[each["state"]] = found.get(each["state"], 0) + 1
    found["signed_in"] = sum(number for state, number in found.items() if state != "offline")
    return found
