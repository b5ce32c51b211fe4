"""Other systems tell us what happened, in the shape that they speak; each is told what was taken."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from centralino.rooms import Rooms
from customers.models import Fault, Line
from customers.seed import id_of, number_of, seed
from tests.calls.samples import later
from tests.web.conftest import Client, Enter
from users import Role

pytestmark = pytest.mark.database

NOW: datetime = later(600)
AT = (NOW - timedelta(minutes=5)).isoformat()
DAY = (NOW + timedelta(days=8)).date().isoformat()


@pytest.fixture
async def olga(rooms: Rooms, enter: Enter) -> Client:
    """Operations, in a town of sixty customers."""
    async with rooms.db.write() as session:
        await seed(session, 60, day=NOW.date())
    return await enter(Role.OPERATIONS, name="olga")


def opened(event_id: str = "e1", **more: Any) -> dict[str, Any]:
    return {
        "id": event_id, "type": "fault.opened", "at": AT, "customer": id_of(3), "fault": f"f-{event_id}",
        "line": "l3", "symptom": "slow", **more,
    }  # fmt: skip


async def post(client: Client, path: str = "", status: int = 202, **sent: Any) -> dict[str, Any]:
    answer = await client.post(f"/api/v1/events{path}", **sent)
    assert answer.status == status, await answer.text()
    told: dict[str, Any] = await answer.json()
    return told


def wrong(told: Mapping[str, Any]) -> list[tuple[int, str, str]]:
    return [(each["place"], each["id"], each["field"]) for each in told["refused"]]


async def kept(client: Client, event_id: str) -> dict[str, Any]:
    answer = await client.get(f"/api/v1/events/{event_id}")
    assert answer.status == 200, await answer.text()
    told: dict[str, Any] = await answer.json()
    return told


async def test_one_event_is_taken_once_and_can_be_followed(olga: Client) -> None:
    told = await post(olga, json=opened())
    assert told == {"accepted": 1, "repeated": [], "ignored": [], "refused": []}
    assert (await post(olga, json=opened()))["repeated"] == ["e1"]
    row = await kept(olga, "e1")
    assert (row["type"], row["customer"], row["about"], row["state"]) == (
        "fault.opened", id_of(3), "f-e1", "pending",
    )  # fmt: skip
    assert row["data"] == {"fault": "f-e1", "line": "l3", "symptom": "slow"}
    assert (await olga.get("/api/v1/events/e2")).status == 404


async def test_of_half_a_batch_that_is_wrong_the_good_half_is_taken_and_the_bad_named(olga: Client) -> None:
    told = await post(
        olga,
        json=[
            opened("good"),
            opened("type", type="fault.opend"),
            opened("naive", at="2026-03-02T09:00:00"),
            opened("field", sympton="slow"),
            opened("1970", at="1970-01-01T00:00:00Z"),
            opened("2099", at="2099-01-01T00:00:00Z"),
            opened("who", customer="k-unknown"),
            opened("nobody", customer=None),
            "no event",
            opened("number", customer=None, number=number_of(4)),
            opened("good", symptom="noise"),
        ],
    )
    assert told["accepted"] == 2
    assert wrong(told) == [
        (1, "type", "type"), (2, "naive", "at"), (3, "field", "sympton"), (4, "1970", "at"),
        (5, "2099", "at"), (6, "who", "customer"), (7, "nobody", "customer"), (8, "", "body"),
        (10, "good", "id"),
    ]  # fmt: skip
    words = {each["place"]: (each["error_id"], each["detail"]) for each in told["refused"]}
    assert "did you mean 'fault.opened'" in words[1][1]
    assert "no zone" in words[2][1]
    assert words[6] == ("unknown-customer", "there is no customer k-unknown")
    assert words[10][0] == "conflict"
    assert (await kept(olga, "number"))["customer"] == id_of(4)


async def test_when_nothing_can_be_taken_the_answer_says_so(olga: Client) -> None:
    assert wrong(await post(olga, status=422, json=opened(at="1970-01-01T00:00:00Z"))) == [(0, "e1", "at")]
    answer = await olga.post("/api/v1/events", data=b'{"id": ', headers={"Content-Type": "application/json"})
    assert (answer.status, (await answer.json())["field"]) == (400, "body")


async def test_lines_are_read_one_by_one(olga: Client) -> None:
    lines = [orjson.dumps(opened("a")), b"", b"{broken", orjson.dumps(opened("b"))]
    headers = {"Content-Type": "application/x-ndjson"}
    told = await post(olga, data=b"\n".join(lines), headers=headers)
    assert (told["accepted"], wrong(told)) == (2, [(2, "", "body")])
    fine = b"\n".join(orjson.dumps(opened(f"n{i}")) for i in range(3000))
    assert (await post(olga, data=fine, headers=headers))["accepted"] == 3000


async def test_a_table_tells_of_its_bad_lines(olga: Client) -> None:
    table = f"""id;type;at;customer;fault;line;symptom;cycle;unbilled
