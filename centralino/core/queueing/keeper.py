"""Follows each visit by what the desk tells: joined, talk over, wrap-up over, whoever brought it about."""

from collections.abc import Callable, Iterable
from datetime import datetime

from agents import AgentState, Desk, Reservation, Seat
from agents.queues import Book, Happening, Visit, VisitEnd
from agents.queues.estimate import Handling
from values import Clock

Unknown = Callable[[str, str, float, datetime], None]
"""A talk is over of a call that nobody here knows: its visit, if there is one, is in the database."""


class Keeper:
    """The visits of a node that are not over, from entering to the end of the wrap-up."""

    def __init__(self, desk: Desk, book: Book, clock: Clock) -> None:
        self._book = book
        self._clock = clock
        self._waiting: dict[str, Visit] = {}
        self._talking: dict[tuple[str, str], Visit] = {}
        self._joined: dict[str, datetime] = {}
        self._reserved: dict[str, datetime] = {}
        self.handling: dict[str, Handling] = {}
        """By queue; under '' all together."""
        self.unknown: Unknown | None = None
        desk.on_change(self._turned)
        desk.on_handled(self._handled)

    def entered(self, visit: Visit) -> None:
        """Somebody is in a queue. Told again for a call that waits already, nothing is written twice."""
        known = self._waiting.get(visit.call_id)
        self._waiting[visit.call_id] = visit
        if known is not visit and visit.steps == 0:
            detail = {"position": visit.position, "points": visit.points, "language": visit.language}
            self._book.note(visit, Happening.ENTER.value, visit.entered, detail=detail)

    def waits(self) -> Iterable[Visit]:
        """Those whose waiting is not over."""
        return list(self._waiting.values())

    def waiting(self, call_id: str) -> Visit | None:
        """The visit of a call that waits; also while its agent is on their way."""
        return self._waiting.get(call_id)

    def note(self, visit: Visit, kind: Happening, **detail: object) -> None:
        """Something happened while they wait."""
        self._book.note(visit, kind.value, self._clock.now(), detail=dict(detail))

    def reserved(self, visit: Visit, reservation: Reservation) -> None:
        """An agent is theirs; the desk tells when they are joined."""
        self._reserved[visit.visit_id] = self._clock.now()
        visit.agent = reservation.agent

    def not_there(self, visit: Visit, agent: str) -> None:
        """The agent's telephone was not there after all; they wait on."""
        self._reserved.pop(visit.visit_id, None)
        self._book.note(visit, Happening.RING_NO_ANSWER.value, self._clock.now(), agent=agent)
        visit.agent = ""

    def ended(self, visit: Visit, end: VisitEnd, *, moved_to: str = "") -> bool:
        """The waiting is over without an agent; False when it was over already."""
        if not visit.finish(end, self._clock.now(), moved_to=moved_to):
            return False
        if self._waiting.get(visit.call_id) is visit:
            del self._waiting[visit.call_id]
        self._reserved.pop(visit.visit_id, None)
        visit.agent = ""
        self._book.note(visit, end.value, visit.ended or self._clock.now(), detail={"moved_to": moved_to})
        return True

    def follow(self, visit: Visit, call_id: str, agent: str) -> None:
        """The talk of a call-back belongs to this visit, which was over before."""
        self._talking[call_id, agent] = visit
        visit.agent = agent
        self._joined[visit.visit_id] = self._clock.now()

    def held(self, call_id: str, seconds: float) -> None:
        """The customer of a talk was on hold for so long: it is told apart from the talk."""
        for (call, _), visit in self._talking.items():
            if call == call_id:
                visit.hold += seconds

    def _turned(self, seat: Seat, before: AgentState) -> None:
        if seat.state is AgentState.TALKING and (visit := self._waiting.get(seat.call)):
            self._connected(visit, seat.agent)
        elif before is AgentState.TALKING and (visit := self._talking.get((seat.call, seat.agent))):
            self._talked(visit)

    def _connected(self, visit: Visit, agent: str) -> None:
        now = self._clock.now()
        del self._waiting[visit.call_id]
        since = self._reserved.pop(visit.visit_id, now)
        visit.agent, visit.ring = agent, max(0.0, (now - since).total_seconds())
        visit.finish(VisitEnd.CONNECT, now)
        self._talking[visit.call_id, agent] = visit
        self._joined[visit.visit_id] = now
        self._book.note(visit, VisitEnd.CONNECT.value, now, detail={"waited": round(visit.waited, 3)})

    def _talked(self, visit: Visit) -> None:
        if visit.talk is not None:
            return
        now = self._clock.now()
        since = self._joined.pop(visit.visit_id, now)
        visit.talk = max(0.0, (now - since).total_seconds() - visit.hold)
        self._book.note(visit, Happening.TALK_END.value, now, detail={"talk": round(visit.talk, 3)})

    def _handled(self, seat: Seat, seconds: float) -> None:
        visit = self._talking.pop((seat.call, seat.agent), None)
        now = self._clock.now()
        if visit is None:
            if seat.call and self.unknown is not None:
                self.unknown(seat.call, seat.agent, seconds, now)
            return
        self._talked(visit)
        self.wrapped(visit, seconds, now)

    def wrapped(self, visit: Visit, handled: float, at: datetime) -> None:
        """All of it is over: talk, hold and wrap-up took so long together."""
        visit.wrap = max(0.0, handled - (visit.talk or 0.0) - visit.hold)
        visit.finished = at
        self._book.note(visit, Happening.WRAP_END.value, at, detail={"wrap": round(visit.wrap, 3)})
        self.learn(visit.queue, handled)

    def learn(self, queue: str, handled: float) -> None:
        """So long one call of a queue took."""
        for name in ("", queue):
            self.handling.setdefault(name, Handling()).note(self._clock.monotonic(), handled)

    def mean_handling(self, queue: str) -> float | None:
        """How long one takes of late: of this queue, else of all."""
        now = self._clock.monotonic()
        for name in (queue, ""):
            if (known := self.handling.get(name)) and (mean := known.mean(now)) is not None:
                return mean
        return None
