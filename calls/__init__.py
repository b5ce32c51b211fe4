"""What happened on the line: call, leg, segment, trace, recording. Floor 2.

`Journal` writes records (`calls.records`) in groups without anybody waiting; `LiveBoard` shows who is on
the line now; `calls.queries` answers questions about what was written; `calls.lifetime` shows and
erases one customer's.
"""

from calls import queries
from calls.board import LiveBoard, LiveCall
from calls.journal import Journal
from calls.queries import CallFilter, CallPage, CallStory, StepCount
from calls.records import (
    CallEnd,
    CallStart,
    CallState,
    Direction,
    LineQuality,
    RecordingMade,
    Segment,
    SegmentKind,
    TraceStep,
)
from calls.sink import TraceSink

__all__ = [
    "CallEnd",
    "CallFilter",
    "CallPage",
    "CallStart",
    "CallState",
    "CallStory",
    "Direction",
    "Journal",
    "LineQuality",
    "LiveBoard",
    "LiveCall",
    "RecordingMade",
    "Segment",
    "SegmentKind",
    "StepCount",
    "TraceSink",
    "TraceStep",
    "queries",
]
