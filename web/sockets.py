"""WebSockets of pages: whose session and right are looked at again for as long as they are open.

    async with page_socket(request) as socket:
        async for message in socket:
            await socket.send({"kind": "told"})

The guard has checked session, right and origin before; here a session or a token that ends, a right that is
taken away, or another role, partner or agent closes the socket: with 4401 the page asks for sign-in and comes
back, with 4403 it does not try again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import orjson
from aiohttp import WSMsgType, web

from store import StoreUnavailableError
from users import Right, Session, User, holder_of, rights_of
from web.access import access_of, who
from web.keys import DOOR, PARTS

SESSION_OVER: Final = 4401
NOT_YOURS: Final = 4403
NOT_UNDERSTOOD: Final = 4400
LOOK_AGAIN: Final = 15.0
"""How often session and right are looked at while nothing comes."""
FRESH: Final = 2.0
"""For how long a look holds for messages that come."""
HEARTBEAT: Final = 20.0
LARGEST: Final = 256 * 1024


class PageSocket:
    """One page's socket. Messages are JSON objects."""

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self._response = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=LARGEST, compress=False)
        access = access_of(request.match_info.handler)
        self._wanted = access.rights if access else frozenset()
        self._looked = request.app[PARTS].clock.monotonic()

    async def open(self) -> None:
        """Answer the browser."""
        await self._response.prepare(self._request)

    @property
    def response(self) -> web.WebSocketResponse:
        """What the handler returns."""
        return self._response

    @property
    def closed(self) -> bool:
        """Whether it is over."""
        return self._response.closed

    async def send(self, message: object) -> bool:
        """Send anything JSON can hold; whether it went out."""
        return await self.send_json(orjson.dumps(message))

    async def send_json(self, text: bytes) -> bool:
        """Send JSON that is made already: one for many sockets."""
        if self._response.closed:
            return False
        try:
            await self._response.send_str(text.decode())
        except (ConnectionError, RuntimeError):
            return False
        return True

    async def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        """What the page sends, until it is closed."""
        async for told in self._response:
            if told.type is not WSMsgType.TEXT:
                continue
            try:
                message = orjson.loads(told.data)
            except orjson.JSONDecodeError:
                message = None
            if not isinstance(message, dict) or "\\u0000" in told.data:
                await self._response.close(code=NOT_UNDERSTOOD, message=b"write a JSON object")
                return
            if not await self._still(fresh=FRESH, touch=True):
                return
            yield message

    async def watch(self) -> None:
        """Close it when its session is over."""
        while not self._response.closed:
            await asyncio.sleep(LOOK_AGAIN)  # of the socket, not of whoever turns the clock by hand
            await self._still()

    async def close(self) -> None:
        """End it."""
        await self._response.close()

    async def _still(self, *, fresh: float = 0.0, touch: bool = False) -> bool:
        app, visitor = self._request.app, who(self._request)
        if visitor.user is None:  # the house's own token
            return True
        clock = app[PARTS].clock
        if clock.monotonic() - self._looked < fresh:
            return True
        try:
            found = (
                await self._by_session(visitor.session, touch) if visitor.session else await self._by_token()
            )
        except StoreUnavailableError:
            return True  # nobody's role changes while the database is away
        if found is None:
            await self._response.close(code=SESSION_OVER, message=b"the session is over")
            return False
        user, rights = found
        if (self._wanted and not self._wanted & rights) or _place(user) != _place(visitor.user):
            await self._response.close(code=NOT_YOURS, message=b"your role does not allow this any more")
            return False
        self._looked = clock.monotonic()
        return True

    async def _by_session(self, begun: Session, touch: bool) -> tuple[User, frozenset[Right]] | None:
        """Who it is by now; None when the session is over."""
        app = self._request.app
        session = await app[DOOR].sessions.look(begun.key, touch=touch)
        if session is None:
            return None
        async with app[PARTS].db.read() as reading:
            user = await reading.get(User, session.user)
        if user is None or user.locked or session.began < user.sessions_from:
            return None
        return user, frozenset(rights_of(user))

    async def _by_token(self) -> tuple[User, frozenset[Right]] | None:
        """Whose token it is by now; None when it is revoked or its time is over."""
        parts = self._request.app[PARTS]
        given = self._request.headers["Authorization"].partition(" ")[2].strip()
        async with parts.db.read() as reading:
            holder = await holder_of(reading, given, parts.clock.now())
        return (holder.user, holder.rights) if holder else None


def _place(user: User) -> tuple[str, str, str]:
    """What decides, besides rights, what a page shows."""
    return user.role, user.partner, user.agent


@asynccontextmanager
async def page_socket(request: web.Request) -> AsyncIterator[PageSocket]:
    """Open a page's socket and watch over it."""
    socket = PageSocket(request)
    await socket.open()
    watching = asyncio.create_task(socket.watch(), name="web.socket")
    try:
        yield socket
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await socket.close()
