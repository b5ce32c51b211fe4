"""Showing all that is kept about one customer, and erasing it."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from calls import CallStart, Direction, Journal
from calls.models import Call, Recording, TraceRow
from care.models import ContactReason
from centralino.lifetime import OnTheLineError, PersonalData, UnknownCustomerError
from customers import Customers, LineType
from customers.models import Customer, CustomerNumber
from customers.seed import code_of, id_of, landline_of, number_of
from dialer import NewContact, Suppression, enqueue, forbid_calls
from dialer.models import Attempt, AttemptState, Contact, ContactState, DoNotCall
from store import AuditEntry, Database, Event, emit
from store.outbox import OutboxEvent
from tests.lifetime.town import ANNA, BERTA, NAMES, ago, attempt, column, mentions, record_call, words_of
from values import CallId
from values.testing import EPOCH

pytestmark = pytest.mark.database


def _unrecognised(call: str, at: datetime) -> CallStart:
    return CallStart(CallId(call), Direction.INBOUND, at, "n", "t", number_of(ANNA), "0611")


TABLES = {
    "customers", "customer_numbers", "customer_lines", "customer_consents", "customer_invoices",
    "customer_orders", "customer_faults", "customer_contacts", "calls", "call_legs", "call_segments",
    "call_trace", "call_recordings", "contacts", "attempts", "refusals", "do_not_call",
    "turns", "exclusions", "register_entries", "holds",
    "care_contact_reasons", "care_callback_requests", "outbox_events", "audit",
    "queue_visits", "queue_events", "queue_call_backs", "talk_outcomes", "desk_drafts",
    "script_runs", "script_answers", "survey_answers", "survey_interviews", "text_messages",
    "business_events", "rule_decisions", "found_facts", "order_pins",
    "told_pins", "repair_checks", "outage_lines", "outage_faults", "traffic_alarms", "appointments",
}  # fmt: skip


async def test_a_customer_is_shown_whole(data: PersonalData) -> None:
    shown = await data.show(id_of(ANNA), by="mara")
    assert set(shown) == TABLES
    assert shown["customers"][0]["name"] == NAMES[ANNA]
    assert {row["call_id"] for row in shown["calls"]} == {f"in{ANNA}", f"unknown{ANNA}", f"abroad{ANNA}"}
    assert {table: len(shown[table]) for table in ("call_trace", "call_recordings", "call_legs")} == {
        "call_trace": 3, "call_recordings": 3, "call_legs": 3,
    }  # fmt: skip
    assert [row["event_id"] for row in sorted(shown["contacts"], key=lambda row: row["event_id"])] == [
        f"done{ANNA}", f"hand{ANNA}", f"waits{ANNA}",
    ]  # fmt: skip
    assert (len(shown["attempts"]), len(shown["refusals"]), len(shown["holds"])) == (2, 1, 1)
    assert (len(shown["text_messages"]), len(shown["appointments"])) == (2, 1)
    assert [row["hash"] for row in (*shown["order_pins"], *shown["told_pins"])] == ["•", "•"]
    assert len(shown["care_callback_requests"]) == len(shown["care_contact_reasons"]) == 2
    assert [row["kind"] for row in shown["outbox_events"]] == [
        "care.call_back_wanted", "care.call_back_wanted", "dialer.contact_done", "care.asked",
        "surveys.finished",
    ]  # fmt: skip


async def test_nobody_elses_data_and_no_code_are_shown(data: PersonalData) -> None:
    shown = str(await data.show(id_of(ANNA), by="mara"))
    assert code_of(ANNA) not in shown
    assert not any(word in shown for word in words_of(BERTA))


async def test_an_erased_customer_is_in_no_column_of_no_table(
    town: Database, data: PersonalData, tmp_path: Path
) -> None:
    assert len(await mentions(town, words_of(ANNA))) > 10
    berta = await mentions(town, words_of(BERTA))
    shown = await data.look(id_of(BERTA))
    (tmp_path / f"in{ANNA}-9-cut-short.wav").write_bytes(b"RIFF")  # she hung up: no row knows of it
    done = await data.erase(id_of(ANNA), by="mara")
    assert (done.rows["calls"], done.files) == (3, 4)
    assert await mentions(town, words_of(ANNA)) == {}
    assert await mentions(town, words_of(BERTA)) == berta
    assert await data.look(id_of(BERTA)) == shown
    files = sorted(file.name for file in tmp_path.glob("*.wav"))
    assert files == [f"{call}{BERTA}-4-message.wav" for call in ("abroad", "in", "unknown")]


async def test_only_the_audit_still_has_the_id(town: Database, data: PersonalData) -> None:
    await data.erase(id_of(ANNA), by="mara")
    assert set(await mentions(town, [id_of(ANNA)])) == {"audit.customer_id"}


async def test_the_audit_says_who_saw_and_who_erased(town: Database, data: PersonalData) -> None:
    await data.show(id_of(ANNA), by="mara")
    await data.erase(id_of(ANNA), by="nico")
    async with town.read() as session:
        lines = (await session.execute(select(AuditEntry).order_by(AuditEntry.seq))).scalars().all()
    assert [(line.by, line.what) for line in lines] == [
        ("mara", "shown"), ("nico", "erase.begun"), ("nico", "erased"),
    ]  # fmt: skip
    assert {(line.customer_id, line.at) for line in lines} == {(id_of(ANNA), EPOCH)}
    assert "calls=3" in lines[-1].about
    assert not any(word in line.about for line in lines for word in words_of(ANNA))


async def test_figures_and_steps_stay_without_the_person(town: Database, data: PersonalData) -> None:
    await data.erase(id_of(ANNA), by="mara")
    async with town.read() as session:
        call = await session.get_one(Call, f"in{ANNA}")
        step = await session.get_one(TraceRow, (f"in{ANNA}", 0))
    assert (call.outcome, call.caller, call.dialled, call.customer_id) == ("done", "", "", "")
    assert (step.path, step.how, step.keys, step.values) == ("main", "key", "", {})


async def test_she_is_not_called_again(town: Database, data: PersonalData) -> None:
    await data.erase(id_of(ANNA), by="mara")
    assert await column(town, Contact.event_id, Contact.state == ContactState.READY) == [f"waits{BERTA}"]
    assert await column(town, Contact.outcome, Contact.event_id == f"waits{ANNA}") == ["erased"]
    open_events = await column(town, OutboxEvent.seq, OutboxEvent.done_at.is_(None))
    assert len(open_events) == 5  # Berta's


async def test_her_wish_not_to_be_called_outlives_her_data(town: Database, data: PersonalData) -> None:
    async with town.write() as session:
        await forbid_calls(session, [number_of(ANNA)], Suppression.ALL, source="flow", at=EPOCH)
    assert len((await data.look(id_of(ANNA)))["do_not_call"]) == 1
    await data.erase(id_of(ANNA), by="mara")
    assert await column(town, DoNotCall.number) == [number_of(ANNA)]
    assert await mentions(town, words_of(ANNA)) == {"do_not_call.number": 1}


async def test_a_household_keeps_what_only_the_shared_number_tells(
    town: Database, data: PersonalData, tmp_path: Path
) -> None:
    """38 and 39 live together: an unrecognised call from their landline may be either's."""
    async with Journal(town, town.clock, tmp_path / "spill") as journal:
        for call, customer in (("hers", id_of(38)), ("his", id_of(39)), ("whose", "")):
            journal.call_started(
                CallStart(CallId(call), Direction.INBOUND, ago(days=1), "n", "t", landline_of(38), "0611",
                          customer_id=customer)
            )  # fmt: skip
    async with town.write() as session:
        new = NewContact(campaign="closure", event_id="e", customer_id=id_of(38), number=landline_of(38))
        (contact,) = await enqueue(session, [new], ago(days=1))
        session.add(attempt("a", contact, landline_of(38), ago(days=1)))
    async with town.write() as session:
        hung_up = update(Call).where(Call.call_id.in_(["hers", "his", "whose"])).values(state="ended")
        await session.execute(hung_up)
    with pytest.raises(UnknownCustomerError, match=f"{id_of(38)}, {id_of(39)}|{id_of(39)}, {id_of(38)}"):
        await data.find(landline_of(38))
    await data.erase(id_of(38), by="mara")
    assert await column(town, Call.call_id, Call.caller == landline_of(38)) == ["his", "whose"]
    # the caps of the one who stays go on counting
    assert await column(town, Attempt.id, Attempt.number == landline_of(38)) == ["a"]
    assert (await data.look(id_of(39)))["customer_numbers"]


