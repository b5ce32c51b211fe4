"""A page gets the account of a telephone for whoever looks at it, and for nobody else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from agents import agent_card, put_agents
from centralino.phones import Telephones
from centralino.rooms import Rooms
from centralino.secrets import load_secrets, phone_secret
from centralino.settings import Settings
from tests.web.conftest import TOKEN, Client, Enter
from users import Role
from values.testing import FixedClock
from web import Parts, create_app
from web.phone.leases import LEASE_SECONDS, MOST_TAKEN, WINDOW_SECONDS

pytestmark = pytest.mark.database


@pytest.fixture
async def server(rooms: Rooms, tmp_path: Path, clock: FixedClock) -> AsyncIterator[TestServer]:
    settings = Settings(home=tmp_path, visitor_phones=2)
    telephones = Telephones(settings, load_secrets(tmp_path), clock)
    parts = Parts(
        rooms.db, rooms.live, rooms.library, clock, TOKEN,
        gate=rooms.gate, lists=tmp_path / "lists", telephones=telephones, connect=telephones.sockets,
    )  # fmt: skip
    async with rooms.db.write() as session:
        cards = [agent_card("anna", endpoint="agent01"), agent_card("bot", endpoint="city:001")]
        await put_agents(session, cards, now=clock.now())
    async with TestServer(create_app(parts)) as serving:
        yield serving


async def test_an_agent_is_given_no_telephone_that_is_not_there(enter: Enter) -> None:
    sara = await enter(Role.SUPERVISOR, name="sara")
    wrong = await sara.put("/api/v1/agents/gino", json={"phone": "agent77"})
    told = await wrong.json()
    assert (wrong.status, told["field"]) == (400, "phone")
    assert "agent01 to agent10" in told["detail"]
    for phone in ("agent10", "city:007", ""):
        assert (await sara.put("/api/v1/agents/gino", json={"phone": phone})).status == 200


async def test_an_agent_gets_the_account_of_their_own_browser(enter: Enter, tmp_path: Path) -> None:
    anna = await enter(Role.AGENT, name="anna", agent="anna")
    with capture_logs() as logged:
        answer = await anna.get("/desk/phone")
        told = await answer.json()
    secret = phone_secret(load_secrets(tmp_path), "agent01-web")
    assert (told["agent"], told["uri"], told["password"]) == ("anna", "sip:agent01-web@centralino", secret)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ws://127.0.0.1:8088" in answer.headers["Content-Security-Policy"]
    assert secret not in str(logged)


async def test_nobody_else_gets_any(enter: Enter, client: Client) -> None:
    assert (await client.get("/desk/phone")).status == 401
    marketing = await enter(Role.MARKETING)
    assert (await marketing.get("/desk/phone")).status == 403
    nobody = await enter(Role.AGENT, name="carla")
    assert (await nobody.get("/desk/phone")).status == 404
    simulated = await enter(Role.AGENT, name="bruno", agent="bot")
    assert (await simulated.get("/desk/phone")).status == 404


async def test_a_visitor_keeps_a_telephone_while_the_page_is_open(client: Client, clock: FixedClock) -> None:
    first = await (await client.post("/visitor/phone")).json()
    assert (first["uri"], first["number"]) == ("sip:visitor01@centralino", "+393290009990")
    for _ in range(20):
        clock.move(LEASE_SECONDS / 2)
        assert (await (await client.post("/visitor/phone")).json())["uri"] == first["uri"]
    cookie = (await client.post("/visitor/phone")).cookies["visitor"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"


async def test_each_visitor_has_their_own_and_one_who_leaves_gives_it_back(
    client: Client, clock: FixedClock
) -> None:
    uris = []
    for _ in range(2):
        uris.append((await (await client.post("/visitor/phone")).json())["uri"])
        client.session.cookie_jar.clear()
    assert len(set(uris)) == 2
    full = await client.post("/visitor/phone")
    assert full.status == 503
    assert (await full.json())["error_id"] == "phones-taken"
    clock.move(LEASE_SECONDS + 1)
    assert (await client.post("/visitor/phone")).status == 200
    assert (await client.post("/visitor/phone/left")).status == 204


async def test_nobody_asks_for_one_again_and_again(client: Client, clock: FixedClock) -> None:
    for _ in range(MOST_TAKEN):
        assert (await client.post("/visitor/phone")).status == 200
        await client.post("/visitor/phone/left")
    assert (await client.post("/visitor/phone")).status == 429
    clock.move(WINDOW_SECONDS + 1)
    assert (await client.post("/visitor/phone")).status == 200


async def test_the_front_page_has_the_telephone(client: Client) -> None:
    text = await (await client.get("/")).text()
    assert 'data-service="0611"' in text
    assert "built/visitor.js" in text
