"""Another system that is told of facts: a real HTTP server on loopback that answers as it is told to."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Message:
    """One request as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass(slots=True)
class Receiver:
    """What it was sent, and how it answers."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    """Statuses to answer with, one after another; then 204."""
    headers: dict[str, str] = field(default_factory=dict)
    """Sent with each answer."""
    holding: asyncio.Event | None = None
    """It answers only once this is set."""
    messages: list[Message] = field(default_factory=list)
    on_message: Callable[[], None] | None = None

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.messages.append(Message({k.lower(): v for k, v in request.headers.items()}, body))
        if self.on_message is not None:
            self.on_message()
        if self.holding is not None:
            await self.holding.wait()
        return web.Response(status=self.answers.pop(0) if self.answers else 204, headers=self.headers)


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """A system that is up."""
    made = Receiver()
    app = web.Application()
    app.router.add_post("/hook", made.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    made.url = f"http://{host}:{port}/hook"
    try:
        yield made
    finally:
        if made.holding is not None:
            made.holding.set()
        await runner.cleanup()