async def test_a_number_is_its_former_owners_only_up_to_then(
    town: Database, data: PersonalData, tmp_path: Path
) -> None:
    async with town.write() as session:
        moved = update(CustomerNumber).where(CustomerNumber.number == number_of(ANNA))
        await session.execute(moved.values(valid_to=ago(days=10)))
        new = {"customer_id": id_of(20), "valid_from": ago(days=10), "valid_to": None}
        about = {"number": number_of(ANNA), "zone": "Europe/Rome", "line_type": LineType.MOBILE}
        session.add(CustomerNumber(**new, **about))
        told = {"number": number_of(ANNA)}
        await emit(session, [Event(kind="a.b", at=ago(days=days), payload=told) for days in (20, 5)])
    async with Journal(town, town.clock, tmp_path / "spill") as journal:
        for call, days in (("before", 20), ("after", 5)):
            journal.call_started(_unrecognised(call, ago(days=days)))
    assert await data.find(number_of(ANNA)) == id_of(20)
    await data.erase(id_of(ANNA), by="mara")
    assert await column(town, Call.call_id, Call.caller == number_of(ANNA)) == ["after"]
    async with town.read() as session:
        query = select(OutboxEvent.payload).where(OutboxEvent.kind == "a.b").order_by(OutboxEvent.at)
        said = (await session.scalars(query)).all()
    assert said == [{}, {"number": number_of(ANNA)}]


