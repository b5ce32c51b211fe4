"""Agents over the REST API: kept, shown, and what they ask of the voice core."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from sqlalchemy import select

from agents import Desk, Presence
from centralino.rooms import Rooms
from store import Answerer
from tests.calls.samples import later
from tests.redis_server import RedisServer
from tests.web.conftest import Client, Enter
from tests.web.desk_scene import ATTEMPT, attempt
from users import Role
from users.models import Deed
from values import BadInputError, CentralinoError
from values.testing import FixedClock

pytestmark = pytest.mark.database

ANNA = {"title": "Anna Rossi", "phone": "agent01", "skills": ["mobile", "fibre"]}
Bearer = dict[str, str]


class Core:
    """A core of one answer."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.refuses: CentralinoError | None = None

    def register(self, answerer: Answerer) -> None:
        for verb in ("sign_in", "sign_out", "ready", "pause", "more_time", "hang_up", "dispose"):
            answerer.register(f"agents.{verb}", self._answer(verb))

    def _answer(self, verb: str) -> Any:
        async def answer(fields: Mapping[str, Any]) -> Any:
            self.asked.append((verb, fields))
            if self.refuses:
                raise self.refuses
            return {"agents": [{"agent": fields["agent"], "state": "ready"}]}

        return answer


@pytest.fixture
async def core(rooms: Rooms) -> AsyncIterator[Core]:
    made, answerer = Core(), Answerer(rooms.live, FixedClock(later(600)))
    made.register(answerer)
    task = asyncio.create_task(answerer.run())
    yield made
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def put(client: Client, bearer: Bearer, name: str = "anna", **more: object) -> Any:
    answer = await client.put(f"/api/v1/agents/{name}", json={**ANNA, **more}, headers=bearer)
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def test_an_agent_is_kept_and_shown_with_where_they_stand(
    client: Client, bearer: Bearer, rooms: Rooms
) -> None:
    await put(client, bearer, team="day", site="milano")
    await put(client, bearer, "bruno", active=False)
    desk = Desk(rooms.db.clock.monotonic)
    presence = Presence(desk, rooms.live, rooms.db.clock, "node1")
    desk.sign_in("anna", ["mobile"])
    desk.pause("anna", "lunch")
    await presence.tell()
    answer = await client.get("/api/v1/agents", headers=bearer)
    (anna,) = (await answer.json())["agents"]
    assert (anna["name"], anna["title"], anna["skills"]) == ("anna", "Anna Rossi", ["fibre", "mobile"])
    assert (anna["team"], anna["site"], anna["partner"]) == ("day", "milano", "")
    assert (anna["state"], anna["reason"]) == ("paused", "lunch")
    all_of_them = await (await client.get("/api/v1/agents?inactive=true", headers=bearer)).json()
    assert [each["state"] for each in all_of_them["agents"]] == ["paused", "offline"]
    ready = await (await client.get("/api/v1/agents?state=ready", headers=bearer)).json()
    assert ready == {"agents": []}
    alone = await (await client.get("/api/v1/agents/anna", headers=bearer)).json()
    assert alone == anna


async def test_where_agents_belong_stays_when_it_is_left_out(client: Client, bearer: Bearer) -> None:
    await put(client, bearer, team="day", site="milano", partner="levante")
    answered = await put(client, bearer, title="Anna Verdi", site="bari", team="")
    kept = await (await client.get("/api/v1/agents/anna", headers=bearer)).json()
    assert answered == kept
    assert (kept["title"], kept["team"], kept["site"], kept["partner"]) == (
        "Anna Verdi",
        "",
        "bari",
        "levante",
    )


async def test_without_redis_agents_are_still_listed(
    client: Client, bearer: Bearer, redis_server: RedisServer
) -> None:
    await put(client, bearer)
    redis_server.stop()
    listed = await (await client.get("/api/v1/agents", headers=bearer)).json()
    assert [each["state"] for each in listed["agents"]] == ["offline"]
    answer = await client.post("/api/v1/agents/anna/sign-in", headers=bearer)
    assert answer.status == 503
    assert (await answer.json())["error_id"] == "core-away"


