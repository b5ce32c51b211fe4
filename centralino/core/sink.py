"""A call's trace on its way into the journal; talks with people become segments of the call too."""

from calls import Journal, LiveBoard, Segment, SegmentKind, TraceSink, TraceStep
from values import CallId, TransferEnd


class CallTrace(TraceSink):
    """One call's steps, and the talks among them."""

    def __init__(self, journal: Journal, board: LiveBoard, call_id: CallId) -> None:
        super().__init__(journal, board, call_id)
        self._talks = journal

    def left(self, step: TraceStep) -> None:
        """The caller left a step."""
        super().left(step)
        if step.kind == "transfer" and step.how == TransferEnd.TALKED:
            self._talks.segment(
                Segment(step.call_id, "customer", SegmentKind.TALK, step.entered, step.left, "operator")
            )
