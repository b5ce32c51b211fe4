"""The desk's socket: the whole state at first, then whatever changes, for as long as the page is open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Final

from aiohttp import web

from agents import Present
from agents.pauses import PauseReason
from store import StoreUnavailableError
from users import Right
from web.access import allowed, who
from web.desk.feed import as_text
from web.desk.outbox import Outbox
from web.desk.room import DESK, DeskRoom, agent_of
from web.desk.tabs import LONGEST
from web.sockets import PageSocket, page_socket
from web.visitor import Visitor

routes = web.RouteTableDef()

HELLO_SECONDS: Final = 10.0


@routes.get("/desk/live")
@allowed(Right.DESK)
async def live(request: web.Request) -> web.WebSocketResponse:
    """One page. Its first message is `{"tab", "fresh"}`; later `{"take": true}` lets this tab steer."""
    room, visitor = request.app[DESK], who(request)
    agent = agent_of(request)
    async with page_socket(request) as socket:
        messages = aiter(socket)
        tab, fresh = await _hello(messages)
        if tab:
            page = Outbox(agent, visitor.language)
            room.enter(page, visitor.session.key if visitor.session else "")
            writing = asyncio.create_task(_write(socket, page), name="desk.page")
            try:
                await _greet(room, page, visitor, tab, fresh=fresh)
                async for told in messages:
                    if told.get("take") is True:
                        await room.tabs.take(agent, tab)
            finally:
                room.leave(page)
                writing.cancel()
                with suppress(asyncio.CancelledError):
                    await writing
    return socket.response


async def _hello(messages: AsyncIterator[dict[str, Any]]) -> tuple[str, bool]:
    """The page's first message: its tab, and whether it has just been opened. '' for none that we know."""
    try:
        async with asyncio.timeout(HELLO_SECONDS):
            told = await anext(messages)
    except (TimeoutError, StopAsyncIteration):
        return "", False
    tab = told.get("tab")
    if not isinstance(tab, str) or not 0 < len(tab) <= LONGEST or not tab.isalnum():
        return "", False
    return tab, told.get("fresh") is True


async def _greet(room: DeskRoom, page: Outbox, visitor: Visitor, tab: str, *, fresh: bool) -> None:
    """The whole present state: what a page that was reloaded, or came back, has to know."""
    agent = visitor.agent
    await room.tabs.arrive(agent, tab, fresh=fresh)
    stands = await room.standing(agent)
    hello = {
        "agent": agent,
        "now": room.clock.now(),
        "steers": await room.tabs.steering(agent),
        "presence": _standing(stands),
        "talk": await room.feed.talk(agent),
        "pauses": [_pause(each, visitor.language) for each in room.pauses],
    }
    page.put("hello", as_text("hello", hello))
    try:
        shown = await room.current(agent, visitor.language)
    except StoreUnavailableError:
        call = stands.call if stands else ""
        page.put("card_away", as_text("card_away", {"call": call}))
        return
    if shown:
        page.put("card", as_text("card", shown))


async def _write(socket: PageSocket, page: Outbox) -> None:
    """Whatever there is to tell, as long as the page hears it."""
    while not socket.closed:
        for text in await page.take():
            await socket.send_json(text)


def _standing(stands: Present | None) -> dict[str, Any] | None:
    if stands is None:
        return None
    names = ("state", "since", "reason", "campaign", "call", "leaving", "going_home", "wrap_until", "by")
    return {name: getattr(stands, name) for name in names}


def _pause(reason: PauseReason, language: str) -> dict[str, Any]:
    return {
        "name": reason.name,
        "title": reason.words(language),
        "paid": reason.paid,
        "longest": reason.longest,
    }
