"""Where a running flow tells its steps."""

from datetime import datetime

from calls.board import LiveBoard
from calls.journal import Journal
from calls.records import TraceStep
from values import CallId


class TraceSink:
    """One call's steps: onto the board as they are entered, into the journal as they are left, at once."""

    def __init__(self, journal: Journal, board: LiveBoard, call_id: CallId) -> None:
        self._journal = journal
        self._board = board
        self._call_id = call_id

    def entered(self, path: str, kind: str, at: datetime) -> None:  # noqa: ARG002  (the board shows no kinds)
        """The caller came into a step."""
        self._board.stepped(self._call_id, path, at)

    def left(self, step: TraceStep) -> None:
        """The caller left it."""
        self._journal.step(step)
