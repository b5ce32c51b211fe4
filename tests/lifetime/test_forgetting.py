"""What every table's docstring says about how long it keeps what: a day before and a day after."""

import asyncio
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

import calls.lifetime
import care.lifetime
import dialer.lifetime
import proactive.events.lifetime
import store.lifetime
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
from calls.models import Call, Leg, Recording, TraceRow
from calls.models import Segment as SegmentRow
from care.models import CallbackRequest, ContactReason, Source
from centralino.core.upkeep import FIRST_SECONDS, Upkeep
from dialer import NewContact, enqueue
from dialer.gate import Reason
from dialer.models import Attempt, AttemptState, Contact, ContactState, Refusal
from proactive.events import BusinessEvent, EventState
from proactive.rules import Result, RuleDecision
from proactive.rules.models import FoundFact
from store import AuditEntry, AuditNote, Base, Database, Event, StoreUnavailableError, emit, note_audit
from store.outbox import OutboxEvent
from tests.lifetime.town import attempt, column
from values import CallId
from values.testing import EPOCH, FixedClock, VirtualClock, virtual_time

MONTH = timedelta(days=30.44)
DAY = timedelta(days=1)


def months(count: int) -> Mapping[str, datetime]:
    """Just over, and just not."""
    return {"old": EPOCH - count * MONTH - DAY, "young": EPOCH - count * MONTH + DAY}


@pytest.fixture
async def db(database_url: str) -> Any:
    async with Database(database_url, clock=FixedClock()) as opened:
        yield opened


def _start(call: str, at: datetime) -> CallStart:
    number = "+393290000007"
    return CallStart(CallId(call), Direction.INBOUND, at, "n", "t", number, "0611", customer_id="c7")


@pytest.mark.database
async def test_calls_lose_their_people_after_two_years(db: Database, tmp_path: Path) -> None:
    async with Journal(db, db.clock, tmp_path / "spill") as journal:
        for call, at in months(24).items():
            journal.call_started(_start(call, at))
            journal.segment(Segment(CallId(call), "in", SegmentKind.FLOW, at, at))
    async with db.write() as session:
        await calls.lifetime.forget(session, EPOCH)
    async with db.read() as session:
        old, young = await session.get_one(Call, "old"), await session.get_one(Call, "young")
    assert (old.caller, old.dialled, old.customer_id) == ("", "", "")
    assert (young.caller, young.dialled, young.customer_id) == ("+393290000007", "0611", "c7")
    assert await column(db, SegmentRow.call_id) == ["young"]


@pytest.mark.database
async def test_trace_goes_after_thirteen_months_and_quality_after_six(db: Database, tmp_path: Path) -> None:
    async with Journal(db, db.clock, tmp_path / "spill") as journal:
        for call, at in months(13).items():
            step = TraceStep(CallId(call), 0, "main", "f", "v", "menu", at - timedelta(hours=1), at, "key")
            journal.step(step)
        for call, at in months(6).items():
            journal.call_started(_start(call, at))
            journal.quality(LineQuality(CallId(call), "in", 9, 9, 0, 0))
    async with db.write() as session:
        await calls.lifetime.forget(session, EPOCH)
    assert await column(db, TraceRow.call_id) == ["young"]
    assert await column(db, Leg.call_id) == ["young"]
    assert await column(db, Call.caller) == ["+393290000007"] * 2


@pytest.mark.database
async def test_contacts_and_attempts_lose_their_number_after_two_years(db: Database) -> None:
    async with db.write() as session:
        for name, at in months(24).items():
            new = [
                NewContact(campaign="c", event_id=f"{name}-{state}", customer_id="c7", number="+393290000007",
                           fields={"name": "Anna"})
                for state in (ContactState.DONE, ContactState.READY)
            ]  # fmt: skip
            done, _ = await enqueue(session, new, at)
            await session.execute(
                update(Contact).where(Contact.id == done).values(state=ContactState.DONE, finished=at)
            )
            session.add(attempt(f"{name}-over", done, "+393290000007", at))
            still = attempt(f"{name}-open", done, "+393290000007", at)
            still.state = AttemptState.RINGING
            session.add(still)
            session.add(Refusal(contact_id=name, reason=Reason.HOURS, words="late", at=at))
    async with db.write() as session:
        await dialer.lifetime.forget(session, EPOCH)
    blank = [
        (Contact.event_id, Contact.number == "", ["old-done"]),
        (Attempt.id, Attempt.number == "", ["old-over"]),
    ]
    for what, where, expected in blank:
        assert await column(db, what, where) == expected
    async with db.read() as session:
        found = await session.execute(select(Contact.event_id, Contact.fields))
        fields = {row.event_id: row.fields for row in found}
    assert fields == {
        "old-done": {}, "old-ready": {"name": "Anna"}, "young-done": {"name": "Anna"},
        "young-ready": {"name": "Anna"},
    }  # fmt: skip
    assert await column(db, Refusal.contact_id) == ["young"]