async def test_what_agents_want_reaches_the_core(client: Client, bearer: Bearer, core: Core) -> None:
    await put(client, bearer)
    for path, body in (
        ("sign-in", None),
        ("pause", {"reason": "lunch"}),
        ("more-time", {"seconds": 60}),
        ("disposition", {"disposition": "done", "fields": {"notes": "città"}, "ready": True}),
        ("sign-out", {}),
    ):
        answer = await client.post(f"/api/v1/agents/anna/{path}", json=body, headers=bearer)
        assert answer.status == 200, await answer.text()
        assert await answer.json() == {"agent": "anna", "state": "ready"}
    assert core.asked[1] == ("pause", {"agent": "anna", "reason": "lunch"})
    assert [verb for verb, _ in core.asked] == ["sign_in", "pause", "more_time", "dispose", "sign_out"]


async def test_of_a_call_that_is_named_only_its_agent_and_who_steers_say_what_it_came_to(
    core: Core, enter: Enter, rooms: Rooms
) -> None:
    steering = await enter(Role.SUPERVISOR, name="sofia")
    for name in ("anna", "bruno", "carla"):
        await steering.put(f"/api/v1/agents/{name}", json={"phone": "agent01"})
    await attempt(rooms)  # anna has talked in it
    desk = Desk(rooms.db.clock.monotonic)
    desk.sign_in("carla")
    held = desk.reserve(ATTEMPT)  # and put it through to carla
    assert held is not None
    desk.talking(held)
    await Presence(desk, rooms.live, rooms.db.clock, "node1").tell(everybody=True)
    said = {"attempt": ATTEMPT, "disposition": "do_not_call"}
    told = {}
    for name in ("anna", "bruno", "carla"):
        browser = await enter(Role.AGENT, name=name, agent=name)
        answer = await browser.post(f"/api/v1/agents/{name}/disposition", json=said)
        told[name] = (answer.status, (await answer.json()).get("error_id"))
    assert told == {"anna": (200, None), "bruno": (403, "not-yours"), "carla": (200, None)}
    for_bruno = await steering.post("/api/v1/agents/bruno/disposition", json=said)
    assert for_bruno.status == 200
    assert [fields["agent"] for _, fields in core.asked] == ["anna", "carla", "bruno"]
    async with rooms.db.read() as session:
        written = list(await session.scalars(select(Deed).where(Deed.did == "talk.disposed")))
    assert [(deed.by, deed.subject, deed.detail["agent"]) for deed in written] == [
        ("anna", ATTEMPT, "anna"),
        ("carla", ATTEMPT, "carla"),
        ("sofia", ATTEMPT, "bruno"),
    ]


async def test_what_the_core_refuses_is_told(client: Client, bearer: Bearer, core: Core) -> None:
    await put(client, bearer)
    core.refuses = BadInputError("anna is in no wrap-up", field="agent")
    answer = await client.post("/api/v1/agents/anna/ready", headers=bearer)
    told = await answer.json()
    assert (answer.status, told["error_id"], told["field"]) == (400, "bad-input", "agent")
    core.refuses = CentralinoError("not today")
    answer = await client.post("/api/v1/agents/anna/ready", headers=bearer)
    assert (answer.status, (await answer.json())["detail"]) == (409, "not today")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("anna", {"phone": "PJSIP/1@trunk"}, 400),
        ("anna", {"skills": "mobile"}, 400),
        ("anna", {"active": 1}, 400),
        ("anna", {"colour": "red"}, 400),
        ("an%20na", {}, 400),
    ],
)
async def test_what_makes_no_sense_is_refused(
    client: Client, bearer: Bearer, path: str, body: dict[str, object], status: int
) -> None:
    answer = await client.put(f"/api/v1/agents/{path}", json=body, headers=bearer)
    assert answer.status == status
    assert (await client.get("/api/v1/agents/anna", headers=bearer)).status == 404


async def test_nobody_asks_without_the_token_or_for_a_stranger(client: Client, bearer: Bearer) -> None:
    assert (await client.post("/api/v1/agents/anna/sign-in")).status == 401
    assert (await client.post("/api/v1/agents/nobody/sign-in", headers=bearer)).status == 404
    answer = await client.post("/api/v1/agents/nobody/fly", headers=bearer)
    assert answer.status == 404
