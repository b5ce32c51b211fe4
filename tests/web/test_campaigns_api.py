"""Campaigns, trunks and contacts over the REST API, and what wrong input is told."""

from typing import Any

import pytest

from centralino.rooms import Rooms
from dialer import Trunk
from dialer.campaigns import FIELDS
from dialer.models import Campaign
from dialer.trunks import seed_trunks
from tests.web.conftest import FLOW, OTHER_TEXT, Client

pytestmark = pytest.mark.database

SHOWN = "+390650000611"
PLAIN = {"flow": FLOW, "purpose": "marketing", "profile": "it", "caller_id": SHOWN}
assert "try.other" in OTHER_TEXT


class Api:
    """Asks with the token; status and body come back."""

    def __init__(self, client: Client, bearer: dict[str, str]) -> None:
        self._client, self._bearer = client, bearer

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        how: dict[str, Any] = {"data": body} if isinstance(body, bytes) else {"json": body}
        answer = await self._client.request(
            method, f"/api/v1/{path}", headers=self._bearer | headers, **(how if body is not None else {})
        )
        return answer.status, await answer.json(content_type=None)

    async def get(self, path: str) -> Any:
        status, body = await self.ask("GET", path)
        assert status == 200, body
        return body

    async def make(self, name: str = "fibre", **settings: Any) -> Any:
        status, body = await self.ask("POST", "campaigns", {"name": name} | PLAIN | settings)
        assert status == 201, body
        return body


@pytest.fixture
def api(client: Client, bearer: dict[str, str]) -> Api:
    return Api(client, bearer)


async def test_a_campaign_is_made_tuned_undone_and_its_history_told(api: Api) -> None:
    made = await api.make(mode="predictive", lines=20)
    assert set(made) == {"name", "paused", "archived", *FIELDS}
    status, answer = await api.ask(
        "PATCH", "campaigns/fibre", {"lines": 80, "max_abandon": 0.01}, **{"X-Operator": "ada"}
    )
    assert (status, answer["campaign"]["lines"]) == (200, 80)
    assert [(each["field"], each["before"], each["after"]) for each in answer["changes"]] == [
        ("lines", 20, 80),
        ("max_abandon", None, 0.01),
    ]
    status, answer = await api.ask("POST", "campaigns/fibre/undo")
    assert (status, answer["campaign"]) == (200, made)
    told = await api.get("campaigns/fibre/history?limit=3")
    assert [each["by"] for each in told["changes"]] == ["api", "api", "ada"]
    rest = await api.get(f"campaigns/fibre/history?before={told['before']}")
    assert [each["field"] for each in rest["changes"]] == ["lines", "created"]
    assert rest["before"] is None
    assert await api.get("campaigns/fibre") == made


async def test_a_campaign_is_held_let_go_cloned_and_put_away(api: Api) -> None:
    await api.make()
    for word, field, value in (
        ("pause", "paused", True), ("pause", "paused", True), ("resume", "paused", False),
        ("archive", "archived", True), ("unarchive", "archived", False),
    ):  # fmt: skip
        status, shown = await api.ask("POST", f"campaigns/fibre/{word}")
        assert (status, shown[field]) == (200, value)
    status, twin = await api.ask("POST", "campaigns/fibre/clone", {"name": "fibre.two"})
    assert (status, twin["paused"], twin["flow"]) == (201, True, FLOW)
    status, told = await api.ask("POST", "campaigns/fibre/clone", {"name": "fibre.two"})
    assert (status, told["error_id"], told["field"]) == (409, "campaign-exists", "name")


async def test_campaigns_are_listed_page_by_page(api: Api, rooms: Rooms) -> None:
    await api.make()
    async with rooms.db.write() as session:
        row = await session.get_one(Campaign, "fibre")
        old = {each.key: getattr(row, each.key) for each in Campaign.__mapper__.column_attrs}
        session.add_all(Campaign(**old | {"name": f"old.{i:02}", "archived": i > 4}) for i in range(12))
    assert [each["name"] for each in (await api.get("campaigns?limit=3"))["campaigns"]] == [
        "fibre", "old.00", "old.01",
    ]  # fmt: skip
    page = await api.get("campaigns?archived=any&match=OLD&limit=10")
    assert len(page["campaigns"]) == 10
    rest = await api.get(f"campaigns?archived=any&match=OLD&limit=10&cursor={page['cursor']}")
    assert ([each["name"] for each in rest["campaigns"]], rest["cursor"]) == (["old.10", "old.11"], None)
    assert len((await api.get("campaigns?archived=true"))["campaigns"]) == 7


