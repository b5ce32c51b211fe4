"""Surveys over REST: set up, looked into by name, and a poll from its plan to its results."""

from typing import Any

import pytest
from aiohttp import ClientResponse

from centralino.rooms import Rooms
from customers.seed import seed
from dialer import campaign, pause
from dialer.changes import changes_of
from surveys.interviews import Beginning, Given, Invitation, begin, finish, invite
from surveys.models import Interview
from tests.calls.samples import later
from tests.web.conftest import Client, Enter
from users import Role
from values.testing import FixedClock

pytestmark = pytest.mark.database

POLL = {
    "name": "bill",
    "title": "Did your bill arrive?",
    "questionnaire": "try.other",
    "occasion": "poll",
    "plan": {"regions": ["Roma"], "margin": 0.15, "response": 0.5, "seed": "1"},
}


async def told(answer: ClientResponse, status: int = 200) -> Any:
    assert answer.status == status, await answer.text()
    return await answer.json()


async def test_a_survey_is_set_up_changed_and_listed(
    client: Client, bearer: dict[str, str], clock: FixedClock
) -> None:
    body = {"name": "voice", "questionnaire": "try.other", "occasion": "after_call", "area": "voice"}
    made = await told(await client.post("/api/v1/surveys", json=body, headers=bearer), 201)
    assert (made["title"], made["active"], made["plan"]) == ("voice", True, {})
    clock.move(1)
    changed = {**body, "active": False, "plan": {"targets": {"voice": 30}}}
    await told(await client.post("/api/v1/surveys", json=changed, headers=bearer))
    listed = await told(await client.get("/api/v1/surveys", headers=bearer))
    assert [(each["name"], each["active"], each["plan"]) for each in listed["surveys"]] == [
        ("voice", False, {"targets": {"voice": 30}})
    ]


async def test_a_campaign_that_operations_have_paused_stays_so_until_its_survey_is_asked_to_go_on(
    client: Client, bearer: dict[str, str], rooms: Rooms, clock: FixedClock
) -> None:
    async def save(status: int = 200, **changed: Any) -> None:
        clock.move(1)
        await told(await client.post("/api/v1/surveys", json={**POLL, **changed}, headers=bearer), status)

    async def paused() -> tuple[bool, list[tuple[bool, str]]]:
        async with rooms.db.read() as session:
            rings = (await campaign(session, "opinion_bill")).paused
            turns = await changes_of(session, "opinion_bill")
        return rings, [(each.after, each.why) for each in reversed(turns) if each.field == "paused"]

    await save(201)
    async with rooms.db.write() as session:
        await pause(session, "opinion_bill", by="olga", at=clock.now(), why="complaints")
    await save(title="Has your bill arrived?")
    history = [(True, "complaints")]
    assert await paused() == (True, history)
    await save(active=False)
    await save(active=True)
    history.append((False, "survey bill"))
    assert await paused() == (False, history)
    await save(active=False)
    assert await paused() == (True, [*history, (True, "survey bill")])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "Bill"}, "name"),
        ({"occasion": "sometimes"}, "occasion"),
        ({"questionnaire": "nobody.knows"}, "questionnaire"),
        ({"plan": []}, "plan"),
        ({"plan": {"targets": {"a": "many"}}}, "plan.targets.a"),
        ({"active": "yes"}, "active"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_what_makes_no_sense_is_told_by_its_field(
    client: Client, bearer: dict[str, str], changed: dict[str, Any], field: str
) -> None:
    answer = await client.post("/api/v1/surveys", json={**POLL, **changed}, headers=bearer)
    assert (await told(answer, 400))["field"] == field


async def test_a_poll_goes_from_its_plan_to_its_results(
    client: Client, bearer: dict[str, str], rooms: Rooms
) -> None:
    async with rooms.db.write() as session:
        await seed(session, 200, day=later(0).date())
    await told(await client.post("/api/v1/surveys", json=POLL, headers=bearer), 201)
    planned = await told(await client.get("/api/v1/surveys/bill/poll/plan", headers=bearer))
    (rome,) = planned["regions"]
    assert rome["customers"] > rome["may_be_asked"] > 0
    started = await told(await client.post("/api/v1/surveys/bill/poll/start", headers=bearer), 202)
    assert started["invited"]["Roma"] > 2
    page = await told(await client.get("/api/v1/surveys/bill/interviews?limit=2", headers=bearer))
    rest = await told(
        await client.get("/api/v1/surveys/bill/interviews", params={"cursor": page["cursor"]}, headers=bearer)
    )
    ids = [each["id"] for each in (*page["interviews"], *rest["interviews"])]
    assert len(ids) == len(set(ids)) == started["invited"]["Roma"]
    async with rooms.db.write() as session:
        await begin(session, [Beginning(interview=ids[0], call_id="c")], later(1))
        await finish(session, [Given(interview=ids[0], answers={"arrived": False, "came": "late"})], later(2))
    found = await told(await client.get(f"/api/v1/interviews/{ids[0]}", headers=bearer))
    assert (found["state"], {each["item"]: each["value"] for each in found["answers"]}) == (
        "complete",
        {"arrived": 0, "came": None},
    )
    (place,) = (await told(await client.get("/api/v1/surveys/bill/poll", headers=bearer)))["regions"]
    told_of = ("complete", "hidden", "yes", "no", "share", "low", "high")
    assert (place["region"], *(place[name] for name in told_of)) == ("Roma", 1, True, *[None] * 5)
    async with rooms.db.write() as session:
        more = [Invitation(survey="bill", customer_id=f"r{n}", region="Roma", id=f"r{n}") for n in range(29)]
        names = await invite(session, more, later(3))
        await begin(session, [Beginning(interview=each) for each in names], later(3))
        await finish(session, [Given(interview=each, answers={"arrived": True}) for each in names], later(4))
    (place,) = (await told(await client.get("/api/v1/surveys/bill/poll", headers=bearer)))["regions"]
    assert [place[name] for name in told_of[1:4]] == [False, 29, 1]
    assert place["low"] < place["share"] < place["high"]
    one = await told(await client.get("/api/v1/surveys/bill", headers=bearer))
    assert one["interviews"]["complete"] == 30
    assert {each["cell"]: each["done"] for each in one["cells"]} == {"Roma": 1, "": 29}


async def test_what_is_not_there_is_not_found(client: Client, bearer: dict[str, str]) -> None:
    for path in ("surveys/nothing", "surveys/nothing/poll", "surveys/nothing/interviews", "interviews/i0"):
        await told(await client.get(f"/api/v1/{path}", headers=bearer), 404)


async def test_names_are_for_who_looks_after_surveys_and_a_poll_for_whoever_reads_reports(
    enter: Enter, rooms: Rooms
) -> None:
    agent = await enter(Role.AGENT, name="mara", agent="mara")
    assert (await agent.get("/api/v1/surveys")).status == 403
    marketing = await enter(Role.MARKETING)
    assert (await marketing.get("/api/v1/surveys")).status == 200
    async with rooms.db.read() as session:
        assert await session.get(Interview, "nobody") is None