t1;fault.opened;{AT};{id_of(3)};f1;l3;slow;;
t2;usage.read;{AT};{id_of(3)};;l3;;2026-03;72,50 EUR
t3;usage.read;{AT};{id_of(3)};;l3;;2026-03;much

t4;fault.opened;{AT};{id_of(3)};f1;l3
t5;fault.opened;yesterday;{id_of(3)};f1;l3;slow;;
t6;usage.read;{AT};{id_of(3)};f6;l3;;2026-03;72.50
"""
    told = await post(olga, "/csv", data=table.encode("utf-8-sig"), headers={"Content-Type": "text/csv"})
    assert told["accepted"] == 2
    assert wrong(told) == [(4, "t3", "unbilled"), (6, "", "body"), (7, "t5", "at"), (8, "t6", "fault")]
    assert (await kept(olga, "t2"))["data"]["unbilled"] == {"minor": 7250, "currency": "EUR"}
    answer = await olga.post("/api/v1/events/csv", data=b"id,type,att\n")
    assert (answer.status, "did you mean 'at'" in (await answer.json())["detail"]) == (400, True)


async def test_cloudevents_come_structured_batched_and_binary(olga: Client) -> None:
    one = {
        "specversion": "1.0", "id": "7", "source": "urn:network", "type": "it.telco.fault.restored.v1",
        "time": AT, "subject": "f7",
    }  # fmt: skip
    headers = {"Content-Type": "application/cloudevents+json"}
    assert (await post(olga, "/cloudevents", data=orjson.dumps(one), headers=headers))["accepted"] == 1
    row = await kept(olga, "urn:network%237")
    assert (row["type"], row["about"], row["source"]) == ("fault.restored", "f7", "urn:network")
    told = await post(
        olga,
        "/cloudevents",
        data=orjson.dumps(
            [one, one | {"id": "8"}, one | {"id": "9", "specversion": "0.3"}, one | {"time": 5}]
        ),
        headers={"Content-Type": "application/cloudevents-batch+json"},
    )
    assert (told["accepted"], told["repeated"]) == (1, ["urn:network#7"])
    assert wrong(told) == [(2, "9", "specversion"), (3, "7", "time")]
    told = await post(
        olga,
        "/cloudevents",
        json={"fault": "f10", "line": "l3", "symptom": "noise", "customer": id_of(3)},
        headers={"ce-specversion": "1.0", "ce-id": "10", "ce-source": "urn:network",
                 "ce-type": "fault.opened", "ce-time": AT},
    )  # fmt: skip
    assert told["accepted"] == 1


async def test_a_header_that_is_no_text_refuses_that_one_event(olga: Client, bearer: dict[str, str]) -> None:
    reader, writer = await asyncio.open_connection(olga.server.host, olga.server.port)
    body = orjson.dumps({"fault": "f10", "line": "l3", "symptom": "noise", "customer": id_of(3)})
    for told in (b"ce-source: urn:\xff\r\nce-id: 10", b"ce-source: urn:network\r\nce-id: 10\xff"):
        writer.write(
            b"POST /api/v1/events/cloudevents HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: application/json\r\n"
            + f"Authorization: {bearer['Authorization']}\r\nContent-Length: {len(body)}\r\n".encode()
            + f"ce-specversion: 1.0\r\nce-type: fault.opened\r\nce-time: {AT}\r\n".encode()
            + told
            + b"\r\n\r\n"
            + body
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].split()[0])
        answer = orjson.loads(await reader.readexactly(length))
        if b"urn:\xff" in told:
            assert head.startswith("http/1.1 422")
            assert wrong(answer) == [(0, answer["refused"][0]["id"], "body")]
        else:
            assert head.startswith("http/1.1 202")  # the id is a digest of both
    writer.close()
    await writer.wait_closed()


def notified(state: str, number: int, **more: Any) -> dict[str, Any]:
    order = {
        "id": "o1", "state": state, "category": "LNA",
        "relatedParty": [{"id": "seller", "role": "Seller"}, {"id": id_of(3), "role": "Customer"}],
        "productOrderItem": [{"id": "1", "action": "add", "product": {"id": "l3"}}], **more,
    }  # fmt: skip
    return {
        "eventId": f"po-{number}", "eventTime": AT, "eventType": "ProductOrderStateChangeEvent",
        "event": {"productOrder": order},
    }  # fmt: skip


async def test_product_orders_come_in_the_shape_of_tmf622(olga: Client) -> None:
    sent = [
        notified("acknowledged", 1),
        notified("inProgress", 2, expectedCompletionDate=f"{DAY}T00:00:00Z"),
        notified("completed", 3, completionDate=AT),
        notified("cancelled", 4),
        notified("sleeping", 5),
        notified("cancelled", 6, relatedParty=[{"id": "x", "role": "Seller"}]),
    ]
    told = await post(olga, "/tmf622", json=sent)
    assert (told["accepted"], told["ignored"]) == (3, ["po-1"])
    assert wrong(told) == [
        (4, "po-5", "event.productOrder.state"), (5, "po-6", "event.productOrder.relatedParty"),
    ]  # fmt: skip
    planned = await kept(olga, "po-2")
    assert (planned["type"], planned["data"]) == (
        "order.planned", {"order": "o1", "line": "l3", "kind": "lna", "planned": DAY},
    )  # fmt: skip
    assert [(await kept(olga, f"po-{n}"))["type"] for n in (3, 4)] == ["order.activated", "order.cancelled"]


async def test_an_order_is_planned_for_the_day_that_its_time_is_in_the_house(olga: Client) -> None:
    dates = ["2026-03-30T22:00:00Z", "2026-03-30T23:00:00+02:00", "2026-03-30", "2026-03-30T23:30:00.000"]
    sent = [notified("pending", n, expectedCompletionDate=each) for n, each in enumerate(dates)]
    wrong_ones = ["tomorrow", "2026-02-30", 7, "9999-12-31T23:30:00Z"]
    sent += [notified("held", 10 + n, requestedCompletionDate=each) for n, each in enumerate(wrong_ones)]
    told = await post(olga, "/tmf622", json=sent)
    days = [(await kept(olga, f"po-{n}"))["data"]["planned"] for n in range(4)]
    assert days == ["2026-03-31", "2026-03-30", "2026-03-30", "2026-03-30"]
    field = "event.productOrder.requestedCompletionDate"
    assert wrong(told) == [(place, f"po-{place + 6}", field) for place in range(4, 8)]


async def test_notifications_of_odd_shapes_are_refused_by_place_and_the_others_taken(olga: Client) -> None:
    odd = [
        notified("cancelled", 1, productOrderItem={"product": {"id": "l3"}}),
        notified("cancelled", 2, productOrderItem=["l3"]),
        notified("cancelled", 3, relatedParty=[{"role": "Customer", "partyOrPartyRole": "x"}]),
        notified("cancelled", 4, relatedParty="x"),
        notified("cancelled", 5),
    ]
    told = await post(olga, "/tmf622", json=odd)
    assert (told["accepted"], [place for place, _, _ in wrong(told)]) == (1, [0, 1, 2, 3])
    assert wrong(told)[0][2] == "event.productOrder.productOrderItem"
    assert wrong(told)[2][2] == "event.productOrder.relatedParty.partyOrPartyRole"
    party = {"relatedParty": [{"id": id_of(3), "role": "customer"}]}
    for place, entity in enumerate([[{"role": "line", "entity": ["l3"]}], [{"id": "l3", "role": "line"}]]):
        ticket = {"id": f"t{place}", "status": "acknowledged", "relatedEntity": entity, **party}
        odd[place] = {"eventId": f"tt-{place}", "eventTime": AT, "event": {"troubleTicket": ticket}}
    told = await post(olga, "/tmf621", json=odd[:2])
    assert (told["accepted"], wrong(told)) == (
        1, [(0, "tt-0", "event.troubleTicket.relatedEntity.entity")],
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["TroubleTicketStatusChangeEvent", "TroubleTicketStateChangeEvent"])
async def test_trouble_tickets_come_in_the_shape_of_tmf621(olga: Client, kind: str) -> None:
    def ticket(status: str, number: int) -> dict[str, Any]:
        told = {
            "id": "tt1", "status": status, "ticketType": "no_line",
            "relatedParty": [{"id": id_of(3), "role": "customer"}],
            "relatedEntity": [{"id": "l3", "role": "line"}],
        }  # fmt: skip
        return {
            "eventId": f"tt-{number}",
            "eventTime": AT,
            "eventType": kind,
            "event": {"troubleTicket": told},
        }

    sent = [ticket(each, n) for n, each in enumerate(["acknowledged", "pending", "resolved", "closed"])]
    told = await post(olga, "/tmf621", json=sent)
    assert (told["accepted"], told["ignored"], told["refused"]) == (3, ["tt-1"], [])
    rows = [await kept(olga, f"tt-{n}") for n in (0, 2, 3)]
    assert [row["type"] for row in rows] == ["fault.opened", "fault.restored", "fault.closed"]
    assert rows[0]["data"] == {"fault": "tt1", "line": "l3", "symptom": "no_line"}


@pytest.mark.parametrize("status", ["cancelled", "rejected"])
async def test_a_trouble_ticket_that_is_off_closes_the_open_fault(
    olga: Client, rooms: Rooms, status: str
) -> None:
    async with rooms.db.read() as session:
        line = await session.scalar(select(Line.id).where(Line.customer_id == id_of(3)).order_by(Line.id))
    ticket = {
        "id": "tt1", "ticketType": "no_line", "relatedParty": [{"id": id_of(3), "role": "customer"}],
        "relatedEntity": [{"id": line, "role": "line"}],
    }  # fmt: skip
    for number, each in enumerate(["acknowledged", status]):
        told = ticket | {"status": each}
        sent = {"eventId": f"tt-{number}", "eventTime": AT, "event": {"troubleTicket": told}}
        assert (await post(olga, "/tmf621", json=sent))["accepted"] == 1
        await rooms.proactive.worker.drain()
        assert (await kept(olga, f"tt-{number}"))["state"] == "done"
    async with rooms.db.read() as session:
        assert await session.scalar(select(Fault.status).where(Fault.id == "tt1")) == "closed"


async def test_the_latest_are_listed_a_page_at_a_time(olga: Client) -> None:
    await post(olga, json=[opened(f"e{i}", customer=id_of(i % 2)) for i in range(5)])
    first = await (await olga.get("/api/v1/events?limit=2")).json()
    assert [each["id"] for each in first["events"]] == ["e4", "e3"]
    then = await (await olga.get(f"/api/v1/events?limit=9&cursor={first['cursor']}")).json()
    assert ([each["id"] for each in then["events"]], then["cursor"]) == (["e2", "e1", "e0"], None)
    mine = await (
        await olga.get(f"/api/v1/events?customer={id_of(1)}&state=pending&type=fault.opened")
    ).json()
    assert [each["id"] for each in mine["events"]] == ["e3", "e1"]
    assert (await olga.get("/api/v1/events?cursor=x")).status == 400
    assert (await olga.get("/api/v1/events?kind=x")).status == 400


async def test_only_who_may_sends_events_and_sees_rules(olga: Client, enter: Enter) -> None:
    rules = await (await olga.get("/api/v1/rules")).json()
    assert rules["problems"] == []
    assert "fault_closure" in {each["campaign"] for each in rules["rules"]}
    anna = await enter(Role.AGENT, name="anna", agent="anna")
    assert (await anna.post("/api/v1/events", json=opened())).status == 403
    assert (await anna.get("/api/v1/rules")).status == 403
