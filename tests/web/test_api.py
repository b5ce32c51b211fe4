"""The REST API: who may ask, what can be asked, and what wrong questions are told."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from centralino.rooms import Rooms
from store import Database, StoreUnavailableError
from tests.web.conftest import FLOW, HOSTILE, TOKEN, Client
from web import Parts, create_app
from web.keys import DOOR
from web.visitor import COOKIE

pytestmark = pytest.mark.database


@pytest.fixture
def ask(client: Client, bearer: dict[str, str]) -> Any:
    """Ask with the token; the status and the body."""

    async def asking(path: str) -> tuple[int, Any]:
        answer = await client.get(f"/api/v1/{path}", headers=bearer)
        return answer.status, await answer.json(content_type=None)

    return asking


NO_TOKEN = (
    None,
    "",
    "Bearer",
    "Bearer wrong",
    "token-of-a-test",
    "Basic token-of-a-test",
    "Bearer t\udcffken",
)


async def test_without_the_token_nothing_is_told(client: Client) -> None:
    paths = ("/api/v1/calls", "/api/v1/calls/node1-1.1", "/api/v1/nothing")
    for header, path in product(NO_TOKEN, paths):
        headers = {} if header is None else {"Authorization": header}
        answer = await client.get(path, headers=headers)
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.content_type == "application/problem+json"
        told = await answer.json(content_type=None)
        assert (told["error_id"], told["status"]) == ("unauthorised", 401)
        assert "node1" not in str(told)


async def test_calls_come_latest_first_and_the_cursor_goes_on_to_the_first(ask: Any) -> None:
    seen: list[str] = []
    query = "calls?limit=3"
    while True:
        status, page = await ask(query)
        assert status == 200
        seen += [call["call_id"] for call in page["calls"]]
        if page["cursor"] is None:
            break
        query = f"calls?limit=3&cursor={page['cursor']}"
    assert seen == [f"node1-1.{number}" for number in (6, 5, 4, 3, 2, 1, 0)]


FILTERS = [
    ("direction=outbound", "531"),
    ("state=up", "6"),
    ("number=%2B393290000018", "531"),
    ("number=+393290000018", "531"),
    ("customer_id=c0000017&direction=inbound", "420"),
    (f"flow={FLOW}&outcome=resolved", "54321"),
    ("since=2026-03-02T09:00:04%2B00:00", "654"),
    ("since=2026-03-02T10:00:04+01:00", "654"),
    ("since=2026-03-02%2009:00:04Z", "654"),
    ("until=2026-03-02T09:00:02Z", "10"),
    ("outcome=' OR 1=1 --", ""),
    ("number=", "6543210"),
]


async def test_calls_are_filtered_by_what_is_known_of_them(ask: Any) -> None:
    for query, found in FILTERS:
        status, page = await ask(f"calls?{query}")
        assert status == 200, query
        assert "".join(call["call_id"][-1] for call in page["calls"]) == found, query


WRONG = [
    ("limit=0", "limit"),
    ("limit=501", "limit"),
    ("limit=0000500000", "limit"),
    ("limit=-1", "limit"),
    ("limit=many", "limit"),
    ("limit=%D9%A3", "limit"),
    ("limit=" + "9" * 5000, "limit"),
    ("direction=sideways", "direction"),
    ("state=gone", "state"),
    ("since=yesterday", "since"),
    ("since=2026-03-02T09:00:00", "since"),
    ("until=2026-13-02T09:00:00Z", "until"),
    ("cursor=nonsense", "cursor"),
    ("colour=blue", "colour"),
    ("number=%00", "number"),
]


async def test_a_wrong_question_is_told_which_word_is_wrong(ask: Any) -> None:
    for query, field in WRONG:
        status, told = await ask(f"calls?{query}")
        assert status == 400
        assert told["error_id"] == "bad-input"
        assert told["type"] == "urn:centralino:problem:bad-input"
        assert told["detail"].startswith(f"{field}: ")


async def test_one_call_comes_with_its_trace_and_all_else(ask: Any) -> None:
    status, call = await ask("calls/node1-1.1")
    assert status == 200
    assert (call["direction"], call["dialled"], call["outcome"]) == ("outbound", "+393290000018", "resolved")
    assert call["attempt_id"] == "node1-1.1"
    assert [step["path"] for step in call["trace"]] == ["", "main"]
    assert call["trace"][0]["values"]["owed"] == {"$money": [7250, "EUR"]}
    assert (call["trace"][1]["keys"], call["trace"][1]["next"]) == ("1", None)
    assert call["legs"] == [
        {"leg": "trunk", "received": 900, "sent": 901, "lost_in": 0, "lost_out": 2, "one_way": False}
    ]
    assert [(part["kind"], part["party"]) for part in call["segments"]] == [("talk", "operator")]
    assert call["recordings"] == []


async def test_a_call_nobody_knows_is_not_found(ask: Any) -> None:
    for call_id in ["node1-1.99", "..%2f..%2fetc", "%F0%9F%92%A5", "'--", "x" * 3000]:
        status, told = await ask(f"calls/{call_id}")
        assert (status, told["error_id"]) == (404, "not-found")


async def test_a_path_with_a_nul_is_refused(ask: Any) -> None:
    status, told = await ask("calls/a%00b")
    assert (status, told["error_id"]) == (400, "bad-input")


async def test_whoever_has_the_token_sees_values_as_they_are(ask: Any) -> None:
    _, call = await ask("calls/node1-1.6")
    assert (call["caller"], call["state"], call["ended"]) == (HOSTILE, "up", None)


async def test_only_reading_is_offered(client: Client, bearer: dict[str, str]) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = await client.request(method, "/api/v1/calls", headers=bearer)
        assert answer.status == 405


async def test_without_the_database_the_api_says_so_and_goes_on(
    rooms: Rooms, bearer: dict[str, str], tmp_path: Path
) -> None:
    gone = Database("sqlite+aiosqlite:////nowhere/at/all.db")
    parts = Parts(gone, rooms.live, rooms.library, rooms.db.clock, TOKEN, gate=rooms.gate, lists=tmp_path)
    app = create_app(parts)
    async with gone, TestClient(TestServer(app)) as client:
        answer = await client.get("/api/v1/calls", headers=bearer)
        told = await answer.json(content_type=None)
        assert (answer.status, told["error_id"]) == (503, StoreUnavailableError.error_id)
        ready = await client.get("/readyz")
        assert ready.status == 503
        assert (await ready.json())["database"] is False
        cookie, _ = await app[DOOR].sessions.begin("anna", address="", browser="")
        page = await client.get("/calls", headers={"Accept": "text/html"}, cookies={COOKIE: cookie})
        assert (page.status, page.content_type) == (503, "text/html")
        assert (await client.get("/healthz")).status == 200
