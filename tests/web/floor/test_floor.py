"""The operations view over real sockets: the core's word in Redis reaches every page that may see it."""

import asyncio
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSServerHandshakeError
from aiohttp.test_utils import TestServer

from agents import AgentCard
from agents.service import put_agents
from centralino.rooms import Rooms
from dialer.alarms import HOUSE_RULES, Raised, Turns, note_turns, open_alarms, seed_rules
from tests.calls.samples import later
from tests.web.conftest import Client, Enter
from users import Role
from web.floor import FEED
from web.floor.history import MINUTES

pytestmark = pytest.mark.database

SPRING = {"title": "<b>Spring</b>", "state": "calling", "mode": "predictive", "lines": 3, "priority": 0}


def word(**campaign: Any) -> dict[str, Any]:
    return {"at": later(600), "campaigns": {"spring": SPRING | campaign}, "house": {"ready": 2}, "alarms": []}


@pytest.fixture
async def people(rooms: Rooms) -> None:
    cards = [AgentCard("anna", "agent01", "Anna"), AgentCard("bruno", "agent02", "Bruno")]
    async with rooms.db.write() as session:
        await put_agents(session, cards, now=later(0))


async def listen(client: Client) -> ClientWebSocketResponse:
    origin = f"http://{client.host}:{client.port}"
    return await client.ws_connect("/floor/live", headers={"Origin": origin})


async def hear(page: ClientWebSocketResponse, wanted: str) -> dict[str, Any]:
    """The next word that tells of a table."""
    async with asyncio.timeout(10):
        while True:
            told: dict[str, Any] = await page.receive_json()
            if wanted in told["tables"]:
                return told


async def test_a_page_hears_the_floor_and_then_only_what_changes(
    rooms: Rooms, enter: Enter, people: None
) -> None:
    olga = await enter(Role.OPERATIONS)
    page = await listen(olga)
    async with asyncio.timeout(10):
        first = await page.receive_json()
    assert first["whole"] is True
    await rooms.live.publish("centralino:floor", word())
    assert (await hear(page, "campaigns"))["tables"]["campaigns"]["put"]["spring"]["lines"] == 3
    await rooms.live.publish("centralino:floor", word(lines=4))
    assert (await hear(page, "campaigns"))["tables"]["campaigns"] == {"put": {"spring": {"lines": 4}}}
    text = await (await olga.get("/floor")).text()
    assert "<b>Spring" not in text
    assert "\\u003cb>Spring" in text, "what a name holds cannot become markup"
    await page.close()


@pytest.mark.parametrize("role", [Role.AGENT, Role.BACK_OFFICE, Role.MARKETING])
async def test_who_may_not_see_the_floor_gets_neither_page_nor_socket(enter: Enter, role: Role) -> None:
    somebody = await enter(role)
    assert (await somebody.get("/floor")).status == 403
    with pytest.raises(WSServerHandshakeError) as refused:
        await listen(somebody)
    assert refused.value.status == 403


async def test_a_supervisor_watches_but_does_not_tune(enter: Enter) -> None:
    piero = await enter(Role.SUPERVISOR)
    assert (await piero.get("/floor")).status == 200
    assert (await piero.get("/floor/wall")).status == 200
    assert (await piero.get("/floor/alarms")).status == 200


async def test_a_partners_manager_sees_his_partners_agents_alone(
    rooms: Rooms, server: TestServer, enter: Enter, people: None
) -> None:
    await enter(Role.AGENT, name="bruno", agent="bruno", partner="blu")
    manager = await enter(Role.PARTNER_MANAGER, partner="blu")
    await server.app[FEED].look(0)
    await rooms.live.publish("centralino:floor", word())
    page = await listen(manager)
    told = await hear(page, "agents")
    assert set(told["tables"]["agents"]["put"]) == {"bruno"}
    assert "campaigns" not in told["tables"]
    text = await (await manager.get("/floor")).text()
    assert "Anna" not in text
    assert "Spring" not in text
    assert (await manager.get("/floor/history")).status == 403
    await page.close()


async def test_the_minutes_of_the_last_hours_are_there_after_a_reload(rooms: Rooms, enter: Enter) -> None:
    olga = await enter(Role.OPERATIONS)
    for minute in range(3):
        row = {
            "at": int(later(60 * minute).timestamp()),
            "campaigns": {"spring": [0.5 + minute / 10, 0.01, 2, 4.5, 3, 1]},
        }
        await rooms.live.append(MINUTES, row, most=720, seconds=60)
    told = await (await olga.get("/floor/history?kind=campaigns&name=spring&minutes=60")).json()
    assert told["utilisation"] == [0.5, 0.6, 0.7]
    assert len(told["at"]) == 3
    nobody = await (await olga.get("/floor/history?kind=campaigns&name=autumn&minutes=60")).json()
    assert nobody["utilisation"] == [None, None, None]
    for bad in ("kind=secrets", "minutes=0", "minutes=many", "of=spring"):
        assert (await olga.get(f"/floor/history?{bad}")).status == 400


async def test_an_alarm_is_acknowledged_by_name_and_audited(rooms: Rooms, enter: Enter) -> None:
    async with rooms.db.write() as session:
        await seed_rules(session, later(0))
        await note_turns(session, Turns([Raised(HOUSE_RULES[0], "spring", 0.95)], []), later(1))
        (alarm,) = await open_alarms(session)
    olga = await enter(Role.OPERATIONS, name="olga", title="Olga")
    assert (await olga.post(f"/floor/alarms/{alarm.id}/acknowledge")).status == 200
    told = await (await olga.get("/api/v1/alarms")).json()
    assert [(each["subject"], each["by"]) for each in told["alarms"]] == [("spring", "Olga")]
    marketing = await enter(Role.MARKETING)
    assert (await marketing.get("/api/v1/alarms")).status == 403
    assert (await olga.post("/floor/alarms/m0/acknowledge")).status == 404
    text = await (await olga.get("/floor/alarms")).text()
    assert "Olga" in text


async def test_a_threshold_is_made_changed_and_removed_on_the_page(enter: Enter) -> None:
    olga = await enter(Role.OPERATIONS, name="olga", title="Olga")
    made = await olga.post(
        "/floor/thresholds", json={"figure": "agents.ready", "side": "below", "threshold": 2}
    )
    assert made.status == 201
    rule = (await made.json())["id"]
    changed = await olga.patch(f"/floor/thresholds/{rule}", json={"threshold": 3, "enabled": False})
    assert (await changed.json())["threshold"] == 3
    bad = await olga.post("/floor/thresholds", json={"figure": "agents.ready", "threshold": "many"})
    assert (bad.status, (await bad.json())["field"]) == (400, "threshold")
    assert (await olga.delete(f"/floor/thresholds/{rule}")).status == 204
    told = await (await olga.get("/api/v1/thresholds")).json()
    assert rule not in {each["id"] for each in told["thresholds"]}
    agent = await enter(Role.AGENT)
    assert (await agent.post("/floor/thresholds", json={})).status == 403