@pytest.mark.database
async def test_call_back_requests_go_half_a_year_after_they_are_settled(db: Database) -> None:
    def request(call: str, settled: datetime | None) -> CallbackRequest:
        return CallbackRequest(
            call_id=call, at=EPOCH - 100 * MONTH, number="+393290000007", caller="", customer_id="c7",
            language="it", source=Source.FLOW, settled=settled,
        )  # fmt: skip

    async with db.write() as session:
        session.add_all([request(call, at) for call, at in months(6).items()])
        session.add(request("open", None))
        for call, at in months(24).items():
            session.add(ContactReason(call_id=call, reason="billing", customer_id="c7", at=at))
    async with db.write() as session:
        await care.lifetime.forget(session, EPOCH)
    assert await column(db, CallbackRequest.call_id) == ["open", "young"]
    assert await column(db, ContactReason.call_id, ContactReason.customer_id == "") == ["old"]
    assert await column(db, ContactReason.call_id, ContactReason.customer_id == "c7") == ["young"]


@pytest.mark.database
async def test_events_go_after_thirty_days_and_the_audit_after_five_years(db: Database) -> None:
    done = {"old": EPOCH - timedelta(days=31), "young": EPOCH - timedelta(days=29), "waits": None}
    async with db.write() as session:
        await emit(session, [Event(kind=f"a.{name}", at=EPOCH - 90 * DAY) for name in done])
        for name, at in done.items():
            await session.execute(
                update(OutboxEvent).where(OutboxEvent.kind == f"a.{name}").values(done_at=at)
            )
        await note_audit(session, [AuditNote(at=at, by=who, what="shown") for who, at in months(60).items()])
    async with db.write() as session:
        await store.lifetime.forget(session, EPOCH)
    assert await column(db, OutboxEvent.kind) == ["a.waits", "a.young"]
    assert await column(db, AuditEntry.by) == ["young"]


def _upkeep(db: Database, folder: Path, swept: list[float]) -> Upkeep:
    def sweep(*, days: float) -> int:
        swept.append(days)
        return 3

    return Upkeep(db, db.clock, folder, sweep)


async def _recorded(db: Database, folder: Path, outside: Path) -> None:
    async with Journal(db, db.clock, folder.parent / "spill") as journal:
        for name, expires, held in (
            ("over", EPOCH - DAY, False),
            ("held", EPOCH - DAY, True),
            ("kept", EPOCH + DAY, False),
            ("away", EPOCH - DAY, False),
        ):
            file = (outside if name == "away" else folder) / f"{name}-1-message.wav"
            file.write_bytes(b"RIFF")
            os.utime(file, (0, 0))
            journal.call_started(_start(name, EPOCH - 90 * DAY))
            journal.call_ended(CallEnd(CallId(name), EPOCH - 90 * DAY, 16))
            journal.recording(
                RecordingMade(CallId(name), str(file), 1.0, EPOCH - 91 * DAY, "message", consent=True,
                              expires=expires, legal_hold=held)
            )  # fmt: skip
    for name, days in (("cut-1-short.wav", 91), ("late-1-short.wav", 89)):
        (folder / name).write_bytes(b"RIFF")
        at = (EPOCH - timedelta(days=days)).timestamp()
        os.utime(folder / name, (at, at))
    (folder / "it").mkdir()
    (folder / "it" / "studio.wav").write_bytes(b"RIFF")
    os.utime(folder / "it" / "studio.wav", (0, 0))


