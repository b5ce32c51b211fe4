"""Visits: offered, confirmed, moved, called off; and no slot given to one customer too many."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from customers import trail_of
from customers.models import Customer
from customers.seed import id_of
from dialer.models import Contact
from ivr.actions import ActionContext, Actions
from proactive.appointments import CHANGED, Appointment, AppointmentSlot, AppointmentState, lifetime
from store import OutboxEvent
from tests.proactive.provisioning.conftest import WHO, Town, town
from values import CallId, CustomerId, Scalar, from_json
from values.testing import EPOCH

__all__ = ["town"]

pytestmark = pytest.mark.database
MONDAY = EPOCH.replace(day=9, hour=8)
"""Nine o'clock in Rome."""


def slot(days: int = 0, name: str | None = None, capacity: int = 1) -> dict[str, Any]:
    start = MONDAY + timedelta(days=days)
    shared = {"slot": name, "capacity": capacity} if name else {}
    return {"start": start, "end": start + timedelta(hours=2), **shared}


async def offer(town: Town, *slots: dict[str, Any], which: str = "v-1", who: int = WHO, **more: Any) -> None:
    words = {"kind": "installation", "until": MONDAY - timedelta(hours=12), **more}
    given = list(slots) or [slot(0), slot(1), slot(2)]
    await town.tell("appointment.offered", appointment=which, slots=given, customer=id_of(who), **words)


async def does(town: Town, what: str, which: str = "v-1", *, language: str = "it", **more: Any) -> Any:
    """A caller keys something, or the flow looks something up."""
    actions = Actions()
    town.processes.register(actions)
    ctx = ActionContext(CallId(f"call-{which}"), town.clock.now(), language, "")
    return dict(await actions[f"proactive.{what}"].function(ctx, appointment_id=which, **more))


async def visit(town: Town, which: str = "v-1") -> Appointment:
    (found,) = [row for row in await town.all(Appointment) if row.id == which]
    return found


async def told(town: Town) -> list[tuple[str, Scalar, str]]:
    rows = [row for row in await town.all(OutboxEvent, OutboxEvent.seq) if row.kind == CHANGED]
    return [(row.payload["state"], row.payload["start"], row.payload["by"]) for row in rows]


async def taken(town: Town) -> dict[str, int]:
    return {row.id: row.taken for row in await town.all(AppointmentSlot)}


async def test_an_offer_is_rung_about_until_its_time_is_over(town: Town) -> None:
    await offer(town)
    (contact,) = await town.all(Contact)
    assert (contact.campaign, contact.expires) == ("appointments", MONDAY - timedelta(hours=12))
    assert from_json(contact.fields["appointment_id"]) == "v-1"
    await offer(town, slot(5))
    assert await town.contacts() == [("appointments", "done", "replaced"), ("appointments", "ready", "")]


async def test_the_caller_hears_times_as_clocks_show_them_where_they_live(town: Town) -> None:
    await offer(town)
    heard = await does(town, "appointment")
    assert (heard["state"], heard["proposed"], heard["others"]) == ("offered", True, 2)
    assert heard["day"] == MONDAY.date()
    assert f"{heard['begins']:%H:%M}-{heard['ends']:%H:%M}" == "09:00-11:00"
    assert heard["some"] == (
        "Per martedì dieci marzo dalle nove alle undici prema 1. "
        "Per mercoledì undici marzo dalle nove alle undici prema 2."
    )
    russian = await does(town, "appointment", language="ru")
    assert russian["some"].startswith(
        "На вторник, десятое марта, с девяти часов до одиннадцати часов, нажмите 1."
    )
    async with town.db.write() as session:
        await session.execute(
            update(Customer).where(Customer.id == id_of(WHO)).values(zone="America/New_York")
        )
    abroad = await does(town, "appointment", language="en")
    assert f"{abroad['begins']:%H:%M}" == "04:00"


