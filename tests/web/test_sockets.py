"""A page's WebSocket is open for as long as its session and its right are."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import WSServerHandshakeError, web
from aiohttp.test_utils import TestClient, TestServer

from centralino.rooms import Rooms
from tests.calls.samples import later
from tests.web.conftest import Client
from users import Person, Right, Role, add_user, change_user, make_token, revoke_token, user_named
from values.testing import FixedClock
from web.access import allowed
from web.keys import DOOR
from web.sockets import NOT_UNDERSTOOD, NOT_YOURS, SESSION_OVER, page_socket
from web.visitor import COOKIE

pytestmark = pytest.mark.database


@allowed(Right.FLOOR)
async def echo(request: web.Request) -> web.WebSocketResponse:
    async with page_socket(request) as socket:
        async for message in socket:
            await socket.send({"heard": message})
    return socket.response


@pytest.fixture
async def page(server: TestServer, rooms: Rooms) -> AsyncIterator[Client]:
    """The browser of sara, a supervisor, on a page with a socket."""
    app = web.Application(middlewares=server.app.middlewares)
    for key, value in server.app.items():
        app[key] = value
    app.router.add_get("/echo", echo)
    async with rooms.db.write() as session:
        await add_user(session, Person(name="sara", role=Role.SUPERVISOR), password="", now=later(0))
    cookie, _ = await server.app[DOOR].sessions.begin("sara", address="", browser="")
    async with TestClient(TestServer(app), cookies={COOKIE: cookie}) as client:
        yield client


def origin(page: Client) -> dict[str, str]:
    return {"Origin": str(page.make_url("/")).rstrip("/")}


async def test_it_answers_our_own_page_and_no_other(page: Client) -> None:
    async with page.ws_connect("/echo", headers=origin(page)) as socket:
        await socket.send_json({"say": "hello"})
        assert await socket.receive_json() == {"heard": {"say": "hello"}}
    for headers in ({}, {"Origin": "http://evil.example"}):
        with pytest.raises(WSServerHandshakeError) as refused:
            await page.ws_connect("/echo", headers=headers)
        assert refused.value.status == 403


async def test_a_revoked_session_closes_it_at_the_next_message(
    page: Client, server: TestServer, clock: FixedClock
) -> None:
    async with page.ws_connect("/echo", headers=origin(page)) as socket:
        await server.app[DOOR].sessions.end_all("sara")
        clock.move(3)
        await socket.send_json({"say": "still here"})
        await socket.receive()
        assert socket.close_code == SESSION_OVER
    with pytest.raises(WSServerHandshakeError) as refused:
        await page.ws_connect("/echo", headers=origin(page))
    assert refused.value.status == 401


async def test_a_right_that_is_taken_away_closes_it_for_good(
    page: Client, rooms: Rooms, clock: FixedClock
) -> None:
    async with page.ws_connect("/echo", headers=origin(page)) as socket:
        async with rooms.db.write() as session:
            await change_user(session, "sara", role=Role.AGENT)
        clock.move(3)
        await socket.send_json({"say": "still here"})
        await socket.receive()
        assert socket.close_code == NOT_YOURS


@pytest.mark.parametrize("change", [{"agent": "bruno"}, {"role": Role.OPERATIONS}])
async def test_whoever_becomes_another_does_not_keep_what_the_page_showed(
    page: Client, rooms: Rooms, clock: FixedClock, change: dict[str, str]
) -> None:
    async with page.ws_connect("/echo", headers=origin(page)) as socket:
        async with rooms.db.write() as session:
            await change_user(session, "sara", **change)
        clock.move(3)
        await socket.send_json({"say": "still here"})
        await socket.receive()
        assert socket.close_code == NOT_YOURS


async def test_a_token_that_is_revoked_closes_it(page: Client, rooms: Rooms, clock: FixedClock) -> None:
    async with rooms.db.write() as session:
        sara = await user_named(session, "sara")
        text, row = await make_token(session, sara, label="wall", scopes=[Right.FLOOR], now=later(0))
    page.session.cookie_jar.clear()
    async with page.ws_connect("/echo", headers={"Authorization": f"Bearer {text}"}) as socket:
        clock.move(3)
        await socket.send_json({"say": "hello"})
        assert await socket.receive_json() == {"heard": {"say": "hello"}}
        async with rooms.db.write() as session:
            assert await revoke_token(session, "sara", row.id)
        clock.move(3)
        await socket.send_json({"say": "still here"})
        await socket.receive()
        assert socket.close_code == SESSION_OVER


async def test_what_is_no_object_ends_it(page: Client) -> None:
    for said in ("nonsense", "[1]", '{"a": "\\u0000"}', '"' + "x" * 100 + '"'):
        async with page.ws_connect("/echo", headers=origin(page)) as socket:
            await socket.send_str(said)
            await socket.receive()
            assert socket.close_code == NOT_UNDERSTOOD, said