@pytest.mark.database
async def test_expired_recordings_go_with_their_files_and_it_is_written_down(
    db: Database, tmp_path: Path
) -> None:
    folder, outside, swept = tmp_path / "recordings", tmp_path / "outside", list[float]()
    folder.mkdir()
    outside.mkdir()
    await _recorded(db, folder, outside)
    gone = await _upkeep(db, folder, swept).once()
    assert (gone["recordings"], gone["spoken"], swept) == (3, 3, [14])
    assert await column(db, Recording.call_id) == ["held", "kept"]
    left = sorted(str(file.relative_to(folder)) for file in folder.rglob("*.wav"))
    assert left == ["held-1-message.wav", "it/studio.wav", "kept-1-message.wav", "late-1-short.wav"]
    # a row leads nowhere but into the folder, whatever it says
    assert [file.name for file in outside.iterdir()] == ["away-1-message.wav"]
    async with db.read() as session:
        lines = (await session.execute(select(AuditEntry).order_by(AuditEntry.about))).scalars().all()
    assert [(line.what, line.by, line.customer_id, line.about) for line in lines] == [
        ("recording.removed", "centralino", "c7", "away-1-message.wav"),
        ("recording.removed", "centralino", "c7", "over-1-message.wav"),
    ]


@pytest.mark.database
async def test_much_at_once_goes_in_small_transactions(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("centralino.core.upkeep.SLICE", 4)
    monkeypatch.setattr("centralino.core.upkeep.KEYS", 10)
    async with db.write() as session:
        for number in range(23):
            session.add(Refusal(contact_id="c", reason=Reason.HOURS, words=str(number), at=months(24)["old"]))
        session.add(Refusal(contact_id="c", reason=Reason.HOURS, words="stays", at=EPOCH))
    largest: list[int] = []
    honest = store.lifetime.let_go

    async def watched(session: Any, rule: Any, keys: Any) -> int:
        largest.append(len(keys))
        return await honest(session, rule, keys)

    monkeypatch.setattr("centralino.core.upkeep.let_go", watched)
    assert (await _upkeep(db, tmp_path, []).once())["refusals"] == 23
    assert max(largest) == 4
    assert await column(db, Refusal.words) == ["stays"]


@pytest.mark.database
async def test_every_table_that_is_kept_for_a_time_has_a_rule(db: Database) -> None:
    """A new table that says how long it is kept is not forgotten here."""
    from centralino.lifetime import rules
    from centralino.migrations.page import models

    terms = (" month", " day", "5 years", "five years", "expired")
    timed = {
        model.__tablename__ for model in models()
        if any(term in (model.__doc__ or "") for term in terms)
    }  # fmt: skip
    ruled: set[str] = {_name(rule.model) for rule in rules(EPOCH)}
    assert timed - ruled == {"outbox_deliveries"}  # they go with their events
    assert ruled <= timed


def _name(model: type[Base]) -> str:
    return model.__tablename__


def _nothing_to_sweep(*, days: float) -> int:
    return int(days * 0)


class Unreachable:
    """A database that is away for a while."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.asked: list[float] = []

    def read(self) -> Any:
        self.asked.append(self.clock.monotonic())
        raise StoreUnavailableError("gone") if len(self.asked) < 3 else RuntimeError("a broken rule")


@pytest.mark.unit
def test_upkeep_outlives_a_database_that_is_away_and_a_rule_that_is_wrong() -> None:
    async def story() -> list[float]:
        clock = VirtualClock()
        db: Any = Unreachable(clock)
        task = asyncio.create_task(Upkeep(db, clock, Path("/nowhere"), _nothing_to_sweep).run())
        await clock.sleep(3 * 86_400)
        task.cancel()
        asked: list[float] = db.asked
        return asked

    first, second, third, fourth = virtual_time(story())[:4]
    assert first == FIRST_SECONDS
    assert second - first == third - second == 300
    assert fourth - third == 86_400


@pytest.mark.database
async def test_business_events_decisions_and_found_facts_go_after_thirteen_months(db: Database) -> None:
    async with db.write() as session:
        for name, at in months(13).items():
            told = {"id": name, "type": "traffic.high", "at": at, "customer_id": "c7", "key": "l1"}
            session.add(
                BusinessEvent(**told, received=at, source="", data={}, state=EventState.DONE, tries=0,
                              next_at=None, result={}, done_at=at)
            )  # fmt: skip
            session.add(FoundFact(**told, data={}))
            session.add(
                RuleDecision(**told, rule="r", event=name, decided=at, campaign="c", result=Result.CONTACT)
            )
    async with db.write() as session:
        await store.lifetime.apply(session, proactive.events.lifetime.rules(EPOCH))
    for column_of in (BusinessEvent.id, FoundFact.id, RuleDecision.id):
        assert await column(db, column_of) == ["young"]
