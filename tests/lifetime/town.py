"""Two customers of whom every room knows something, and ways to look for what is left of one."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Text as SqlText
from sqlalchemy import cast, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from calls import (
    CallEnd,
    CallStart,
    Direction,
    Journal,
    LineQuality,
    RecordingMade,
    Segment,
    SegmentKind,
    TraceStep,
)
from care import CareDesk
from centralino.migrations.models import metadata
from customers import Customers
from customers.models import Customer
from customers.seed import code_of, id_of, number_of, seed
from dialer import CampaignPlan, Gate, NewContact, Purpose, Suppression, enqueue, load_profiles, set_up
from dialer.gate import Reason
from dialer.holds import hold
from dialer.models import Attempt, AttemptState, Contact, ContactState, HoldReason, Refusal
from ivr import Actions
from ivr.actions import ActionContext
from messages.sms import Text, queue_texts
from proactive.appointments import Appointment, AppointmentState
from proactive.provisioning.models import ToldPin
from proactive.provisioning.pins import NewPin, keep_pins
from store import Database, Event, emit, insert_missing
from surveys.interviews import Beginning, Given, Invitation, begin, finish, invite
from surveys.models import Occasion, Survey
from values import CallId, Money, Scalar
from values.testing import EPOCH

ANNA, BERTA = 7, 8
NAMES = {ANNA: "Anna Quattrocchi", BERTA: "Berta Cinquepalmi"}


def ago(**units: float) -> datetime:
    return EPOCH - timedelta(**units)


async def populate(db: Database, recordings: Path) -> None:
    async with db.write() as session:
        await seed(session, 60)
        for who, name in NAMES.items():
            await session.execute(update(Customer).where(Customer.id == id_of(who)).values(name=name))
        plan = CampaignPlan(
            name="closure",
            title="Closure",
            flow="f",
            purpose=Purpose.SERVICE,
            profile="none",
            caller_id="+390650000611",
        )
        await set_up(session, Gate(load_profiles(), country="IT"), plan)
    for who in NAMES:
        await _called_in(db, who, recordings)
        await _was_called(db, who)
        await _was_asked(db, who)


async def _called_in(db: Database, who: int, recordings: Path) -> None:
    """A call by the known number, one that nobody recognised, and one from a stranger's telephone."""
    journal = Journal(db, db.clock, recordings / "spill")
    async with journal:
        for call, caller, customer in (
            (f"in{who}", number_of(who), id_of(who)),
            (f"unknown{who}", number_of(who), ""),
            (f"abroad{who}", "+4915112345678", ""),
        ):
            record_call(journal, call, caller, customer, who, recordings)
    desk = CareDesk(db, Customers(db), country="IT")
    actions = Actions()
    desk.register(actions)
    for call in (f"in{who}", f"abroad{who}"):
        ctx = _context(call, who)
        await desk.save_reason(ctx, "billing", id_of(who))
        await desk.ask_call_back(ctx, customer_id=id_of(who))


def record_call(
    journal: Journal,
    call: str,
    caller: str,
    customer: str,
    who: int,
    recordings: Path,
    at: datetime | None = None,
) -> None:
    began = at or ago(days=3)
    call_id = CallId(call)
    journal.call_started(
        CallStart(
            call_id,
            Direction.INBOUND,
            began,
            "n",
            "t",
            caller,
            "0611",
            "care.main",
            "v1",
            customer_id=customer,
        )
    )
    said = {"customer_id": id_of(who), "name": NAMES[who], "owed": Money(4711)}
    journal.step(
        TraceStep(call_id, 0, "main", "care.main", "v1", "menu", began, began, "key", "1", "bill", said)
    )
    journal.segment(Segment(call_id, "in", SegmentKind.FLOW, began, began, "operator"))
    journal.quality(LineQuality(call_id, "in", 900, 900, 0, 0))
    file = recordings / f"{call}-4-message.wav"
    file.write_bytes(b"RIFF")
    journal.recording(
        RecordingMade(
            call_id, str(file), 3.0, began, "message", consent=True, expires=began + timedelta(days=90)
        )
    )
    journal.call_ended(CallEnd(call_id, began, 16, outcome="done"))


def _context(call: str, who: int) -> ActionContext:
    return ActionContext(
        call_id=CallId(call),
        language="it",
        caller=number_of(who),
        now=ago(days=3),
        variables={"customer_id": id_of(who)},
    )


