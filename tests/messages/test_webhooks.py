"""Other systems hear of what happens: signed, again until they have taken it, and after any crash."""

import asyncio
import base64
import hmac
from collections.abc import AsyncIterator
from datetime import datetime
from hashlib import sha256

import orjson
import pytest
from sqlalchemy import select

from messages.webhooks import (
    Addresses,
    DeliveryState,
    Interest,
    Postman,
    Sender,
    WebhookDelivery,
    WebhookEndpoint,
    change_endpoint,
    delivery_page,
    endpoint,
    heard_kinds,
    intake,
    make_endpoint,
    new_secret,
    remove_endpoint,
    send_again,
    send_dead_again,
    try_out,
)
from store import Database, Dispatcher, Event, OutboxEvent, emit
from store.lifetime import erase
from tests.dialer.results.samples import NINE
from tests.messages.receiver import Message, Receiver, receiver
from users.models import Deed
from values import EventId
from values.testing import FixedClock

pytestmark = pytest.mark.database
INSIDE = Addresses(["127.0.0.0/8"])


class Turned(FixedClock):
    """A clock that only the test turns on."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.Event().wait()


@pytest.fixture
async def other() -> AsyncIterator[Receiver]:
    async with receiver() as made:
        yield made


@pytest.fixture
def clock(database: Database) -> Turned:
    turned = Turned(NINE)
    database.clock = turned
    return turned


async def made(database: Database, url: str, *events: str) -> WebhookEndpoint:
    async with database.write() as session:
        wanted = events or ("dialer.disposed",)
        return await make_endpoint(session, INSIDE, url=url, events=wanted, by="olga", at=NINE, title="CRM")


async def happened(
    database: Database, clock: Turned, *ids: str, kind: str = "dialer.disposed", **more: object
) -> None:
    """Facts, and the outbox gives them out."""
    payload = {"attempt_id": "a1", "campaign": "spring", "customer_id": "k17", "number": "+393290000017"}
    async with database.write() as session:
        events = [
            Event(kind=kind, at=clock.now(), key=each, payload=payload | more, id=EventId(each))
            for each in ids
        ]
        await emit(session, events)
    await Dispatcher(database, clock, {each: [intake(clock)] for each in heard_kinds()}).drain()


async def rounds(
    database: Database, clock: Turned, *, seconds: float = 5.0, interest: Interest | None = None
) -> int:
    """The postman goes until nothing is due."""
    total = 0
    async with Sender(INSIDE, seconds=seconds) as sender:
        postman = Postman(database, clock, sender, interest)
        while found := await postman.round():
            total += found
            await postman.settled()
    return total


async def standing(database: Database) -> list[tuple[str, DeliveryState, int, str]]:
    async with database.read() as session:
        rows = await session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.event_id))
        return [(row.event_id, row.state, row.tries, row.said) for row in rows]


def verified(message: Message, secret: str) -> bool:
    """As docs/how-to/webhooks.md tells other systems to do."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message.id}.{message.headers['webhook-timestamp']}.".encode() + message.body
    mine = base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
    given = message.headers["webhook-signature"].split(" ")
    return any(hmac.compare_digest(f"v1,{mine}", each) for each in given)


async def test_a_fact_is_told_signed_and_without_numbers(
    database: Database, clock: Turned, other: Receiver
) -> None:
    crm = await made(database, other.url)
    interest = Interest()
    await happened(database, clock, "e1")
    await happened(database, clock, "e2", kind="calls.ended")  # nobody asked for this one
    assert await rounds(database, clock, interest=interest) == 1
    (message,) = other.messages
    assert verified(message, crm.secret)
    assert not verified(message, "whsec_" + base64.b64encode(b"another").decode())
    assert message.headers["webhook-timestamp"] == str(int(NINE.timestamp()))
    told = orjson.loads(message.body)
    assert (told["id"], told["type"], told["source"]) == (message.id, "dialer.disposed", "centralino")
    assert datetime.fromisoformat(told["time"]) == NINE
    assert told["data"] == {"attempt_id": "a1", "campaign": "spring", "customer_id": "k17"}
    assert await standing(database) == [("e1", DeliveryState.DELIVERED, 1, "")]
    assert "dialer.disposed" in interest
    assert "calls.ended" not in interest


