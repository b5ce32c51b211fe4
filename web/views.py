"""Calls as people and programs are shown them. Pure: rows in, values out; numbers masked on pages."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from calls import CallState, CallStory, Direction, SegmentKind, TraceStep
from calls.models import Call
from values import Scalar, mask_number, to_json

_GOOD = frozenset({"resolved", "fixed", "not_fixed", "talked_to_operator", "call_back"})
_A_NUMBER = re.compile(r"(?<!\w)\+?[0-9]{6,}")
"""Keys hold several answers: `0612345678 1` is a number and the yes to it. Ids (`c0000017`) are none."""
_A_MASK = re.compile("•+")
"""On pages three dots are enough; how long a number is nobody need see."""
_MIDNIGHT = datetime(2000, 1, 1)  # noqa: DTZ001  (only to print a length)


@dataclass(frozen=True, slots=True)
class CallRow:
    """A line of the table of calls."""

    call_id: str
    inbound: bool
    who: str
    flow: str
    version: str
    started: datetime
    length: str
    outcome: str
    tone: str
    """How the outcome is coloured: good, odd, bad or quiet."""
    node: str
    trunk: str
    cause: str
    voice: str
    talks: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """A line of a trace."""

    at: datetime
    path: str
    told: str
    """What kind of step it was, why it was left and where to."""
    keys: str
    values: str


def call_row(call: Call, story: CallStory | None = None) -> CallRow:
    """A call for the page."""
    outcome, tone = _outcome(call)
    inbound = call.direction == Direction.INBOUND
    return CallRow(
        call_id=call.call_id,
        inbound=inbound,
        who=_A_MASK.sub("•••", mask_number(call.caller if inbound else call.dialled)) or "withheld",
        flow=call.flow,
        version=call.flow_version[:10],
        started=call.began,
        length=_length(call.ended - call.began) if call.ended else "",
        outcome=outcome,
        tone=tone,
        node=call.node,
        trunk=call.trunk,
        cause=f"{call.cause or '–'} {call.sip_cause}".strip(),
        voice=_voice(story) if story else "",
        talks=_talks(story) if story else "",
    )


def step_row(step: TraceStep) -> StepRow:
    """A step for the page."""
    return StepRow(
        at=step.entered,
        path=step.path,
        told=_told(step),
        keys=str(_masked(step.keys)),
        values=", ".join(
            f"{name} = {_said(value)}" for name, value in step.values.items() if not name.startswith("$")
        ),
    )


def call_json(call: Call) -> dict[str, Any]:
    """A call for programs; whoever has the token sees whole numbers."""
    return {
        "call_id": call.call_id,
        "direction": call.direction,
        "state": call.state,
        "node": call.node,
        "trunk": call.trunk,
        "caller": call.caller,
        "dialled": call.dialled,
        "customer_id": call.customer_id or None,
        "attempt_id": call.attempt_id or None,
        "flow": call.flow,
        "flow_version": call.flow_version,
        "began": call.began,
        "ended": call.ended,
        "cause": call.cause,
        "sip_cause": call.sip_cause,
        "outcome": call.outcome,
        "goal": call.goal,
    }


def story_json(story: CallStory) -> dict[str, Any]:
    """A call with all that is known about it."""
    return {
        **call_json(story.call),
        "legs": [
            {
                "leg": leg.leg,
                "received": leg.received,
                "sent": leg.sent,
                "lost_in": leg.lost_in,
                "lost_out": leg.lost_out,
                "one_way": leg.one_way,
            }
            for leg in story.legs
        ],
        "segments": [
            {
                "leg": part.leg,
                "kind": part.kind,
                "began": part.began,
                "ended": part.ended,
                "party": part.party,
            }
            for part in story.segments
        ],
        "trace": [_step_json(step) for step in story.trace],
        "recordings": [
            {"path": made.path, "seconds": made.seconds, "at": made.at, "purpose": made.purpose}
            for made in story.recordings
        ],
    }


def _step_json(step: TraceStep) -> dict[str, Any]:
    return {
        "seq": step.seq,
        "path": step.path,
        "flow": step.flow,
        "version": step.version,
        "kind": step.kind,
        "entered": step.entered,
        "left": step.left,
        "how": step.how,
        "keys": step.keys,
        "next": step.next_path or None,
        "values": {name: to_json(value) for name, value in step.values.items()},
    }


def _told(step: TraceStep) -> str:
    way = f"→ {step.next_path}" if step.next_path else ""
    return " ".join(
        part for part in (step.kind, f"– {step.how}" if step.how not in {"", step.kind} else "", way) if part
    )


def _talks(story: CallStory) -> str:
    talks = [part for part in story.segments if part.kind == SegmentKind.TALK and part.ended]
    return ", ".join(f"{part.party} {_length(part.ended - part.began)}" for part in talks if part.ended)


def _masked(value: Scalar) -> Scalar:
    """A value as the page may show it: whatever in it could be somebody's number only by its end."""
    if not isinstance(value, str):
        return value
    return _A_NUMBER.sub(lambda found: _A_MASK.sub("•••", mask_number(found[0])), value)


def _said(value: Scalar) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(_masked(value))


def _outcome(call: Call) -> tuple[str, str]:
    if call.state == CallState.UP:
        return "up", "quiet"
    if call.state == CallState.INTERRUPTED:
        return "interrupted", "bad"
    if call.outcome:
        return call.outcome.replace("_", " "), "good" if call.goal or call.outcome in _GOOD else "odd"
    return "hung up", "quiet"


def _length(length: timedelta) -> str:
    return (_MIDNIGHT + length).strftime("%H:%M:%S" if length >= timedelta(hours=1) else "%M:%S")


def _voice(story: CallStory) -> str:
    if not story.legs:
        return "not measured"
    told = [
        f"{leg.leg}: {leg.received} in, {leg.sent} out, {leg.lost_in + leg.lost_out} lost"
        + (" – heard on one side only" if leg.one_way else "")
        for leg in story.legs
    ]
    return "; ".join(told)
