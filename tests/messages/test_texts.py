"""Texts: each sent once, when it may go, through Twilio's own package; and heard of afterwards."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from centralino.rooms import Rooms
from centralino.settings import Settings
from centralino.texting import TextGate
from customers.models import Channel, Consent
from customers.seed import id_of, landline_of, number_of, seed
from dialer import Suppression, forbid_calls
from dialer.holds import hold
from dialer.models import HoldReason
from messages import lifetime
from messages.sms import (
    TEXT_DONE,
    Status,
    Text,
    TextMessage,
    TextPost,
    TextState,
    TwilioCarrier,
    TwilioSettings,
    queue_texts,
    take_status,
    withdraw_texts,
)
from messages.sms.due import by_turn, due_texts
from store import OutboxEvent
from store.lifetime import apply
from tests.messages.twilio_office import CALLBACK, Office, office
from values import BadInputError, new_id
from values.testing import FixedClock

pytestmark = pytest.mark.database
NOON = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
"""A Wednesday, noon in Rome."""
NIGHT = NOON.replace(hour=22)


@pytest.fixture
async def twilio() -> AsyncIterator[Office]:
    async with office() as made:
        yield made


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
async def rooms(database_url: str, tmp_path: Any, clock: FixedClock) -> AsyncIterator[Rooms]:
    settings = Settings(home=tmp_path, database_url=database_url, city="off")
    async with Rooms.open(settings, clock) as rooms:
        async with rooms.db.write() as session:
            await seed(session, 20)
        yield rooms


class Desk:
    """The post of texts with everything about it."""

    def __init__(self, rooms: Rooms, clock: FixedClock, settings: TwilioSettings) -> None:
        self.rooms, self.db, self.clock, self.settings = rooms, rooms.db, clock, settings

    async def writes(self, *texts: Text) -> None:
        async with self.db.write() as session:
            await queue_texts(session, texts, self.clock.now())

    async def works(self, *, seconds: float = 5.0) -> int:
        """Until nothing is due."""
        async with TwilioCarrier(self.settings, seconds=seconds) as carrier:
            post = TextPost(self.db, self.clock, carrier, TextGate(self.rooms, "it").may_text, price=0.0742)
            total = 0
            while done := await post.round():
                total += done
            return total

    async def text(self, which: str = "t1") -> TextMessage:
        async with self.db.read() as session:
            return await session.get_one(TextMessage, which)

    async def state(self, which: str = "t1") -> str:
        return (await self.text(which)).state.value

    async def says(self, status: Status, which: str = "t1") -> bool:
        async with self.db.write() as session:
            return await take_status(session, which, status, self.clock.now())

    async def told(self) -> Sequence[Any]:
        async with self.db.read() as session:
            found = await session.scalars(
                select(OutboxEvent).where(OutboxEvent.kind == TEXT_DONE).order_by(OutboxEvent.seq)
            )
            return [(row.payload["id"], row.payload["state"], row.payload["about"]) for row in found]


@pytest.fixture
def desk(rooms: Rooms, clock: FixedClock, twilio: Office) -> Desk:
    return Desk(rooms, clock, twilio.settings())


def text(which: str = "t1", who: int = 7, **more: Any) -> Text:
    words = {
        "to": number_of(who), "words": "La linea sarà collegata il 9 marzo.", "purpose": "service",
        "customer_id": id_of(who), "about": "c-1", "zone": "Europe/Rome",
    }  # fmt: skip
    return Text(id=which, **words | more)


async def test_a_text_goes_once_with_its_words_and_the_network_says_that_it_arrived(
    desk: Desk, twilio: Office
) -> None:
    await desk.writes(text(), text())
    await desk.writes(text(words="The same id says something else"))
    assert await desk.works() == 1
    (sent,) = twilio.texts
    assert sent["To"] == number_of(7)
    assert sent["Body"] == "La linea sarà collegata il 9 marzo."
    assert sent["From"] == "+390650000611"
    assert sent["StatusCallback"] == f"{CALLBACK}/api/v1/texts/status?text=t1"
    assert await desk.state() == "sent"
    assert await desk.told() == []  # the network has not said so yet
    row = await desk.text()
    assert await desk.says(Status(row.sid, TextState.DELIVERED))
    assert not await desk.says(Status(row.sid, TextState.DELIVERED))  # twice
    assert await desk.told() == [("t1", "delivered", "c-1")]
    assert (row.segments, row.cost_micros) == (1, 74_200)


async def test_what_is_due_is_found_by_its_small_index_however_many_are_kept(desk: Desk) -> None:
    await desk.writes(text())
    async with desk.db.write() as session:
        connection = await session.connection()
        sqlite = connection.dialect.name == "sqlite"
        if not sqlite:  # it would read a table of one row as a whole
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        asked: list[tuple[str, Any]] = []

        def hear(_: Any, cursor: Any, words: str, given: Any, *more: Any) -> None:
            asked.append((words, given))

        event.listen(connection.sync_connection, "before_cursor_execute", hear)
        await session.execute(due_texts(NOON).with_only_columns(TextMessage.id).limit(1))
        await session.execute(by_turn(NOON, 50))
        for words, given in tuple(asked):
            how = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
            plan = (await connection.exec_driver_sql(f"{how} {words}", given)).all()
            assert any("ix_text_messages_due" in str(row) for row in plan), plan


async def test_without_an_account_nobody_is_texted_and_the_writer_hears_so(
    rooms: Rooms, clock: FixedClock
) -> None:
    desk = Desk(rooms, clock, TwilioSettings())
    await desk.writes(text())
    await desk.works()
    assert await desk.state() == "not_sent"
    assert "twilio_account" in (await desk.text()).why
    assert await desk.told() == [("t1", "not_sent", "c-1")]


async def test_quiet_hours_hold_for_texts_and_one_whose_time_is_over_stays_here(
    desk: Desk, clock: FixedClock, twilio: Office
) -> None:
    clock.instant = NIGHT
    await desk.writes(text("t1"), text("t2", expires=NIGHT + timedelta(hours=3)))
    await desk.works()
    assert twilio.texts == []
    row = await desk.text()
    assert row.next_at == NOON.replace(day=5, hour=7)  # eight o'clock in Rome
    assert "outside the hours" in row.why
    assert await desk.state("t2") == "expired"  # it would puzzle tomorrow
    clock.instant = row.next_at
    await desk.works()
    assert await desk.state("t1") == "sent"


async def test_wishes_not_to_be_contacted_hold_by_purpose(desk: Desk, twilio: Office) -> None:
    async with desk.db.write() as session:
        for who, what in (
            (1, Suppression.MARKETING),
            (2, Suppression.ALL),
            (3, Suppression.ALL),
            (4, Suppression.NOT_THEIRS),
        ):
            await forbid_calls(session, [number_of(who)], what, source="test", at=NOON)
        refusal = {"given_at": None, "withdrawn_at": NOON, "source": "web", "channel": Channel.SMS}
        session.add(Consent(id=new_id("k"), customer_id=id_of(5), purpose="service", **refusal))
        await hold(
            session, id_of(6), Suppression.SERVICE, HoldReason.COMPLAINT,
            until=NOON + timedelta(days=9), source="test", at=NOON,
        )  # fmt: skip
    await desk.writes(
        text("no offers", 1),
        text("no calls", 2),
        text("a notice all the same", 3, purpose="mandatory_notice"),
        text("somebody else", 4, purpose="mandatory_notice"),
        text("no texts", 5),
        text("held", 6),
        text("a landline", to=landline_of(8)),
        text("an offer without consent", 9, purpose="marketing", customer_id="nobody"),
    )
    await desk.works()
    async with desk.db.read() as session:
        found = {row.id: row for row in await session.scalars(select(TextMessage))}
    assert {which: row.state.value for which, row in found.items()} == {
        "no offers": "sent",
        "no calls": "forbidden",
        "a notice all the same": "sent",
        "somebody else": "forbidden",
        "no texts": "forbidden",
        "held": "expired",
        "a landline": "forbidden",
        "an offer without consent": "forbidden",
    }
    assert "not_theirs" in found["somebody else"].why
    assert "no texts" in found["no texts"].why
    assert {each["To"] for each in twilio.texts} == {number_of(1), number_of(3)}


async def test_a_busy_carrier_is_tried_again_with_patience_and_a_refusal_is_final(
    desk: Desk, clock: FixedClock, twilio: Office
) -> None:
    twilio.answers = [(429, 20429), (503, 20503)]
    await desk.writes(text())
    await desk.works()
    assert await desk.state() == "waiting"
    clock.move(12)
    await desk.works()
    clock.move(80)
    await desk.works()
    assert await desk.state() == "sent"
    assert len(twilio.texts) == 3
    twilio.answers = [(400, 21211)]
    await desk.writes(text("t2"))
    await desk.works()
    row = await desk.text("t2")
    assert (row.state, row.code) == (TextState.REFUSED, "21211")
    assert number_of(7) not in row.why  # the carrier's own words name it


async def test_each_text_whose_time_is_over_says_what_kept_itself_waiting(
    desk: Desk, clock: FixedClock, twilio: Office
) -> None:
    twilio.answers = [(503, 20503)]
    over = NOON + timedelta(hours=1)
    await desk.writes(text("t1", expires=over))
    await desk.works()
    await desk.writes(text("t2", expires=over))
    clock.instant = over
    await desk.works()
    first, second = await desk.text("t1"), await desk.text("t2")
    assert (first.state, second.state) == (TextState.EXPIRED, TextState.EXPIRED)
    assert (first.code, second.code) == ("20503", "")
    assert first.why
    assert not second.why


async def test_a_wrong_token_loses_no_text(desk: Desk, clock: FixedClock, twilio: Office) -> None:
    wrong = Desk(desk.rooms, clock, TwilioSettings(
        account=desk.settings.account, token="wrong", sender="Centralino", address=twilio.url
    ))  # fmt: skip
    await wrong.writes(text())
    await wrong.works()
    row = await desk.text()
    assert row.state is TextState.WAITING
    assert "does not let us in" in row.why
    clock.move(15)
    await desk.works()
    assert await desk.state() == "sent"


async def test_nobody_answers_and_the_text_waits(desk: Desk, clock: FixedClock) -> None:
    away = Desk(desk.rooms, clock, TwilioSettings(
        account=desk.settings.account, token="t", sender="MG" + "1" * 32, address="http://127.0.0.1:9"
    ))  # fmt: skip
    await away.writes(text())
    await away.works()
    assert await desk.state() == "waiting"


async def test_what_broke_off_while_it_was_handed_over_is_never_sent_again(
    desk: Desk, clock: FixedClock, twilio: Office
) -> None:
    twilio.breaks_off = True
    await desk.writes(text())
    await desk.works()
    clock.move(7200)
    await desk.works()
    assert len(twilio.texts) == 1
    assert await desk.state() == "unsure"
    assert await desk.says(Status("SM1", TextState.DELIVERED))  # the network knows better
    assert [state for _, state, _ in await desk.told()] == ["unsure", "delivered"]


async def test_a_core_that_died_while_handing_over_sends_it_to_nobody_twice(
    desk: Desk, clock: FixedClock, twilio: Office
) -> None:
    twilio.holding = asyncio.Event()
    await desk.writes(text())
    dying = asyncio.get_running_loop().create_task(desk.works())
    await twilio.came.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    twilio.holding.set()
    twilio.holding = None
    assert await desk.works() == 0  # still within its time
    clock.move(200)
    await desk.works()
    assert len(twilio.texts) == 1
    assert await desk.state() == "unsure"


async def test_word_may_be_here_before_the_answer(desk: Desk, twilio: Office) -> None:
    twilio.holding = asyncio.Event()
    await desk.writes(text())
    working = asyncio.get_running_loop().create_task(desk.works())
    await twilio.came.wait()
    assert await desk.says(Status("SM" + "0" * 31 + "1", TextState.DELIVERED))
    twilio.holding.set()
    await working
    assert await desk.state() == "delivered"
    assert [state for _, state, _ in await desk.told()] == ["delivered"]


async def test_silence_of_the_network_is_not_waited_for_for_ever(
    desk: Desk, clock: FixedClock, twilio: Office
) -> None:
    await desk.writes(text())
    await desk.works()
    clock.move(73 * 3600)
    await desk.works()
    await desk.works()
    assert await desk.told() == [("t1", "sent", "c-1")]
    quiet = Desk(desk.rooms, clock, twilio.settings(callback=""))
    await quiet.writes(text("t2"))
    await quiet.works()
    assert await desk.told() == [("t1", "sent", "c-1"), ("t2", "sent", "c-1")]
    assert "StatusCallback" not in twilio.texts[-1]


async def test_a_text_whose_reason_has_gone_is_withdrawn(desk: Desk, twilio: Office) -> None:
    await desk.writes(text("t1", not_before=NOON + timedelta(hours=1)), text("t2"))
    async with desk.db.write() as session:
        assert await withdraw_texts(session, ["t1", "none"], "moved", NOON) == ["t1"]
    await desk.works()
    assert len(twilio.texts) == 1
    assert ("t1", "withdrawn", "c-1") in await desk.told()


async def test_a_text_says_something_and_not_too_much(desk: Desk) -> None:
    for words in ("  ", "a" * 1601):
        with pytest.raises(BadInputError, match="words"):
            await desk.writes(text(words=words))


async def test_texts_lose_their_words_after_half_a_year(desk: Desk) -> None:
    await desk.writes(text())
    await desk.works()
    async with desk.db.write() as session:
        await apply(session, lifetime.rules(NOON + timedelta(days=184)))
    row = await desk.text()
    assert (row.number, row.words, row.state.value) == ("", "", "sent")
    async with desk.db.write() as session:
        await apply(session, lifetime.rules(NOON + timedelta(days=732)))
    async with desk.db.read() as session:
        assert (await session.scalars(select(TextMessage))).all() == []