async def test_nine_times_can_be_offered_beside_the_proposed_one(town: Town) -> None:
    await offer(town, *(slot(day) for day in range(10)))
    heard = await does(town, "appointment", language="en")
    assert heard["others"] == 9
    assert all(len(heard[name]) < 400 for name in ("some", "more", "rest"))
    assert "press 9" in heard["rest"]
    assert (await does(town, "choose_slot", value="9"))["ok"]
    assert (await visit(town)).begins == MONDAY + timedelta(days=9)


async def test_confirming_twice_is_confirming_once(town: Town) -> None:
    await offer(town, slot(0, "monday", 3))
    assert (await does(town, "confirm_appointment"))["booked"]
    assert (await does(town, "confirm_appointment"))["booked"]
    found = await visit(town)
    assert (found.state, found.begins, found.by) == (AppointmentState.CONFIRMED, MONDAY, "customer")
    assert await told(town) == [("confirmed", MONDAY.isoformat(), "customer")]
    assert await taken(town) == {"monday": 1}


async def test_a_customer_who_moves_gives_the_first_time_back(town: Town) -> None:
    await offer(town, slot(0, "monday"), slot(1, "tuesday"))
    await does(town, "confirm_appointment")
    assert (await does(town, "choose_slot", value="1"))["ok"]
    assert await taken(town) == {"monday": 0, "tuesday": 1}
    assert (await visit(town)).state is AppointmentState.MOVED
    assert (await does(town, "cancel_appointment"))["cancelled"]
    assert await taken(town) == {"monday": 0, "tuesday": 0}
    assert [state for state, _, _ in await told(town)] == ["confirmed", "moved", "cancelled"]


@pytest.mark.parametrize("value", ["0", "3", "9", "x", ""])
async def test_keys_that_mean_no_time_book_nothing(town: Town, value: str) -> None:
    await offer(town)
    assert not (await does(town, "choose_slot", value=value))["ok"]
    assert (await visit(town)).state is AppointmentState.OFFERED


async def test_two_customers_never_get_one_slot(town: Town) -> None:
    for who in range(6):
        await offer(town, slot(0, "monday", 2), slot(1, "tuesday"), which=f"v-{who}", who=who)
    booked = await asyncio.gather(*(does(town, "confirm_appointment", f"v-{who}") for who in range(6)))
    assert sum(each["booked"] for each in booked) == 2
    assert await taken(town) == {"monday": 2, "tuesday": 0}
    left = [f"v-{who}" for who, each in enumerate(booked) if not each["booked"]]
    heard = await does(town, "appointment", left[0])
    assert (heard["proposed"], heard["others"]) == (False, 1)  # it is not even offered any more
    moved = await asyncio.gather(*(does(town, "choose_slot", each, value="1") for each in left))
    assert sum(each["ok"] for each in moved) == 1
    assert await taken(town) == {"monday": 2, "tuesday": 1}


async def test_what_another_system_sets_counts_and_stops_the_calls(town: Town) -> None:
    await offer(town, slot(0, "monday"), slot(1, "tuesday"))
    tuesday = slot(1)
    await town.tell("appointment.set", appointment="v-1", start=tuesday["start"], end=tuesday["end"])
    assert await town.contacts() == [("appointments", "done", "replaced")]
    assert (await visit(town)).state is AppointmentState.SET
    assert await taken(town) == {"monday": 0, "tuesday": 1}
    assert not (await does(town, "confirm_appointment"))["booked"]
    await town.tell("appointment.cancelled", appointment="v-1")
    assert await taken(town) == {"monday": 0, "tuesday": 0}