async def test_what_fails_is_tried_again_with_the_same_id(
    database: Database, clock: Turned, other: Receiver
) -> None:
    await made(database, other.url)
    other.answers = [500, 302]
    await happened(database, clock, "e1")
    assert await rounds(database, clock) == 1
    assert await standing(database) == [("e1", DeliveryState.WAITING, 1, "answers 500")]
    assert await rounds(database, clock) == 0  # it is given time
    clock.move(10)
    await rounds(database, clock)
    assert (await standing(database))[0][3] == "answers with a redirect, which is not followed"
    clock.move(40)
    await rounds(database, clock)
    assert await standing(database) == [("e1", DeliveryState.DELIVERED, 3, "")]
    assert {message.id for message in other.messages} == {"e1"}
    assert len({message.body for message in other.messages}) == 1
    stamps = [int(message.headers["webhook-timestamp"]) for message in other.messages]
    assert stamps == sorted(set(stamps))  # an old message cannot be played again


async def test_an_endpoint_that_does_not_answer_holds_up_nobody(
    database: Database, clock: Turned, other: Receiver
) -> None:
    async with receiver() as slow:
        slow.holding = asyncio.Event()
        stuck, fine = await made(database, slow.url), await made(database, other.url)
        await happened(database, clock, *(f"e{n}" for n in range(5)))
        await rounds(database, clock, seconds=0.3)
        assert len(other.messages) == 5
        async with database.read() as session:
            states = {
                each.endpoint: each.state
                for each in await session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.event_id))
            }
            assert states == {stuck.id: DeliveryState.WAITING, fine.id: DeliveryState.DELIVERED}
            assert (await endpoint(session, stuck.id)).failures == 5
        assert {each[3] for each in await standing(database) if each[3]} == {"no answer within 0 seconds"}


async def test_nothing_is_lost_by_a_process_that_dies(
    database: Database, clock: Turned, other: Receiver
) -> None:
    await made(database, other.url)
    await happened(database, clock, "e1", "e2")
    other.holding, arrived = asyncio.Event(), asyncio.Event()
    other.on_message = arrived.set
    async with Sender(INSIDE) as sender:
        dying = asyncio.create_task(Postman(database, clock, sender).run())
        async with asyncio.timeout(10):
            await arrived.wait()
        dying.cancel()  # in the middle of it, before anything was noted
        await asyncio.gather(dying, return_exceptions=True)
    other.holding.set()
    assert await rounds(database, clock) == 0  # they are still the dead one's
    clock.move(61)
    assert await rounds(database, clock) == 2
    assert {message.id for message in other.messages} == {"e1", "e2"}  # at least once each
    assert {state for _, state, _, _ in await standing(database)} == {DeliveryState.DELIVERED}


async def test_after_a_day_it_is_dead_until_somebody_has_it_sent_again(
    database: Database, clock: Turned, other: Receiver
) -> None:
    crm = await made(database, other.url)
    other.answers = [503] * 11
    await happened(database, clock, "e1")
    while (await standing(database))[0][1] is DeliveryState.WAITING:
        async with database.read() as session:
            clock.instant = (await session.scalars(select(WebhookDelivery.next_at))).one()
        await rounds(database, clock)
    assert 21 < (clock.now() - NINE).total_seconds() / 3600 < 27
    assert await standing(database) == [("e1", DeliveryState.DEAD, 11, "answers 503")]
    async with database.write() as session:
        assert await send_dead_again(session, crm.id, clock.now()) == 1
    await rounds(database, clock)
    assert await standing(database) == [("e1", DeliveryState.DELIVERED, 1, "")]
    async with database.write() as session:
        await send_again(session, crm.id, "e1", clock.now())  # also one that was delivered
    await rounds(database, clock)
    assert len(other.messages) == 13