WRONG: list[tuple[str, str, Any, int, str]] = [
    ("POST", "campaigns", {"name": "x", **PLAIN, "lines": 0}, 400, "lines"),
    ("POST", "campaigns", {"name": "x", **PLAIN, "ratio": "2"}, 400, "ratio"),
    ("POST", "campaigns", {"name": "x", **PLAIN, "flow": "gone"}, 400, "flow"),
    ("POST", "campaigns", {"name": "x", **PLAIN, "max_abandon": 0.2}, 400, "max_abandon"),
    ("POST", "campaigns", {"name": "x", **PLAIN, "caller_ids": ["112"]}, 400, "caller_ids"),
    ("POST", "campaigns", {"name": "x", "flow": FLOW, "profile": "it"}, 400, "purpose"),
    ("POST", "campaigns", {"name": "../x", **PLAIN}, 400, "name"),
    ("POST", "campaigns", {"name": 5, **PLAIN}, 400, "name"),
    ("POST", "campaigns", {"name": "x", "paused": "no", **PLAIN}, 400, "paused"),
    ("POST", "campaigns", {"name": "fibre", **PLAIN}, 409, "name"),
    ("POST", "campaigns", [1], 400, "body"),
    ("POST", "campaigns", b"{", 400, "body"),
    ("POST", "campaigns", b'{"a": NaN}', 400, "body"),
    ("POST", "campaigns", b"\xff\xfe", 400, "body"),
    ("POST", "campaigns", {"name": "x", **PLAIN, "title": "a\0b"}, 400, "title"),
    ("PATCH", "campaigns/fibre", {"colour": "blue"}, 400, "colour"),
    ("PATCH", "campaigns/fibre", {"hours": {"weekday": ["late"]}}, 400, "hours"),
    ("PATCH", "campaigns/fiber", {"lines": 3}, 404, "campaign"),
    ("POST", "campaigns/fiber/pause", None, 404, "campaign"),
    ("POST", "campaigns/fibre/pause", {"now": True}, 400, "now"),
    ("POST", "campaigns/fibre/undo", None, 409, "campaign"),
    ("POST", "campaigns/fibre/clone", {}, 400, "name"),
    ("GET", "campaigns?limit=0", None, 400, "limit"),
    ("GET", "campaigns?archived=perhaps", None, 400, "archived"),
    ("GET", "campaigns?colour=blue", None, 400, "colour"),
    ("GET", "campaigns/fibre/history?before=x", None, 400, "before"),
    ("GET", "campaigns/fiber/history", None, 404, "campaign"),
    ("PATCH", "trunks/carrier", {"lines": 0}, 400, "lines"),
    ("PATCH", "trunks/carrier", {"address": "10.0.0.1"}, 400, "address"),
    ("PATCH", "trunks/carier", {"lines": 3}, 404, "trunk"),
    ("GET", "trunks?x=1", None, 400, "x"),
    ("POST", "campaigns/fibre/contacts", {}, 400, "contacts"),
    ("POST", "campaigns/fibre/contacts", {"contacts": []}, 400, "contacts"),
    ("POST", "campaigns/fibre/contacts", {"contacts": [{}] * 1001}, 400, "contacts"),
    ("POST", "campaigns/fiber/contacts", {"contacts": [{"event_id": "e", "number": SHOWN}]}, 404, "campaign"),
]


async def test_wrong_input_is_told_by_its_field_and_changes_nothing(api: Api, rooms: Rooms) -> None:
    made = await api.make()
    async with rooms.db.write() as session:
        await seed_trunks(session, [Trunk("carrier", 10, 5.0)])
    for method, path, body, status, field in WRONG:
        got, told = await api.ask(method, path, body)
        assert (got, told.get("field")) == (status, field), (method, path, body, told)
        assert told["detail"].startswith(f"{field}: ")
    assert await api.get("campaigns/fibre") == made
    assert len((await api.get("campaigns"))["campaigns"]) == 1
    status, told = await api.ask("POST", "campaigns/fibre/pause", **{"X-Operator": "x" * 81})
    assert (status, told["field"]) == (400, "X-Operator")


