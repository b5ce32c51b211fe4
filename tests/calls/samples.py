"""Records of a made-up call, in the order in which a line would tell them."""

from datetime import UTC, datetime, timedelta

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
from values import CallId, Money

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return MONDAY + timedelta(seconds=seconds)


def start(
    call_id: str, at: float = 0, *, caller: str = "+393290000017", flow: str = "care.main"
) -> CallStart:
    return CallStart(
        CallId(call_id),
        Direction.INBOUND,
        later(at),
        "node1",
        "city",
        caller,
        "0611",
        flow,
        "v1",
        customer_id="c17",
    )


def step(call_id: str, seq: int, path: str, how: str = "key", *, at: float = 0) -> TraceStep:
    return TraceStep(
        CallId(call_id), seq, path, "care.main", "v1", "menu", later(at), later(at + 2), how,
        keys="1", next_path="next", values={"balance": Money(7250), "reason": "billing", "due": MONDAY.date()}
    )  # fmt: skip


def end(call_id: str, at: float = 60, *, outcome: str = "done") -> CallEnd:
    return CallEnd(CallId(call_id), later(at), 16, "", outcome, goal=True)


def whole_call(journal: Journal, call_id: str, at: float = 0) -> None:
    journal.call_started(start(call_id, at))
    journal.segment(Segment(CallId(call_id), "in", SegmentKind.FLOW, later(at)))
    journal.step(step(call_id, 0, "welcome", at=at))
    journal.step(step(call_id, 1, "menu", at=at + 2))
    journal.recording(
        RecordingMade(
            CallId(call_id), "rec/1.wav", 3.5, later(at), "message", consent=True, expires=later(86400)
        )
    )
    journal.quality(LineQuality(CallId(call_id), "in", 0, 900, 0, 2))
    journal.segment(Segment(CallId(call_id), "in", SegmentKind.FLOW, later(at), later(at + 60)))
    journal.call_ended(end(call_id, at + 60))