async def _was_called(db: Database, who: int) -> None:
    """One contact that is done, one that waits, one placed by hand for whoever has the number."""
    async with db.write() as session:
        contacts = [
            NewContact(
                campaign="closure",
                event_id=f"{kind}{who}",
                customer_id="" if kind == "hand" else id_of(who),
                number=number_of(who),
                zone="Europe/Rome",
                fields={"name": NAMES[who]},
            )
            for kind in ("done", "waits", "hand")
        ]
        ids = await enqueue(session, contacts, ago(days=2))
        for contact in (ids[0], ids[2]):
            session.add(attempt(f"a{contact}", contact, number_of(who), ago(days=2), id_of(who)))
            done = {"state": ContactState.DONE, "outcome": "closed", "finished": ago(days=2)}
            await session.execute(update(Contact).where(Contact.id == contact).values(done))
        await hold(
            session, id_of(who), Suppression.COLLECTIONS, HoldReason.DISPUTE, until=None, source=NAMES[who],
            at=ago(days=1),
        )  # fmt: skip
        await _was_written_to(session, who)
        words = f"{number_of(who)} was rung twice"
        session.add(Refusal(contact_id=ids[1], reason=Reason.HOURS, words=words, at=ago(days=2)))
        payload = {"customer_id": id_of(who), "fields": {"name": NAMES[who]}, "number": number_of(who)}
        await emit(
            session,
            [
                Event(kind="dialer.contact_done", at=ago(days=2), key=id_of(who), payload=payload),
                Event(kind="care.asked", at=ago(days=2), key="x", payload={"number": number_of(who)}),
            ],
        )


async def _was_asked(db: Database, who: int) -> None:
    """An opinion after a call, with a comment in their own words."""
    async with db.write() as session:
        await insert_missing(session, Survey, [_SURVEY])
        invitation = Invitation(survey="voice", customer_id=id_of(who), id=f"i{who}", call_id=f"in{who}")
        await invite(session, [invitation], ago(days=2))
        await begin(session, [Beginning(interview=f"i{who}", call_id=f"in{who}")], ago(days=2))
        answers: dict[str, Scalar] = {"courtesy": 5, "comment": f"{NAMES[who]} is content"}
        await finish(session, [Given(interview=f"i{who}", answers=answers)], ago(days=2))


_SURVEY = {
    "name": "voice", "title": "Voice", "questionnaire": "surveys.four_items", "occasion": Occasion.AFTER_CALL,
    "area": "voice", "active": True, "plan": {}, "created": ago(days=9),
}  # fmt: skip


async def _was_written_to(session: AsyncSession, who: int) -> None:
    """A text by their id, one to their number alone, a PIN, and a technician's visit."""
    texts = [
        Text(
            id=f"t{who}{whose}", to=number_of(who), words=f"{NAMES[who]}: 0611", purpose="service",
            customer_id=whose, about=f"c{who}",
        )
        for whose in ("", id_of(who))
    ]  # fmt: skip
    await queue_texts(session, texts, ago(days=2))
    await keep_pins(session, [NewPin(f"o{who}", "4711", id_of(who))], ago(days=2))
    told = {"customer_id": id_of(who), "hash": "$argon2id$", "told": ago(days=2)}
    session.add(ToldPin(event_id=f"e{who}", order_id=f"o{who}", **told))
    session.add(
        Appointment(
            id=f"v{who}", customer_id=id_of(who), kind="repair", state=AppointmentState.OFFERED, slots=[],
            until=EPOCH, offered=ago(days=2), said_at=ago(days=2), begins=None, ends=None, slot="",
            changed=ago(days=2), by="", call_id="",
        )
    )  # fmt: skip


def attempt(id_: str, contact: str, number: str, at: datetime, customer: str = "") -> Attempt:
    return Attempt(
        id=id_, contact_id=contact, campaign="closure", purpose=Purpose.SERVICE, node="n", trunk="t",
        number=number, moved_from="", fence=1, state=AttemptState.DONE, committed=at, cause=16, sip_cause="",
        outcome="closed", goal=True, customer_id=customer, list="", caller_id="", amd="", amd_cause="",
        agent="", disposition="", recording="", cost=0,
    )  # fmt: skip


def words_of(who: int) -> list[str]:
    return [NAMES[who], number_of(who), code_of(who)]


async def mentions(db: Database, words: list[str]) -> dict[str, int]:
    """Which columns of which tables hold one of these words, in how many rows. Every column is looked at."""
    found: dict[str, int] = {}
    async with db.read() as session:
        for table in metadata().sorted_tables:
            for column in table.columns:
                said = or_(*(cast(column, SqlText).contains(word) for word in words))
                rows = (await session.execute(select(column).where(said))).all()
                if rows:
                    found[f"{table.name}.{column.name}"] = len(rows)
    return found


async def column(db: Database, what: Any, *where: Any) -> list[Any]:
    async with db.read() as session:
        return list(await session.scalars(select(what).where(*where).order_by(what)))
