"""Twilio's API as our texts meet it: a real HTTP server on loopback that answers as it is told to."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

from messages.sms import TwilioSettings

ACCOUNT = "AC" + "0" * 31 + "1"
TOKEN = "an-auth-token-of-a-test"
CALLBACK = "https://voice.example.com"


@dataclass(slots=True)
class Office:
    """What it was sent, and how it answers."""

    url: str = ""
    answers: list[tuple[int, int]] = field(default_factory=list)
    """Status and Twilio's error code to answer with, one after another; then 201."""
    breaks_off: bool = False
    """It takes the text and then the connection goes."""
    holding: asyncio.Event | None = None
    came: asyncio.Event = field(default_factory=asyncio.Event)
    texts: list[dict[str, str]] = field(default_factory=list)
    """The forms of all texts that reached it, refused ones too."""
    numbers: Any = field(default_factory=lambda: count(1))

    def settings(self, **more: str) -> TwilioSettings:
        words = {"sender": "+390650000611", "callback": CALLBACK, **more}
        return TwilioSettings(account=ACCOUNT, token=TOKEN, address=self.url, **words)  # type: ignore[arg-type]

    async def take(self, request: web.Request) -> web.Response:
        given = base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.texts.append(form)
        self.came.set()
        if self.holding is not None:
            await self.holding.wait()
        if self.breaks_off:
            assert request.transport is not None
            request.transport.close()
        if given != f"{ACCOUNT}:{TOKEN}":
            return _error(401, 20003)
        if self.answers and (answer := self.answers.pop(0))[0] >= 400:
            return _error(*answer)
        sid = f"SM{next(self.numbers):032x}"
        told = {
            "sid": sid, "account_sid": ACCOUNT, "status": "queued", "num_segments": "1", "to": form["To"],
            "body": form["Body"], "price": None, "price_unit": "USD", "error_code": None,
        }  # fmt: skip
        return web.json_response(told, status=201)


def _error(status: int, code: int) -> web.Response:
    told = {"code": code, "message": "The 'To' number +393290000017 is not valid", "status": status}
    return web.json_response(told, status=status)


@asynccontextmanager
async def office() -> AsyncIterator[Office]:
    """One that is open."""
    made = Office()
    app = web.Application()
    app.router.add_post(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", made.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    made.url = f"http://{host}:{port}"
    try:
        yield made
    finally:
        if made.holding is not None:
            made.holding.set()
        await runner.cleanup()