@pytest.mark.parametrize("how", ["appointment.set", "appointment.cancelled", "the customer's key"])
async def test_an_offer_that_comes_late_opens_no_visit_again(town: Town, how: str) -> None:
    await offer(town, slot(0, "monday"), slot(1, "tuesday"))
    late = town.clock.now() + timedelta(seconds=30)
    if how == "appointment.set":
        await town.tell(how, appointment="v-1", start=slot(0)["start"], end=slot(0)["end"])
    elif how == "appointment.cancelled":
        await town.tell(how, appointment="v-1")
    else:
        town.clock.move(60)
        assert (await does(town, "confirm_appointment"))["booked"]
        await town.call_ends("confirmed", goal=True)
    before = await visit(town)
    held, heard = await taken(town), await told(town)
    await offer(town, slot(2), at=late)
    assert "a later word on appointment v-1" in (await town.last()).result["refused"]
    after = await visit(town)
    assert (after.state, after.begins, after.slots) == (before.state, before.begins, before.slots)
    assert (await taken(town), await told(town)) == (held, heard)
    assert [state for _, state, _ in await town.contacts()] == ["done"]
    await offer(town, slot(2))  # a newer one does
    assert (await visit(town)).state is AppointmentState.OFFERED


@pytest.mark.parametrize("late", ["appointment.set", "appointment.cancelled"])
async def test_of_what_other_systems_settle_the_word_said_last_holds(town: Town, late: str) -> None:
    await offer(town, slot(0, "monday"), slot(1, "tuesday"))
    earlier = town.clock.now() + timedelta(seconds=30)
    await town.tell("appointment.set", appointment="v-1", start=slot(0)["start"], end=slot(0)["end"])
    more = {"start": slot(1)["start"], "end": slot(1)["end"]} if late == "appointment.set" else {}
    await town.tell(late, appointment="v-1", at=earlier, **more)
    found = await visit(town)
    assert (found.state, found.begins) == (AppointmentState.SET, MONDAY)
    assert await taken(town) == {"monday": 1, "tuesday": 0}


async def test_a_technician_who_falls_ill_while_the_customer_confirms_does_not_come(town: Town) -> None:
    await offer(town)
    ill = town.clock.now() + timedelta(seconds=30)
    town.clock.move(60)
    await does(town, "confirm_appointment")
    await town.tell("appointment.cancelled", appointment="v-1", at=ill)
    assert (await visit(town)).state is AppointmentState.CANCELLED


async def test_what_cannot_be_is_refused(town: Town) -> None:
    await town.tell("appointment.cancelled", appointment="v-1")
    assert (await town.last()).state.value == "parked"  # its offer may still come
    await offer(town, slot(-20), which="v-2")
    assert "past" in (await town.last()).result["refused"]
    await offer(town, which="v-3")
    await offer(town, which="v-3", who=9)
    assert "another customer's" in (await town.last()).result["refused"]


async def test_after_its_time_nothing_is_booked_any_more(town: Town) -> None:
    await offer(town)
    town.clock.instant = MONDAY - timedelta(hours=11)
    assert not (await does(town, "confirm_appointment"))["booked"]
    heard = await does(town, "appointment")
    assert (heard["proposed"], heard["others"]) == (False, 0)


@pytest.mark.parametrize(("outcome", "written"), [("no_answer", True), ("wrong_party", False)])
async def test_whom_no_call_has_reached_is_asked_to_call(town: Town, outcome: str, written: bool) -> None:
    await offer(town)
    await town.call_ends(outcome)
    texts = await town.texts()
    assert bool(texts) is written
    if written:
        assert "entro l'8 marzo alle 21:00" in texts[0][0]


async def test_nobody_is_asked_to_call_about_what_is_agreed(town: Town) -> None:
    await offer(town)
    await does(town, "confirm_appointment")
    await town.call_ends("hangup")
    assert await town.texts() == []


async def test_an_erased_customer_leaves_a_free_slot(town: Town) -> None:
    await offer(town, slot(0, "monday"))
    await does(town, "confirm_appointment")
    async with town.db.write() as session:
        trail = await trail_of(session, CustomerId(id_of(WHO)))
        assert len((await lifetime.show(session, trail))["appointments"]) == 1
        await lifetime.erase(session, trail)
    assert await taken(town) == {"monday": 0}
    assert await town.all(Appointment) == []
