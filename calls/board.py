"""Who is on the line right now, and where in the flow. In memory only: it is looked at, never relied on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from calls.records import CallStart, Direction
from values import CallId

MOST = 2_000
"""How many calls are shown one by one; further ones are only counted."""


@dataclass(frozen=True, slots=True)
class LiveCall:
    """A call that is up, as the page shows it."""

    call_id: CallId
    direction: Direction
    caller: str
    dialled: str
    flow: str
    began: datetime
    step: str = ""
    """The path of the step it is in; '' before the first."""
    since: datetime | None = None
    """When it came into that step."""


class LiveBoard:
    """The calls that are up. Every method returns at once; unknown calls are ignored."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._calls: dict[CallId, LiveCall] = {}
        self._beyond: set[CallId] = set()
        self._listeners: list[Callable[[CallId, LiveCall | None], None]] = []

    def on_change(self, listener: Callable[[CallId, LiveCall | None], None]) -> None:
        """Call this with each change: the call as it is now, or None when it is over.

        It must neither block nor raise.
        """
        self._listeners.append(listener)

    def started(self, start: CallStart) -> None:
        """A call came up."""
        if len(self._calls) >= self._most and start.call_id not in self._calls:
            self._beyond.add(start.call_id)
            return
        call = LiveCall(start.call_id, start.direction, start.caller, start.dialled, start.flow, start.at)
        self._put(call)

    def stepped(self, call_id: CallId, path: str, at: datetime) -> None:
        """A call came into a step."""
        if call := self._calls.get(call_id):
            self._put(replace(call, step=path, since=at))

    def ended(self, call_id: CallId) -> None:
        """A call is over."""
        self._beyond.discard(call_id)
        if self._calls.pop(call_id, None):
            self._tell(call_id, None)

    def snapshot(self) -> list[LiveCall]:
        """The calls that are up, the oldest first, as far as they are shown one by one."""
        return list(self._calls.values())

    def __len__(self) -> int:
        """How many calls are up, those not shown included."""
        return len(self._calls) + len(self._beyond)

    def __contains__(self, call_id: object) -> bool:
        return call_id in self._calls or call_id in self._beyond

    def _put(self, call: LiveCall) -> None:
        self._calls[call.call_id] = call
        self._tell(call.call_id, call)

    def _tell(self, call_id: CallId, call: LiveCall | None) -> None:
        for listener in self._listeners:
            listener(call_id, call)