async def test_without_the_token_nothing_is_changed(api: Api, client: Client) -> None:
    made = await api.make()
    for method, path in (("PATCH", "campaigns/fibre"), ("POST", "campaigns"), ("PATCH", "trunks/carrier")):
        answer = await client.request(method, f"/api/v1/{path}", json={"lines": 1})
        assert answer.status == 401
    assert await api.get("campaigns/fibre") == made


async def test_trunks_are_shown_with_how_they_stand_and_changed(api: Api, rooms: Rooms) -> None:
    async with rooms.db.write() as session:
        await seed_trunks(session, [Trunk("carrier", 10, 5.0), Trunk("reserve", 2, 1.0)])
    standing = [{"name": "carrier", "used": 7, "state": "resting", "resting_until": "2026-03-02T09:10:10Z"}]
    await rooms.live.put_fields("centralino:trunks", {"node1": standing}, seconds=10)
    status, changed = await api.ask("PATCH", "trunks/reserve", {"lines": 3, "enabled": False, "order": -1})
    assert (status, changed["lines"], changed["enabled"]) == (200, 3, False)
    first, second = (await api.get("trunks"))["trunks"]
    assert (first["name"], first["nodes"]) == ("reserve", {})
    assert second["nodes"]["node1"]["state"] == "resting"
    assert (second["lines"], second["calls_per_second"]) == (10, 5.0)


async def test_contacts_are_taken_in_once_and_the_wrong_ones_are_told(api: Api) -> None:
    await api.make()
    given = [
        {"event_id": "e1", "number": "329 000 0017", "customer_id": "c17", "fields": {"name": "Ада", "n": 3}},
        {"event_id": "e2", "number": "+393290000018", "numbers": ["+393290000019"], "priority": 5},
        {"event_id": "e3", "number": "12"},
        {"number": "+393290000017"},
        {"event_id": "e4", "number": "+393290000017", "colour": "blue"},
        {"event_id": "e5", "number": "+393290000017", "expires": "2020-01-01T00:00:00Z"},
        {"event_id": "e6", "number": "+393290000017", "fields": {"deep": {"er": []}}},
        "e7",
        {"event_id": "e8", "number": "+393290000017", "zone": "Europe/Room"},
        {"event_id": "e9", "number": "+393290000017", "not_before": "0001-01-01T00:00:00+14:00"},
    ]
    status, answer = await api.ask("POST", "campaigns/fibre/contacts", {"contacts": given})
    assert status == 200
    assert [(each["index"], each["event_id"]) for each in answer["contacts"]] == [(0, "e1"), (1, "e2")]
    assert [(each["index"], each["field"]) for each in answer["problems"]] == [
        (2, "number"), (3, "event_id"), (4, "colour"), (5, "expires"), (6, "fields.deep"), (7, "contact"),
        (8, "zone"), (9, "not_before"),
    ]  # fmt: skip
    status, again = await api.ask("POST", "campaigns/fibre/contacts", {"contacts": given[:2]})
    assert again["contacts"] == answer["contacts"]

    contact = await api.get(f"contacts/{answer['contacts'][0]['contact_id']}")
    assert (contact["number"], contact["state"], contact["campaign"]) == ("+393290000017", "ready", "fibre")
    assert (contact["fields"], contact["attempts"], contact["refusals"]) == ({"name": "Ада", "n": 3}, [], [])
    other = await api.get(f"contacts/{answer['contacts'][1]['contact_id']}")
    assert other["numbers"] == ["+393290000018", "+393290000019"]
    status, told = await api.ask("GET", "contacts/c-none")
    assert (status, told["error_id"]) == (404, "not-found")


async def test_a_request_of_wrong_contacts_only_is_a_wrong_request(api: Api) -> None:
    await api.make()
    status, answer = await api.ask("POST", "campaigns/fibre/contacts", {"contacts": [{"event_id": "e"}]})
    assert (status, answer["contacts"], answer["problems"][0]["field"]) == (400, [], "number")
    await api.ask("POST", "campaigns/fibre/archive")
    one = {"contacts": [{"event_id": "e", "number": "+393290000017"}]}
    status, told = await api.ask("POST", "campaigns/fibre/contacts", one)
    assert (status, told["field"]) == (400, "campaign")