async def test_a_call_from_a_friends_telephone_stays_the_friends(
    town: Database, data: PersonalData, tmp_path: Path
) -> None:
    async with Journal(town, town.clock, tmp_path / "spill") as journal:
        record_call(journal, "friend", number_of(BERTA), id_of(BERTA), ANNA, tmp_path)
    assert len((await data.look(id_of(ANNA)))["call_trace"]) == 4
    await data.erase(id_of(ANNA), by="mara")
    assert await mentions(town, words_of(ANNA)) == {}
    assert await column(town, Call.caller, Call.call_id == "friend") == [number_of(BERTA)]
    assert await column(town, Recording.call_id, Recording.call_id == "friend") == ["friend"]


async def test_a_call_is_theirs_on_which_they_said_who_they_are(
    town: Database, data: PersonalData, tmp_path: Path
) -> None:
    async with Journal(town, town.clock, tmp_path / "spill") as journal:
        hotel = CallStart(CallId("hotel"), Direction.INBOUND, ago(days=1), "n", "t", "+4930123456", "0611")
        journal.call_started(hotel)
    async with town.write() as session:
        await session.execute(update(Call).where(Call.call_id == "hotel").values(state="ended"))
        session.add(ContactReason(call_id="hotel", reason="bill", customer_id=id_of(ANNA), at=ago(days=1)))
    await data.erase(id_of(ANNA), by="mara")
    assert await column(town, Call.caller, Call.call_id == "hotel") == [""]


async def test_what_a_court_wants_is_kept(town: Database, data: PersonalData, tmp_path: Path) -> None:
    async with town.write() as session:
        await session.execute(
            update(Recording).where(Recording.call_id == f"in{ANNA}").values(legal_hold=True)
        )
    done = await data.erase(id_of(ANNA), by="mara")
    (held,) = done.held
    assert Path(held).exists()
    assert done.files == 2
    assert await column(town, Recording.path, Recording.call_id.like(f"%{ANNA}")) == [held]


async def test_nobody_is_erased_in_mid_call(town: Database, data: PersonalData, tmp_path: Path) -> None:
    async with Journal(town, town.clock, tmp_path / "spill") as journal:
        journal.call_started(_unrecognised("now", ago(minutes=2)))
    with pytest.raises(OnTheLineError):
        await data.erase(id_of(ANNA), by="mara")
    assert await column(town, Customer.name, Customer.id == id_of(ANNA)) == [NAMES[ANNA]]
    async with town.write() as session:
        await session.execute(update(Call).where(Call.call_id == "now").values(state="ended"))
        ringing = update(Attempt).where(Attempt.number == number_of(ANNA))
        await session.execute(ringing.values(state=AttemptState.RINGING, committed=ago(minutes=1)))
    with pytest.raises(OnTheLineError):
        await data.erase(id_of(ANNA), by="mara")
    # an attempt that nobody ever finished does not stand in the way for ever
    async with town.write() as session:
        await session.execute(ringing.values(committed=ago(hours=7)))
    await data.erase(id_of(ANNA), by="mara")


async def test_a_broken_off_erasing_is_finished_by_the_next(
    town: Database, data: PersonalData, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:

        async def fails(*_: object) -> None:
            raise OSError

        broken.setattr("calls.lifetime.erase", fails)
        with pytest.raises(OSError):  # noqa: PT011  (it is our own)
            await data.erase(id_of(ANNA), by="mara")
    assert await data.find(number_of(ANNA)) == id_of(ANNA)
    await data.erase(id_of(ANNA), by="mara")
    assert await mentions(town, words_of(ANNA)) == {}
    with pytest.raises(UnknownCustomerError):
        await data.find(id_of(ANNA))


async def test_a_customer_is_found_by_id_and_by_number(data: PersonalData) -> None:
    assert await data.find(id_of(ANNA)) == id_of(ANNA)
    assert await data.find("329 0000007") == id_of(ANNA)
    for nobody in ("", "c9999999", "+393299999999"):
        with pytest.raises(UnknownCustomerError):
            await data.find(nobody)


async def test_what_another_room_still_knows_of_a_lost_customer_can_go(
    town: Database, data: PersonalData
) -> None:
    async with town.write() as session:
        await session.delete(await session.get_one(Customer, id_of(ANNA)))
    assert await data.find(id_of(ANNA)) == id_of(ANNA)
    await data.erase(id_of(ANNA), by="mara")
    assert set(await mentions(town, [id_of(ANNA)])) == {"audit.customer_id"}
    assert not await Customers(town).who_rings(number_of(ANNA))
