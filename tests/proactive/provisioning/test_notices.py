"""Days of connections and works: told, moved, taken back; and written to whom no call has reached."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from customers import OrderStatus
from customers.models import ContactHistory, Customer, CustomerNumber, LineType, Order
from customers.seed import id_of
from dialer.models import Contact
from messages.sms import TextMessage, TextState
from messages.sms.outcomes import finish
from tests.proactive.provisioning.conftest import WHO, Town
from values import from_json

pytestmark = pytest.mark.database
MORNING = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)


async def order(town: Town) -> Order:
    (found,) = [row for row in await town.all(Order) if row.id == "o-1"]
    return found


async def test_a_planned_connection_is_told_once_and_mirrored(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    (contact,) = await town.all(Contact)
    fields = {name: from_json(value) for name, value in contact.fields.items()}
    assert (contact.campaign, contact.customer_id) == ("line_notice", id_of(WHO))
    assert (fields["planned"], fields["moved"]) == (MORNING.date(), False)
    assert contact.expires == MORNING.replace(hour=11)  # noon in Rome, on the day itself
    mirrored = await order(town)
    assert (mirrored.kind, mirrored.status, mirrored.planned) == ("la", OrderStatus.PLANNED, MORNING.date())
    await town.tell("order.planned", kind="la", planned="2026-03-09")  # the same day under another id
    assert await town.contacts() == [("line_notice", "ready", "")]


async def test_works_are_told_with_their_hours(town: Town) -> None:
    hours = {"work_from": MORNING, "work_to": MORNING + timedelta(hours=3)}
    await town.tell("order.planned", kind="cdu", planned="2026-03-09", **hours)
    (contact,) = await town.all(Contact)
    assert contact.campaign == "works_notice"
    assert contact.fields["work_to"] == {"$time": "2026-03-09T12:00:00"}  # as clocks there show it
    await town.call_ends("no_answer")
    ((words, state),) = await town.texts()
    assert "il 9 marzo dalle 09:00 alle 12:00" in words
    assert state == "waiting"


async def test_hours_are_those_of_the_house_where_the_line_is(town: Town) -> None:
    async with town.db.write() as session:
        abroad = update(Customer).where(Customer.id == id_of(WHO))
        await session.execute(abroad.values(zone="America/New_York", language="en"))
    hours = {"work_from": MORNING + timedelta(hours=6), "work_to": MORNING + timedelta(hours=9)}
    await town.tell("order.planned", kind="cdu", planned="2026-03-09", **hours)
    (contact,) = await town.all(Contact)
    assert contact.fields["work_from"] == {"$time": "2026-03-09T10:00:00"}
    await town.call_ends("machine")
    ((words, _),) = await town.texts()
    assert "on 9 March from 10:00 to 13:00" in words


async def test_a_moved_day_replaces_the_call_about_the_one_before_and_says_so(town: Town) -> None:
    await town.tell("order.planned", kind="lna", planned="2026-03-09")
    await town.tell("order.moved", kind="lna", planned="2026-03-12")
    assert await town.contacts() == [("line_notice", "done", "replaced"), ("line_notice", "ready", "")]
    contact = (await town.all(Contact, Contact.created))[-1]
    assert from_json(contact.fields["moved"]) is True
    assert (await order(town)).planned == datetime(2026, 3, 12, tzinfo=UTC).date()
    await town.call_ends("hangup")
    ((words, _),) = await town.texts()  # none about the day that no longer holds
    assert "12 marzo" in words
    assert "cambiata" in words


async def test_a_day_that_moves_back_is_told_again(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    await town.call_ends("understood", goal=True)
    await town.tell("order.moved", kind="la", planned="2026-03-12")
    await town.call_ends("understood", goal=True)
    await town.tell("order.moved", kind="la", planned="2026-03-09")
    assert [outcome for _, _, outcome in await town.contacts()] == ["understood", "understood", ""]


async def test_a_day_that_moves_to_one_too_late_to_tell_and_back_is_told(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    today = town.clock.now().date()
    town.clock.instant = datetime.combine(today, time(15), UTC)
    await town.tell("order.moved", kind="la", planned=str(today))
    assert await town.contacts() == [("line_notice", "done", "replaced")]  # it is past noon: too late
    await town.tell("order.moved", kind="la", planned="2026-03-09")
    assert await town.contacts() == [("line_notice", "done", "replaced"), ("line_notice", "ready", "")]
    await town.call_ends("understood", goal=True)
    await town.tell("order.moved", kind="la", planned=str(today))
    await town.tell("order.moved", kind="la", planned="2026-03-09")  # which is what they know
    assert [outcome for _, _, outcome in await town.contacts()] == ["replaced", "understood"]


async def test_the_same_day_told_again_leaves_its_text_on_the_way(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    await town.call_ends("no_answer")
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    assert [state for _, state in await town.texts()] == ["waiting"]
    assert await town.contacts() == [("line_notice", "done", "no_answer")]


async def test_a_text_that_was_taken_back_for_a_day_too_late_to_tell_has_told_nobody(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    await town.call_ends("no_answer")
    today = town.clock.now().date()
    town.clock.instant = datetime.combine(today, time(15), UTC)
    await town.tell("order.moved", kind="la", planned=str(today))
    await town.tell("order.moved", kind="la", planned="2026-03-09")
    assert [outcome for _, _, outcome in await town.contacts()] == ["no_answer", ""]


async def test_a_second_round_counts_as_of_the_first_ones_day(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    await town.call_ends("no_answer")
    await read_nobody(town)
    await town.tell("order.planned", kind="la", planned="2026-03-09")  # once more the same
    assert [outcome for _, _, outcome in await town.contacts()] == ["no_answer", ""]
    today = town.clock.now().date()
    town.clock.instant = datetime.combine(today, time(15), UTC)
    await town.tell("order.moved", kind="la", planned=str(today))
    await town.tell("order.moved", kind="la", planned="2026-03-09")
    assert [outcome for _, _, outcome in await town.contacts()] == ["no_answer", "replaced", ""]


async def test_a_text_about_a_day_that_moved_in_the_night_never_goes(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    await town.call_ends("no_answer")
    await town.tell("order.moved", kind="la", planned="2026-03-12")
    assert [state for _, state in await town.texts()] == ["withdrawn"]


async def test_an_order_that_is_off_is_told_no_more(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    await town.tell("order.cancelled")
    assert await town.contacts() == [("line_notice", "done", "replaced")]
    assert (await order(town)).status is OrderStatus.CANCELLED
    assert await town.texts() == []
    await town.tell("order.moved", kind="la", planned="2026-03-12")
    assert (await town.last()).state.value == "refused"
    assert "is cancelled already" in (await town.last()).result["refused"]


async def test_moved_before_planned_waits_for_it(town: Town) -> None:
    await town.tell("order.moved", kind="la", planned="2026-03-12")
    assert (await town.last()).state.value == "parked"
    at = town.clock.now() - timedelta(hours=2)
    await town.tell("order.planned", kind="la", planned="2026-03-09", at=at)
    town.clock.move(60)
    await town.desk.worker.drain()
    assert (await order(town)).planned == datetime(2026, 3, 12, tzinfo=UTC).date()
    states = [state for _, state, _ in await town.contacts()]
    assert sorted(states) == ["done", "ready"]


@pytest.mark.parametrize("type", ["order.planned", "order.moved"])
async def test_a_word_that_comes_late_changes_nothing(town: Town, type: str) -> None:  # noqa: A002
    hour, now = timedelta(hours=1), town.clock.now()
    await town.tell("order.planned", kind="la", planned="2026-03-14", at=now - 10 * hour)
    await town.tell("order.moved", kind="la", planned="2026-03-24", at=now - hour)
    await town.call_ends("no_answer")
    await town.tell(type, kind="la", planned="2026-03-19", at=now - 5 * hour)
    assert "a later word on order o-1" in (await town.last()).result["refused"]
    assert (await order(town)).planned == datetime(2026, 3, 24, tzinfo=UTC).date()
    ((words, state),) = await town.texts()  # the one about the day that holds still goes
    assert "24 marzo" in words
    assert state == "waiting"
    assert [state for _, state, _ in await town.contacts()] == ["done", "done"]


async def test_a_late_word_is_not_told_where_the_same_day_was_confirmed_since(town: Town) -> None:
    hour, now = timedelta(hours=1), town.clock.now()
    await town.tell("order.planned", kind="la", planned="2026-03-14", at=now - 10 * hour)
    await town.tell("order.planned", kind="la", planned="2026-03-14", at=now - hour)
    await town.tell("order.moved", kind="la", planned="2026-03-19", at=now - 5 * hour)
    assert await town.contacts() == [("line_notice", "ready", "")]
    assert (await order(town)).planned == datetime(2026, 3, 14, tzinfo=UTC).date()


async def test_anothers_order_is_not_touched(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    await town.tell("order.moved", kind="la", planned="2026-03-12", customer=id_of(9))
    assert "another customer's" in (await town.last()).result["refused"]
    assert (await order(town)).customer_id == id_of(WHO)


@pytest.mark.parametrize(
    ("outcome", "goal", "written"),
    [
        ("understood", True, False),
        ("wrong_party", False, False),  # it may be theirs no longer
        ("silence", False, True),
        ("no_answer", False, True),
        ("expired", False, True),
        ("withdrawn", False, False),
    ],
)
async def test_whom_no_call_has_reached_is_written_to(
    town: Town, outcome: str, goal: bool, written: bool
) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    await town.call_ends(outcome, goal=goal)
    assert bool(await town.texts()) is written
    history = [(row.reason, row.outcome) for row in await town.all(ContactHistory) if row.call_id == ""]
    assert ("line_notice", outcome) in history


async def test_nobody_is_written_to_on_a_landline_or_after_the_day(town: Town) -> None:
    async with town.db.write() as session:
        theirs = CustomerNumber.customer_id == id_of(WHO)
        await session.execute(update(CustomerNumber).where(theirs).values(line_type=LineType.LANDLINE))
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    await town.call_ends("no_answer")
    assert await town.texts() == []
    again = (await town.all(Contact, Contact.created))[-1]
    assert again.event_id.startswith("again-")  # they are rung once more instead
    async with town.db.write() as session:
        await session.execute(update(CustomerNumber).where(theirs).values(line_type=LineType.MOBILE))
    await town.tell("order.moved", kind="la", planned="2026-03-12")
    town.clock.move(20 * 86_400)
    await town.call_ends("expired")
    assert await town.texts() == []


async def test_a_text_expires_with_its_day(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    await town.call_ends("no_answer")
    async with town.db.read() as session:
        text = await session.scalar(select(TextMessage))
    assert text is not None
    assert text.expires == MORNING.replace(hour=19)
    assert text.purpose == "service"


async def read_nobody(town: Town, state: TextState = TextState.UNDELIVERED) -> None:
    """The network could not bring the only text that waits to its telephone."""
    async with town.db.write() as session:
        waiting = (await session.scalars(select(TextMessage).where(TextMessage.done.is_(None)))).all()
        await finish(session, waiting, state, town.clock.now())
    await town.dispatcher.drain()


async def test_whom_neither_calls_nor_a_text_have_told_is_rung_once_more(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    await town.call_ends("no_answer")
    await read_nobody(town)
    first, again = await town.all(Contact, Contact.created)
    assert again.event_id == f"again-{first.event_id}"
    assert again.not_before == town.clock.now() + timedelta(hours=20)
    assert (again.expires, again.fields) == (first.expires, first.fields)
    await town.call_ends("no_answer")  # there is no third round, and no second text
    assert [outcome for _, _, outcome in await town.contacts()] == ["no_answer", "no_answer"]
    assert len(await town.texts()) == 1


async def test_a_text_that_arrived_is_enough(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    await town.call_ends("no_answer")
    await read_nobody(town, TextState.DELIVERED)
    assert await town.contacts() == [("line_notice", "done", "no_answer")]
    history = [(row.channel.value, row.reason, row.outcome) for row in await town.all(ContactHistory)]
    assert ("sms", "text_service", "delivered") in history


async def test_a_second_round_is_about_nothing_that_has_moved_since(town: Town) -> None:
    await town.tell("order.planned", kind="cdu", planned="2026-03-09")
    await town.call_ends("no_answer")
    await town.tell("order.moved", kind="cdu", planned="2026-03-12")
    async with town.db.write() as session:
        late = await session.scalar(select(TextMessage))
        assert late is not None
        await finish(session, [late], TextState.UNDELIVERED, town.clock.now())
    await town.dispatcher.drain()
    assert [state for _, state, _ in await town.contacts()] == ["done", "ready"]
    await town.call_ends("busy")
    await read_nobody(town, TextState.NOT_SENT)
    again = (await town.all(Contact, Contact.created))[-1]
    assert from_json(again.fields["planned"]) == datetime(2026, 3, 12, tzinfo=UTC).date()
    await town.tell("order.cancelled")
    assert [state for _, state, _ in await town.contacts()] == ["done"] * 3


async def test_an_activation_that_is_told_late_ends_the_calls_about_days_and_welcomes(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    at = town.clock.now() + timedelta(seconds=1)
    await town.tell("order.moved", kind="la", planned="2026-03-12")
    await town.tell("order.activated", at=at, activated=at)
    assert await town.contacts() == [
        ("line_notice", "done", "replaced"), ("line_notice", "done", "replaced"), ("welcome", "ready", ""),
    ]  # fmt: skip
    assert (await order(town)).status is OrderStatus.DONE


async def test_a_cancellation_that_is_told_late_takes_the_calls_about_days_back(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    at = town.clock.now() + timedelta(seconds=1)
    await town.tell("order.moved", kind="la", planned="2026-03-12")
    await town.tell("order.cancelled", at=at)
    assert {outcome for _, _, outcome in await town.contacts()} == {"replaced"}
    assert (await order(town)).status is OrderStatus.CANCELLED


async def test_a_text_nobody_has_read_calls_no_more_about_the_day_of_an_order_activated_since(
    town: Town,
) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    at = town.clock.now() - timedelta(seconds=1)
    await town.call_ends("no_answer")
    (text,) = await town.all(TextMessage)
    async with town.db.write() as session:
        (await session.get_one(TextMessage, text.id)).state = TextState.SENT
    await town.tell("order.activated", at=at, activated=at)
    async with town.db.write() as session:
        unread = await session.get_one(TextMessage, text.id)
        await finish(session, [unread], TextState.UNDELIVERED, town.clock.now())
    await town.dispatcher.drain()
    assert [campaign for campaign, _, _ in await town.contacts()] == ["line_notice", "welcome"]
