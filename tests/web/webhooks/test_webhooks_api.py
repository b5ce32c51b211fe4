"""Webhooks by the API and on their page: secrets are shown once, and every change is written down."""

from typing import Any

import pytest
from sqlalchemy import insert, select

from centralino.rooms import Rooms
from messages.webhooks import DeliveryState, WebhookDelivery
from tests.calls.samples import later
from tests.web.conftest import HOSTILE, Client, Enter
from users import Role
from users.models import Deed

pytestmark = pytest.mark.database
MADE = {"url": "https://crm.example.com/hook", "events": ["dialer.disposed"], "title": HOSTILE}


async def made(client: Client, **more: Any) -> dict[str, Any]:
    answer = await client.post("/api/v1/webhooks", json=MADE | more)
    assert answer.status == 201, await answer.text()
    told: dict[str, Any] = await answer.json()
    return told


async def test_an_endpoint_from_its_beginning_to_its_end(rooms: Rooms, enter: Enter) -> None:
    olga = await enter(Role.OPERATIONS, name="olga")
    first = await made(olga)
    assert first["secret"].startswith("whsec_")
    url = f"/api/v1/webhooks/{first['id']}"
    known = await (await olga.get(url)).json()
    assert "secret" not in known
    assert (known["active"], known["events"], known["created_by"]) == (True, ["dialer.disposed"], "olga")
    turned = await (await olga.post(f"{url}/secret")).json()
    assert turned["secret"] != first["secret"]
    assert turned["old_secret_until"] is not None
    changed = await (await olga.patch(url, json={"active": False, "events": ["calls.ended"]})).json()
    assert (changed["active"], changed["events"], changed["url"]) == (False, ["calls.ended"], MADE["url"])
    assert (await olga.post(f"{url}/test")).status == 202
    assert len((await (await olga.get("/api/v1/webhooks")).json())["webhooks"]) == 1
    assert (await olga.delete(url)).status == 204
    for path in (url, f"{url}/deliveries", f"/webhooks/{first['id']}"):
        assert (await olga.get(path)).status == 404
    async with rooms.db.read() as session:
        deeds = (
            await session.scalars(select(Deed).where(Deed.subject == first["id"]).order_by(Deed.seq))
        ).all()
    assert [deed.did for deed in deeds] == [
        "webhook.made", "webhook.secret_turned", "webhook.changed", "webhook.removed",
    ]  # fmt: skip
    assert first["secret"] not in str([deed.detail for deed in deeds])


async def test_tellings_are_looked_at_and_sent_again(rooms: Rooms, enter: Enter) -> None:
    olga = await enter(Role.OPERATIONS)
    hook = (await made(olga))["id"]
    row = {
        "endpoint": hook, "kind": "dialer.disposed", "at": later(1), "state": DeliveryState.DEAD, "tries": 11,
        "next_at": later(1), "since": later(1), "done": later(2), "status": 500, "said": HOSTILE,
    }  # fmt: skip
    async with rooms.db.write() as session:
        await session.execute(insert(WebhookDelivery), [row | {"event_id": f"e{n}"} for n in range(3)])
    url = f"/api/v1/webhooks/{hook}"
    first = await (await olga.get(f"{url}/deliveries?state=dead&limit=2")).json()
    assert [each["event"] for each in first["deliveries"]] == ["e2", "e1"]
    rest = await (await olga.get(f"{url}/deliveries?state=dead&cursor={first['cursor']}")).json()
    assert [each["event"] for each in rest["deliveries"]] == ["e0"]
    assert (await olga.post(f"{url}/deliveries/e1/replay")).status == 202
    assert (await olga.post(f"{url}/deliveries/e9/replay")).status == 404
    assert (await (await olga.post(f"{url}/replay")).json())["events"] == 2
    waiting = await (await olga.get(f"{url}/deliveries?state=waiting")).json()
    assert [(each["event"], each["tries"]) for each in waiting["deliveries"]] == [
        ("e2", 0),
        ("e1", 0),
        ("e0", 0),
    ]
    page = await (await olga.get(f"/webhooks/{hook}")).text()
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "Send again" in page
    assert "crm.example.com" in await (await olga.get("/webhooks")).text()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"), ({"url": MADE["url"]}, "events"), (MADE | {"url": "http://127.0.0.1/"}, "url"),
        (MADE | {"url": "https://169.254.169.254/latest"}, "url"), (MADE | {"url": 7}, "url"),
        (MADE | {"events": "dialer.disposed"}, "events"), (MADE | {"events": ["everything"]}, "events"),
        (MADE | {"events": []}, "events"), (MADE | {"title": "x" * 100}, "title"),
        (MADE | {"secret": "mine"}, "secret"),
    ],
)  # fmt: skip
async def test_endpoints_that_cannot_be(enter: Enter, body: dict[str, Any], field: str) -> None:
    olga = await enter(Role.OPERATIONS)
    answer = await olga.post("/api/v1/webhooks", json=body)
    assert answer.status == 400
    assert (await answer.json())["field"] == field


async def test_only_who_has_the_right(client: Client, enter: Enter) -> None:
    susi = await enter(Role.SUPERVISOR)
    for path in ("/webhooks", "/api/v1/webhooks", "/api/v1/webhook-events"):
        assert (await susi.get(path)).status == 403
        assert (await client.get(path)).status == 401


async def test_what_can_be_wanted(enter: Enter) -> None:
    told = await (await (await enter()).get("/api/v1/webhook-events")).json()
    names = [each["name"] for each in told["events"]]
    assert {"calls.ended", "dialer.contact_done", "agents.state_changed"} <= set(names)
    assert "messages.webhook_test" not in names