async def test_an_endpoint_past_hope_is_stopped_and_the_audit_says_so(
    database: Database, clock: Turned, other: Receiver
) -> None:
    crm = await made(database, other.url)
    other.answers = [500] * 1000
    for day in range(4):
        await happened(database, clock, *(f"e{day}-{n}" for n in range(9)))
        for _ in range(10):
            await rounds(database, clock)
            clock.move(8640)
    async with database.read() as session:
        stopped = await endpoint(session, crm.id)
        assert not stopped.active
        assert stopped.stopped_why == "took nothing for days: answers 500"
        (deed,) = await session.scalars(select(Deed))
        assert (deed.by, deed.did, deed.subject) == ("centralino", "webhook.stopped", crm.id)
    before = len(other.messages)
    clock.move(86_400)
    assert await rounds(database, clock) == 0
    other.answers = []
    async with database.write() as session:
        await change_endpoint(session, INSIDE, crm.id, active=True)
    await rounds(database, clock)
    assert len(other.messages) > before


async def test_gone_means_gone(database: Database, clock: Turned, other: Receiver) -> None:
    crm = await made(database, other.url)
    other.answers = [410]
    await happened(database, clock, "e1")
    await rounds(database, clock)
    async with database.read() as session:
        assert (await endpoint(session, crm.id)).stopped_why == "it answered 410: gone"


async def test_it_may_ask_for_time(database: Database, clock: Turned, other: Receiver) -> None:
    await made(database, other.url)
    other.answers, other.headers = [429], {"Retry-After": "120"}
    await happened(database, clock, "e1")
    await rounds(database, clock)
    clock.move(100)
    assert await rounds(database, clock) == 0
    clock.move(21)
    assert await rounds(database, clock) == 1


async def test_a_new_secret_and_the_old_one_for_a_day(
    database: Database, clock: Turned, other: Receiver
) -> None:
    old = (await made(database, other.url)).secret
    async with database.write() as session:
        crm = await new_secret(
            session, (await session.scalars(select(WebhookEndpoint.id))).one(), clock.now()
        )
        assert crm.secret != old
    await happened(database, clock, "e1")
    await rounds(database, clock)
    clock.move(86_401)
    await happened(database, clock, "e2")
    await rounds(database, clock)
    first, second = other.messages
    assert verified(first, old)
    assert verified(first, crm.secret)
    assert not verified(second, old)
    assert verified(second, crm.secret)


async def test_trying_one_out_tells_that_one_alone(
    database: Database, clock: Turned, other: Receiver
) -> None:
    crm, another = await made(database, other.url), await made(database, other.url)
    async with database.write() as session:
        event_id = await try_out(session, crm.id, clock.now())
    await Dispatcher(database, clock, {each: [intake(clock)] for each in heard_kinds()}).drain()
    await rounds(database, clock)
    assert [message.id for message in other.messages] == [event_id]
    async with database.write() as session:
        assert (await delivery_page(session, another.id)).deliveries == []
        await remove_endpoint(session, crm.id)
        assert (await delivery_page(session, crm.id)).deliveries == []


async def test_an_erased_customers_words_are_gone(database: Database, clock: Turned, other: Receiver) -> None:
    await made(database, other.url)
    await happened(database, clock, "e1")
    async with database.write() as session:
        await erase(session, "k17", [], clock.now())
    await rounds(database, clock)
    assert other.messages == []
    assert await standing(database) == [("e1", DeliveryState.DEAD, 0, "its words are gone")]
    async with database.read() as session:
        assert (await session.scalars(select(OutboxEvent.payload))).one() == {}


async def test_pages_of_tellings(database: Database, clock: Turned, other: Receiver) -> None:
    crm = await made(database, other.url)
    await happened(database, clock, *(f"e{n}" for n in range(5)))
    async with database.read() as session:
        first = await delivery_page(session, crm.id, limit=3)
        rest = await delivery_page(session, crm.id, limit=3, cursor=first.cursor)
    assert [each.event_id for each in [*first.deliveries, *rest.deliveries]] == ["e4", "e3", "e2", "e1", "e0"]
    assert rest.cursor == ""
