"""A page in Chromium as somebody of a role has it, signed in."""

from typing import Any

from aiohttp.test_utils import TestServer
from playwright.async_api import Browser

from centralino.rooms import Rooms
from tests.calls.samples import later
from tests.web.browser import Tab, open_tab
from users import Person, Role, User, add_user
from web.keys import DOOR
from web.visitor import COOKIE


async def opened(
    browser: Browser, server: TestServer, rooms: Rooms, path: str, role: Role = Role.OPERATIONS, **more: Any
) -> Tab:
    """A page as somebody of that role has it, signed in."""
    async with rooms.db.write() as session:
        if await session.get(User, role.value) is None:
            await add_user(
                session, Person(name=role.value, role=role, title="Olga Neri"), password="", now=later(0)
            )
    cookie, _ = await server.app[DOOR].sessions.begin(role.value, address="127.0.0.1", browser="a test")
    url = str(server.make_url("/"))
    return await open_tab(
        browser, url.rstrip("/") + path, cookies=[{"name": COOKIE, "value": cookie, "url": url}], **more
    )
