"""The welcome and its PIN: few tries, locked after too many, and nowhere to be read."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Text, cast, select

from centralino.migrations.models import metadata
from customers.models import Order
from customers.seed import id_of
from dialer.models import Contact
from ivr.actions import ActionContext, Actions
from proactive.events import EVENT
from proactive.provisioning.models import OrderPin, ToldPin
from proactive.provisioning.pins import NewPin, check_pin, keep_pins
from store import AuditEntry
from tests.proactive.provisioning.conftest import WHO, Town
from values import BadInputError, CallId, from_json
from values.testing import EPOCH

pytestmark = pytest.mark.database
PIN = "482915"


async def key(town: Town, pin: str, *, call: str = "c1", order: str = "o-1") -> bool:
    """A caller keys it."""
    actions = Actions()
    town.processes.register(actions)
    ctx = ActionContext(CallId(call), town.clock.now(), "it", "+393290000003")
    answer = await actions["proactive.check_pin"].function(ctx, value=pin, order_id=order)
    return bool(answer["ok"])


async def may_key(town: Town) -> bool:
    actions = Actions()
    town.processes.register(actions)
    ctx = ActionContext(CallId("c"), town.clock.now(), "it", "")
    return bool((await actions["proactive.pin_open"].function(ctx, order_id="o-1"))["pin_open"])


async def activate(town: Town, **more: Any) -> None:
    await town.tell("order.activated", activated=town.clock.now(), **more)


async def test_an_activation_is_welcomed_once_with_what_the_flow_needs(town: Town) -> None:
    await town.tell("order.planned", kind="la", planned="2026-03-09")
    await activate(town, pin=PIN)
    assert await town.contacts() == [("line_notice", "done", "replaced"), ("welcome", "ready", "")]
    contact = (await town.all(Contact, Contact.created))[-1]
    fields = {name: from_json(value) for name, value in contact.fields.items()}
    assert fields["has_pin"] is True
    assert fields["order_id"] == "o-1"
    assert fields["toll_free"] == "0611"
    await activate(town)
    assert "is activated already" in (await town.last()).result["refused"]
    await town.call_ends("no_answer")
    assert "Le diamo il benvenuto in Centralino" in (await town.texts())[0][0]


async def test_nobody_is_welcomed_more_than_a_fortnight_after_the_line_began_to_work(town: Town) -> None:
    await town.tell("order.activated", activated=town.clock.now() - timedelta(days=15))
    assert await town.contacts() == []
    (rule,) = (await town.last()).result["rules"]
    assert (rule["rule"], rule["result"]) == ("welcome", "late")
    await town.tell("order.activated", order="o-2", activated=EPOCH - timedelta(days=13))
    (contact,) = await town.all(Contact)
    assert contact.expires == EPOCH + timedelta(days=1)  # fourteen after it


async def test_works_that_are_done_early_are_told_no_more_and_are_no_reason_to_welcome(town: Town) -> None:
    await town.tell("order.planned", kind="cdu", planned="2026-03-09")
    await activate(town)
    assert await town.contacts() == [("works_notice", "done", "replaced")]
    assert (await town.last()).result["rules"][0]["rule"] == "works_over"


async def test_an_activation_without_a_plan_before_it_is_welcomed_without_a_pin(town: Town) -> None:
    await activate(town)
    (contact,) = await town.all(Contact)
    assert from_json(contact.fields["has_pin"]) is False
    assert not await may_key(town)
    assert {row.id for row in await town.all(Order)} >= {"o-1"}


async def test_the_pin_is_in_no_column_of_no_table(town: Town) -> None:
    await activate(town, pin=PIN)
    assert await key(town, PIN)
    await key(town, PIN[:-1] + "0", call="c2")
    async with town.db.read() as session:
        for table in metadata().sorted_tables:
            for column in table.columns:
                said = cast(column, Text).contains(PIN)
                assert (await session.execute(select(column).where(said))).all() == [], column


async def test_three_tries_a_call_and_not_one_more(town: Town) -> None:
    await activate(town, pin=PIN)
    assert [await key(town, pin) for pin in ("1111", "2222", "3333")] == [False] * 3
    assert not await key(town, PIN)  # right, but one too many
    assert await key(town, PIN, call="c2")
    assert await key(town, PIN, call="c2")  # rightly keyed tries count as tries of the call alone
    (kept,) = await town.all(OrderPin)
    assert (kept.failures, kept.used) == (0, town.clock.now())


async def test_five_wrong_ones_over_calls_lock_it_for_a_day_and_the_audit_says_so(town: Town) -> None:
    await activate(town, pin=PIN)
    for number in range(5):
        assert not await key(town, "0000", call=f"c{number}")
    assert not await may_key(town)
    assert not await key(town, PIN, call="c9")
    (note,) = [row for row in await town.all(AuditEntry) if row.what == "pin.locked"]
    assert (note.customer_id, note.about) == (id_of(WHO), "o-1")
    town.clock.move(86_400 - 1)
    assert not await key(town, PIN, call="c10")
    town.clock.move(2)
    assert await may_key(town)
    assert await key(town, PIN, call="c11")


async def test_a_last_try_that_is_cut_off_locks_for_a_day_and_not_for_ever(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await activate(town, pin=PIN)
    for number in range(4):
        await key(town, "0000", call=f"c{number}")

    def gone(kept: str, given: str) -> bool:
        raise ConnectionAbortedError

    with monkeypatch.context() as cut:
        cut.setattr("proactive.provisioning.pins._matches", gone)  # the process ends while it compares
        with pytest.raises(ConnectionAbortedError):
            await key(town, "0000", call="c5")
    assert not await may_key(town)
    assert not await key(town, PIN, call="c6")
    town.clock.move(86_401)
    assert await may_key(town)
    for number in range(4):  # and the tries begin anew
        assert not await key(town, "0000", call=f"d{number}")
    assert await key(town, PIN, call="d5")
    assert await may_key(town)  # right at the last try, it is not locked


async def test_guessing_on_many_lines_at_once_gets_no_more_tries(town: Town) -> None:
    await activate(town, pin=PIN)
    guesses = [key(town, f"{number:04d}", call=f"c{number}") for number in range(12)]
    assert not any(await asyncio.gather(*guesses))
    (kept,) = await town.all(OrderPin)
    assert kept.failures == 5
    assert kept.locked_until is not None


async def test_a_pin_of_one_order_opens_no_other(town: Town) -> None:
    async with town.db.write() as session:
        await keep_pins(session, [NewPin("o-1", PIN), NewPin("o-2", "1234"), NewPin("o-3", PIN)], EPOCH)
    hashes = {row.order_id: row.hash for row in await town.all(OrderPin)}
    assert hashes["o-1"] != hashes["o-3"]
    assert not await key(town, "1234")
    assert not await key(town, PIN, order="o-9")
    assert await key(town, PIN, call="c2")


async def test_a_new_pin_unlocks(town: Town) -> None:
    await activate(town, pin=PIN)
    for number in range(5):
        await key(town, "0000", call=f"c{number}")
    async with town.db.write() as session:
        await keep_pins(session, [NewPin("o-1", "9753", id_of(WHO))], town.clock.now())
    assert await key(town, "9753", call="c9")


async def test_an_event_told_again_changes_no_pin(town: Town) -> None:
    at = town.clock.now()
    await town.tell("order.activated", id="a1", at=at, activated=at, pin=PIN)
    taken = await town.tell("order.activated", id="a1", at=at, activated=at, pin="0000")
    assert taken.repeated == ["a1"]
    assert await key(town, PIN)


@pytest.mark.parametrize(("why", "who"), [("is activated already", WHO), ("is another customer's", 9)])
async def test_an_activation_that_is_refused_neither_changes_nor_unlocks_a_pin(
    town: Town, why: str, who: int
) -> None:
    await activate(town, pin=PIN)
    for number in range(5):
        await key(town, "0000", call=f"c{number}")
    await activate(town, pin="9753", customer=id_of(who))
    assert why in (await town.last()).result["refused"]
    assert not await may_key(town)
    town.clock.move(86_401)
    assert not await key(town, "9753", call="c8")
    assert await key(town, PIN, call="c9")
    assert await town.all(ToldPin) == []


async def test_a_pin_holds_from_when_its_activation_is_worked(town: Town) -> None:
    at = town.clock.now()
    event = {"id": "a1", "type": "order.activated", "at": at, "customer": id_of(WHO), "activated": at}
    async with town.db.write() as session:
        read = EVENT.validate_python({**event, "order": "o-1", "pin": PIN}, strict=False)
        await town.desk.intake.take(session, [read], at)
    assert not await may_key(town)
    await town.desk.worker.drain()
    assert await key(town, PIN)
    assert await town.all(ToldPin) == []


async def test_a_pin_is_sealed_before_the_database_is_held(town: Town) -> None:
    at = town.clock.now()
    told = {"type": "order.activated", "at": at, "customer": id_of(WHO), "activated": at}
    events = [
        EVENT.validate_python({"id": f"a{number}", "order": f"o-{number}", "pin": PIN, **told}, strict=False)
        for number in range(3)
    ]
    sealed = await town.desk.intake.prepare(events)
    assert all(getattr(each, "pin").get_secret_value().startswith("$argon2id$") for each in sealed)  # noqa: B009
    async with town.db.write() as session:
        taken = await town.desk.intake.take(session, sealed, at)
    assert len(taken.accepted) == 3
    await town.desk.worker.drain()
    assert await key(town, PIN, order="o-2")
    assert not await key(town, "0000", order="o-1", call="c2")


@pytest.mark.parametrize("pin", ["123", "123456789", "12a4", "１２３４", ""])
def test_what_cannot_be_keyed_is_refused_without_being_repeated(pin: str) -> None:
    with pytest.raises(BadInputError) as told:
        check_pin(pin)
    event = {
        "id": "a",
        "type": "order.activated",
        "at": EPOCH,
        "customer": "c",
        "order": "o",
        "activated": EPOCH,
    }
    with pytest.raises(ValidationError) as refused:
        EVENT.validate_python({**event, "pin": pin}, strict=False)
    if pin:
        assert pin not in str(told.value)
        assert pin not in str(refused.value)
