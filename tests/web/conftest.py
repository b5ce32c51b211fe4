"""The web application on a fresh database, with calls in it and a private Redis beside it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from calls import (
    CallEnd,
    CallStart,
    Direction,
    Journal,
    LineQuality,
    Segment,
    SegmentKind,
    TraceStep,
)
from centralino.rooms import Rooms
from centralino.settings import Settings
from tests.calls.samples import later
from tests.redis_server import RedisServer, redis_server
from users import Person, Role, User, add_user
from values import CallId, Money
from values.testing import FixedClock
from web import Parts, create_app
from web.keys import DOOR
from web.visitor import COOKIE

__all__ = ["redis_server"]

TOKEN = "token-of-a-test"
FLOW = "care.service_0611"
HOSTILE = "<script>alert(1)</script>"
FLOW_TEXT = f"""
flow: {FLOW}
title: 0611
languages: [it]
start: main
give_up: gone
steps:
  main:
    menu:
      greeting: {{it: "Prema 1."}}
      choices: {{"1": served}}
      no_input: {{tries: 1, to: gone}}
      no_match: {{tries: 1, to: gone}}
  served: {{end: resolved, goal: true}}
  gone: {{end: gone}}
"""
OTHER_TEXT = """
flow: try.other
title: "Другое & altro <b>"
languages: [ru]
start: bye
give_up: bye
steps:
  bye: {end: bye, say: {ru: "До свидания."}}
"""
Client = TestClient  # type: ignore[type-arg]  (its parameter is the request class, ours is the usual one)


@pytest.fixture
def clock() -> FixedClock:
    """Everybody's, ten minutes after the calls began."""
    return FixedClock(later(600))


@pytest.fixture
async def rooms(
    database_url: str, redis_server: RedisServer, tmp_path: Path, clock: FixedClock
) -> AsyncIterator[Rooms]:
    """Open rooms: seven calls are on record, and two small flows are published."""
    await redis_server.start()
    settings = Settings(home=tmp_path, database_url=database_url, redis_url=redis_server.url)
    async with Rooms.open(settings, clock) as rooms:
        await rooms.flows.publish([FLOW_TEXT, OTHER_TEXT], by="test")
        await rooms.library.refresh()
        async with Journal(rooms.db, clock, tmp_path / "spill") as journal:
            for number in range(6):
                record(journal, f"node1-1.{number}", at=number)
            up = CallStart(
                CallId("node1-1.6"), Direction.INBOUND, later(6), "node1", "trunk", HOSTILE, "0611", HOSTILE
            )
            journal.call_started(up)
            await journal.flush()
        yield rooms


def record(journal: Journal, call_id: str, *, at: float) -> None:
    """One call through two steps; the even ones come in, the odd ones go out."""
    inbound = int(at) % 2 == 0
    caller, dialled = ("+393290000017", "0611") if inbound else ("+390650000611", "+393290000018")
    direction = Direction.INBOUND if inbound else Direction.OUTBOUND
    told = CallStart(
        CallId(call_id), direction, later(at), "node1", "trunk", caller, dialled, FLOW, "v1",
        attempt_id="" if inbound else call_id, customer_id="c0000017",
    )  # fmt: skip
    journal.call_started(told)
    journal.step(
        TraceStep(
            CallId(call_id), 0, "", FLOW, "v1", "begin", later(at), later(at), "done", next_path="main",
            values={"caller": "+393290000017", "customer_name": "Анна Росси", "owed": Money(7250)},
        )
    )  # fmt: skip
    how = "hangup" if at == 0 else "key"
    journal.step(
        TraceStep(
            CallId(call_id), 1, "main", FLOW, "v1", "menu", later(at), later(at + 2), how,
            keys="3290000018#" if at == 2 else "1", next_path="", values={"said": HOSTILE},
        )
    )  # fmt: skip
    journal.quality(LineQuality(CallId(call_id), "trunk", 900, 901, 0, 2))
    journal.segment(
        Segment(CallId(call_id), "customer", SegmentKind.TALK, later(at), later(at + 65), "operator")
    )
    outcome = "" if at == 0 else "resolved"
    journal.call_ended(CallEnd(CallId(call_id), later(at + 70), 16, "", outcome, goal=at > 0))


@pytest.fixture
async def server(rooms: Rooms, tmp_path: Path, clock: FixedClock) -> AsyncIterator[TestServer]:
    """The application on a real socket."""
    parts = Parts(
        rooms.db, rooms.live, rooms.library, clock, TOKEN, gate=rooms.gate, lists=tmp_path / "lists"
    )
    serving = TestServer(create_app(parts))
    await serving.start_server(shutdown_timeout=1.0)  # as the web process itself; a page may still be open
    try:
        yield serving
    finally:
        await serving.close()


@pytest.fixture
async def client(server: TestServer) -> AsyncIterator[Client]:
    """A browser of our own: asks the application over a real socket, without the token."""
    async with TestClient(server) as asking:
        yield asking


Enter = Callable[..., Awaitable[Client]]


@pytest.fixture
async def enter(server: TestServer, rooms: Rooms) -> AsyncIterator[Enter]:
    """Browsers of people who have signed in: `anna = await enter(Role.AGENT, name="anna", agent="anna")`.

    What they send carries the session and its CSRF token. The user is made when there is none of that name.
    """
    async with AsyncExitStack() as browsers:

        async def entering(role: Role = Role.ADMIN, *, name: str = "", **more: str) -> Client:
            name = name or role.value
            async with rooms.db.write() as session:
                if await session.get(User, name) is None:
                    person = Person(name=name, role=role, **more)
                    await add_user(session, person, password="", now=later(0))
            sessions = server.app[DOOR].sessions
            cookie, begun = await sessions.begin(name, address="127.0.0.1", browser="a test")
            made = TestClient(server, cookies={COOKIE: cookie}, headers={"X-CSRF-Token": begun.csrf})
            return await browsers.enter_async_context(made)

        yield entering


@pytest.fixture
def bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}"}
