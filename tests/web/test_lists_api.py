"""Lists over the REST API: a file goes in as it comes, its progress and its errors are told."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from centralino.rooms import Rooms
from tests.web.conftest import Client
from tests.web.test_campaigns_api import Api
from web import Parts, create_app

pytestmark = pytest.mark.database

GOOD = "Telefono;Nome\n329 0000017;Ада\n329 0000018;Bo\n"
ODD = "Telefono;Nome\n329 0000017;Ada\n3.9E+11;Bo\nnobody;Cy\n"


@pytest.fixture
def api(client: Client, bearer: dict[str, str]) -> Api:
    return Api(client, bearer)


async def make_list(api: Api, name: str = "north") -> None:
    await api.make()
    status, told = await api.ask("POST", "lists", {"name": name, "campaign": "fibre", "title": "North"})
    assert (status, told["campaign"], told["active"], told["ready"]) == (201, "fibre", True, 0)


async def bring(api: Api, text: str, query: str = "") -> Any:
    """Bring a file, and wait until it is in."""
    status, begun = await api.ask(
        "POST", f"lists/north/imports?file=people.csv{query}", text.encode(), **{"X-Operator": "ada"}
    )
    assert status == 202, begun
    while begun["state"] == "running":
        await asyncio.sleep(0)
        begun = await api.get(f"lists/north/imports/{begun['import_id']}")
    return begun


async def test_a_files_people_are_in_the_list_and_the_same_file_changes_nothing(api: Api) -> None:
    await make_list(api)
    done = await bring(api, GOOD)
    assert (done["state"], done["added"], done["bad"], done["report"]) == ("done", 2, 0, None)
    assert (done["file"], done["by"]) == ("people.csv", "ada")
    again = await bring(api, GOOD)
    assert again["import_id"] == done["import_id"]
    shown = await api.get("lists/north")
    assert (shown["ready"], [each["import_id"] for each in shown["imports"]]) == (2, [done["import_id"]])
    assert [each["name"] for each in (await api.get("lists?campaign=fibre"))["lists"]] == ["north"]
    assert (await api.get("lists?campaign=other"))["lists"] == []


async def test_wrong_lines_are_in_a_report_and_the_good_ones_in_the_list(
    api: Api, client: Client, bearer: dict[str, str]
) -> None:
    await make_list(api)
    done = await bring(api, ODD, "&map.number=Telefono")
    assert (done["state"], done["added"], done["bad"]) == ("done", 1, 2)
    answer = await client.get(done["report"], headers=bearer)
    assert (answer.status, answer.content_type) == (200, "text/csv")
    assert "4" in await answer.text()
    assert (await client.get(done["report"])).status == 401


async def test_a_list_is_held_and_let_go(api: Api) -> None:
    await make_list(api)
    for active in (False, True):
        status, shown = await api.ask("PATCH", "lists/north", {"active": active})
        assert (status, shown["active"]) == (200, active)


WRONG: list[tuple[str, str, Any, int, str]] = [
    ("POST", "lists", {"name": "A b", "campaign": "fibre"}, 400, "list"),
    ("POST", "lists", {"name": "south", "campaign": "gone"}, 404, "campaign"),
    ("POST", "lists", {"name": 3, "campaign": "fibre"}, 400, "name"),
    ("POST", "lists", {"name": "south", "colour": "blue"}, 400, "colour"),
    ("GET", "lists/south", None, 404, "list"),
    ("PATCH", "lists/south", {"active": True}, 404, "list"),
    ("PATCH", "lists/north", {}, 400, "active"),
    ("POST", "lists/south/imports", b"Telefono\n3290000017\n", 404, "list"),
    ("POST", "lists/north/imports?colour=blue", b"Telefono\n3290000017\n", 400, "colour"),
    ("POST", "lists/north/imports?priority=high", b"Telefono\n3290000017\n", 400, "priority"),
    ("POST", "lists/north/imports?header=perhaps", b"Telefono\n3290000017\n", 400, "header"),
    ("POST", "lists/north/imports?expires=soon", b"Telefono\n3290000017\n", 400, "expires"),
]


async def test_wrong_input_is_told_by_its_field(api: Api) -> None:
    await make_list(api)
    for method, path, body, status, field in WRONG:
        got, told = await api.ask(method, path, body)
        assert (got, told.get("field")) == (status, field), (method, path, told)
    for path in ("imports/i-none", "imports/i-none/report.csv"):
        assert (await api.ask("GET", f"lists/north/{path}"))[0] == 404


async def test_a_file_that_cannot_be_read_is_told_at_once(api: Api) -> None:
    await make_list(api)
    for body in (b"", b"Colour,Shoe\nblue,44\n", b"PK\x03\x04 no workbook"):
        status, told = await api.ask("POST", "lists/north/imports?file=x.csv", body)
        assert (status, told["error_id"]) == (400, "bad-input"), told


async def test_a_file_that_a_killed_process_left_is_gone_at_the_next_start(
    rooms: Rooms, tmp_path: Path
) -> None:
    left = tmp_path / "lists" / "coming" / "f1"
    left.parent.mkdir(parents=True)
    left.write_text(GOOD)
    parts = Parts(
        rooms.db, rooms.live, rooms.library, rooms.db.clock, "t", gate=rooms.gate, lists=tmp_path / "lists"
    )
    async with TestClient(TestServer(create_app(parts))):
        assert not left.exists()
