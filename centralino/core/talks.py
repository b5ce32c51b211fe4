"""Talks between callers and people: from the bridge that joins them to its end, whoever ends it."""

from datetime import datetime

from ami import BridgeEntered, BridgeLeft
from calls import Journal, Segment, SegmentKind
from centralino.core.register import Register
from values import CallId

WAITING = "holding_bridge"
"""Where nobody hears anybody."""
PARTY = "operator"


class Talks:
    """Writes a segment when a call of ours leaves the bridge it was joined in."""

    def __init__(self, journal: Journal, register: Register) -> None:
        self._journal = journal
        self._register = register
        self._since: dict[CallId, datetime] = {}

    def heard_entered(self, event: BridgeEntered) -> None:
        """A channel was joined; only callers' own are calls."""
        call_id = CallId(event.uniqueid)
        if event.technology != WAITING and self._register.get(call_id):
            self._since[call_id] = event.at

    def heard_left(self, event: BridgeLeft) -> None:
        """A channel left a bridge."""
        call_id = CallId(event.uniqueid)
        if began := self._since.pop(call_id, None):
            self._journal.segment(Segment(call_id, "customer", SegmentKind.TALK, began, event.at, PARTY))
