"""A call that was ringing could not be taken back: what follows it tells no day that no longer holds."""

from datetime import UTC, datetime, time

import pytest
from sqlalchemy import select, update

from dialer.contacts import Closing, close
from dialer.models import Contact, ContactState
from messages.sms import TextMessage, TextState
from messages.sms.outcomes import finish
from tests.proactive.provisioning.conftest import Town

pytestmark = pytest.mark.database


async def rings(town: Town) -> str:
    """The only contact that waits is being called; its id."""
    async with town.db.write() as session:
        ready = select(Contact.id).where(Contact.state == ContactState.READY)
        (found,) = (await session.scalars(ready)).all()
        being = update(Contact).where(Contact.id == found)
        await session.execute(being.values(state=ContactState.CALLING))
    return found


async def nobody_answers(town: Town, contact_id: str) -> None:
    async with town.db.write() as session:
        contact = await session.get_one(Contact, contact_id)
        await close(session, [Closing(contact, "no_answer")], town.clock.now())
    await town.dispatcher.drain()


def afternoon(town: Town) -> str:
    """It is too late to ring about this very day; the day."""
    today = town.clock.now().date()
    town.clock.instant = datetime.combine(today, time(15), UTC)
    return str(today)


async def test_a_day_that_moved_while_the_call_was_ringing_is_written_to_nobody(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    ringing = await rings(town)
    await town.tell("order.moved", kind="la", planned="2026-03-12")
    await nobody_answers(town, ringing)
    assert await town.texts() == []
    assert await town.contacts() == [("line_notice", "done", "no_answer"), ("line_notice", "ready", "")]
    await town.call_ends("no_answer")
    ((words, _),) = await town.texts()
    assert "12 marzo" in words


async def test_an_order_that_was_called_off_while_the_call_was_ringing_is_written_to_nobody(
    town: Town,
) -> None:
    await town.tell("order.planned", kind="cdu", planned="2026-03-09")
    ringing = await rings(town)
    await town.tell("order.cancelled")
    await nobody_answers(town, ringing)
    assert await town.texts() == []
    assert await town.contacts() == [("works_notice", "done", "no_answer")]


async def test_a_line_that_works_by_the_end_of_the_ringing_is_welcomed_and_no_day_written(
    town: Town,
) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    ringing = await rings(town)
    now = town.clock.now()  # said before the plan came, and told after
    await town.tell("order.activated", at=now, activated=now)
    await nobody_answers(town, ringing)
    assert await town.texts() == []
    assert await town.contacts() == [("line_notice", "done", "no_answer"), ("welcome", "ready", "")]


async def test_a_day_that_moved_to_one_too_late_to_ring_about_is_another_day_too(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    ringing = await rings(town)
    await town.tell("order.moved", kind="la", planned=afternoon(town))
    await nobody_answers(town, ringing)
    assert await town.texts() == []
    assert await town.contacts() == [("line_notice", "done", "no_answer")]  # and no second round


async def test_the_same_day_said_again_while_the_call_was_ringing_is_written(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    ringing = await rings(town)
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    await nobody_answers(town, ringing)
    ((words, state),) = await town.texts()
    assert "9 marzo" in words
    assert state == "waiting"


async def test_who_has_not_read_of_a_day_is_not_rung_about_it_once_it_is_another(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    await town.call_ends("no_answer")
    (text,) = await town.all(TextMessage)
    async with town.db.write() as session:
        (await session.get_one(TextMessage, text.id)).state = TextState.SENT
    await town.tell("order.moved", kind="la", planned=afternoon(town))
    async with town.db.write() as session:
        unread = await session.get_one(TextMessage, text.id)
        await finish(session, [unread], TextState.UNDELIVERED, town.clock.now())
    await town.dispatcher.drain()
    assert await town.contacts() == [("line_notice", "done", "no_answer")]
