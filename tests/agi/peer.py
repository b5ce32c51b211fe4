"""Scripted Asterisks: raw sockets that say what a test wants them to say."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

from agi import Limits, Observer, Server, Session
from values.testing import FixedClock

HOST = "127.0.30.9"
SECRET = "s3cret-of-a-test"
HEADING = {
    "agi_network": "yes",
    "agi_channel": "PJSIP/trunk-00000001",
    "agi_language": "it",
    "agi_uniqueid": "node1-1790000000.1",
    "agi_callerid": "+393290000017",
    "agi_dnid": "0611",
    "agi_extension": "0611",
}


def heading(route: str = "inbound", secret: str = SECRET, **changes: str) -> bytes:
    """What Asterisk says first."""
    script = f"{secret}/{route}"
    lines = {"agi_network_script": script, "agi_request": f"agi://{HOST}/{script}", **HEADING, **changes}
    return "".join(f"{name}: {value}\n" for name, value in lines.items()).encode() + b"\n"


class Peer:
    """One connection to a server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(HOST, self._server.port)
        return self

    async def __aexit__(self, *error: object) -> None:
        self._writer.close()

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def hears(self, command: str, *answers: str) -> None:
        """Take the next command, which must be this one, and answer it."""
        line = (await asyncio.wait_for(self._reader.readline(), 5)).decode().rstrip("\n")
        assert line == command
        for answer in answers:
            await self.send(answer.encode() + b"\n")

    async def closed(self) -> bool:
        """Wait until the server closes; whether it had said nothing more before."""
        try:
            return await asyncio.wait_for(self._reader.read(), 5) == b""
        except ConnectionResetError:
            return True

    def leave(self) -> None:
        """Break off as a dying process does."""
        self._writer.transport.abort()


@asynccontextmanager
async def serving(
    handler: Callable[[Session], Awaitable[None]],
    *,
    limits: Limits | None = None,
    observer: Observer | None = None,
) -> AsyncIterator[Server]:
    """A server on a free port."""
    server = Server(HOST, 0, SECRET, handler, clock=FixedClock(), limits=limits, observer=observer)
    async with server:
        yield server


async def talk(scene: Callable[[Session], Awaitable[Any]], *exchange: tuple[str, ...]) -> Any:
    """Play a scene against a script of commands and answers; give what it returns, raise what it raises."""
    done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    async def handler(session: Session) -> None:
        try:
            done.set_result(await scene(session))
        except Exception as problem:  # noqa: BLE001  (raised below)
            done.set_exception(problem)

    async with serving(handler) as server, Peer(server) as peer:
        await peer.send(heading())
        for command, *answers in exchange:
            await peer.hears(command, *answers)
        result = await asyncio.wait_for(done, 5)
        assert await peer.closed(), "the scene said more than the script"
        return result
