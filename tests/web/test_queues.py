"""Queues over the REST API: kept, shown, and what they came to; who may not see them is told so."""

from pathlib import Path

import pytest

from agents.queues import Book, Visit, VisitEnd, house_queues, seed_queues
from centralino.rooms import Rooms
from tests.calls.samples import later
from tests.web.conftest import Client

pytestmark = pytest.mark.database

Bearer = dict[str, str]
API = "/api/v1/queues"


@pytest.fixture(autouse=True)
async def house(rooms: Rooms) -> None:
    async with rooms.db.write() as session:
        await seed_queues(session, house_queues(), now=later(0))


async def test_queues_are_listed_shown_and_changed_in_part(client: Client, bearer: Bearer) -> None:
    listed = await (await client.get(API, headers=bearer)).json()
    assert [each["name"] for each in listed["queues"]] == ["billing", "care", "technical"]
    answer = await client.put(f"{API}/care", json={"target_seconds": 30}, headers=bearer)
    assert answer.status == 200, await answer.text()
    care = await (await client.get(f"{API}/care", headers=bearer)).json()
    assert (care["target_seconds"], care["title"]) == (30, "Customer care")
    assert care == await answer.json()


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("care", {"target_seconds": -1}, "target_seconds"),
        ("care", {"colour": 1}, "colour"),
        ("Care", {}, "name"),
        ("stats", {}, "name"),
        ("new", {"overflow": "queue", "overflow_to": "nowhere"}, "queue"),
        ("new", {"zone": "Mars/Base"}, "zone"),
    ],
)
async def test_what_makes_no_sense_is_refused_by_its_name(
    client: Client, bearer: Bearer, name: str, body: dict[str, object], field: str
) -> None:
    answer = await client.put(f"{API}/{name}", json=body, headers=bearer)
    assert (answer.status, (await answer.json())["field"]) == (400, field)


async def test_figures_of_the_hour_carry_what_each_means(
    client: Client, bearer: Bearer, rooms: Rooms, tmp_path: Path
) -> None:
    book = Book(rooms.db, rooms.db.clock, tmp_path / "spill")
    visit = Visit("v1", "i1", "care", "node1", later(0), later(0))
    visit.finish(VisitEnd.CONNECT, later(10))
    book.visit(visit)
    await book.flush()
    query = {"since": later(-60).isoformat(), "until": later(60).isoformat(), "interval": "hour"}
    figures = await (await client.get(f"{API}/stats", params=query, headers=bearer)).json()
    (row,) = figures["rows"]
    assert (row["queue"], row["offered"], row["service_level"], row["aht"]) == ("care", 1, 1.0, None)
    told = await (await client.get(f"{API}/definitions?language=it", headers=bearer)).json()
    titles = {each["name"]: each["title"] for each in told["definitions"]}
    assert titles["service_level"] == "Livello di servizio (COPC)"
    assert set(titles) >= {"asa", "aht", "occupancy", "utilisation", "containment"}


@pytest.mark.parametrize(
    ("query", "field"),
    [("interval=second", "interval"), ("by=moon", "by"), ("since=2030-01-01T00:00:00Z", "until"),
     ("zone=x", "zone"), ("colour=red", "colour"), ("since=yesterday", "since"),
     ("since=9999-12-31T23:59:00Z&until=9999-12-31T23:59:59Z", "since")],
)  # fmt: skip
async def test_wrong_questions_are_refused(client: Client, bearer: Bearer, query: str, field: str) -> None:
    answer = await client.get(f"{API}/stats?{query}", headers=bearer)
    assert (answer.status, (await answer.json())["field"]) == (400, field)


async def test_without_a_core_there_is_nothing_live(client: Client, bearer: Bearer) -> None:
    assert (await (await client.get(f"{API}/live", headers=bearer)).json())["queues"] == []


async def test_an_unknown_queue_and_a_stranger(client: Client, bearer: Bearer) -> None:
    assert (await client.get(f"{API}/nowhere", headers=bearer)).status == 404
    assert (await client.get(API)).status == 401
