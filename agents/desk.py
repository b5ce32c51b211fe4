"""The agents of a node and who of them is free. Pure: time is handed in, nothing is awaited.

The live core and the simulator use it alike. What happens on the line is told to it; what it decides, it says
by its answers.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class AgentState(StrEnum):
    """Where an agent stands."""

    OFFLINE = "offline"
    """No leg waits."""
    PAUSED = "paused"
    READY = "ready"
    """Free: their leg waits in its park."""
    RESERVED = "reserved"
    """Handed out; about to be joined."""
    TALKING = "talking"
    WRAP_UP = "wrap_up"


_BUSY = frozenset({AgentState.RESERVED, AgentState.TALKING, AgentState.WRAP_UP})


@dataclass(slots=True)
class Seat:
    """One agent who is signed in. Times are seconds of the desk's clock."""

    agent: str
    skills: frozenset[str]
    state: AgentState = AgentState.OFFLINE
    since: float = 0.0
    """Since when in this state."""
    parked: bool = False
    """Whether the leg is known to wait in its park."""
    leaving: bool = False
    """After this talk they take no other."""
    reason: str = ""
    """Why paused."""
    campaign: str = ""
    call: str = ""
    """Whom they talk to, or did before the wrap-up."""
    busy_since: float = 0.0
    """When the present talk began."""
    token: int = 0
    """Of the present reservation."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """An agent held for one call; given back by `Desk.release` or used by `Desk.talking`."""

    agent: str
    call: str
    token: int


Listener = Callable[[Seat, AgentState], None]
"""Told of a seat after each change, with the state it had before."""


@dataclass(slots=True)
class Desk:
    """All signed-in agents. `seconds` is a monotonic clock."""

    seconds: Callable[[], float]
    _seats: dict[str, Seat] = field(default_factory=dict)
    _listeners: list[Listener] = field(default_factory=list)
    _tokens: int = 0

    def on_change(self, listener: Listener) -> None:
        """Call this after each change of a seat's state; it must not block."""
        self._listeners.append(listener)

    def __iter__(self) -> Iterator[Seat]:
        return iter(list(self._seats.values()))

    def __len__(self) -> int:
        return len(self._seats)

    def seat(self, agent: str) -> Seat | None:
        """One agent's seat; None when they are not signed in."""
        return self._seats.get(agent)

    # What agents do.

    def sign_in(self, agent: str, skills: Collection[str] = (), *, parked: bool = True) -> Seat:
        """An agent is here. They are ready as soon as their leg is parked."""
        seat = self._seats.get(agent) or Seat(agent, frozenset(skills))
        seat.skills, seat.leaving = frozenset(skills), False
        self._seats[agent] = seat
        seat.parked = parked
        if seat.state is AgentState.OFFLINE and parked:
            self._turn(seat, AgentState.READY)
        return seat

    def pause(self, agent: str, reason: str = "") -> None:
        """They take no calls for a while; a talk that is on goes on first."""
        if seat := self._seats.get(agent):
            seat.reason = reason
            if seat.state in _BUSY:
                seat.leaving = True
            elif seat.state is not AgentState.OFFLINE:
                self._turn(seat, AgentState.PAUSED)

    def ready(self, agent: str) -> None:
        """They take calls (again); out of a wrap-up too."""
        seat = self._seats.get(agent)
        if seat is None:
            return
        seat.leaving, seat.reason = False, ""
        if seat.state in {AgentState.PAUSED, AgentState.WRAP_UP} and seat.parked:
            self._turn(seat, AgentState.READY)

    def sign_out(self, agent: str) -> None:
        """They go home; a talk that is on goes on first."""
        if seat := self._seats.get(agent):
            if seat.state in _BUSY:
                seat.leaving, seat.reason = True, "sign_out"
            else:
                self._turn(seat, AgentState.OFFLINE)
                del self._seats[agent]

    # What happens to their legs.

    def parked(self, agent: str) -> None:
        """The leg waits in its park."""
        if seat := self._seats.get(agent):
            seat.parked = True
            if seat.state is AgentState.OFFLINE:
                self._turn(seat, AgentState.PAUSED if seat.leaving else AgentState.READY)

    def unparked(self, agent: str) -> None:
        """The leg has left its park: into a talk, or it is gone."""
        if seat := self._seats.get(agent):
            seat.parked = False

    def lost(self, agent: str) -> None:
        """The leg is gone; whatever they did is over."""
        if seat := self._seats.get(agent):
            seat.parked = False
            self._turn(seat, AgentState.OFFLINE)

    # Handing them out.

    def reserve(self, call: str, *, skill: str = "", campaign: str = "") -> Reservation | None:
        """Hold the longest idle agent who knows `skill` ('' anybody) for a call; None when nobody is free."""
        free = [seat for seat in self._seats.values() if _free(seat, skill)]
        return self._hold(min(free, key=lambda seat: seat.since), call, campaign) if free else None

    def reserve_agent(self, agent: str, call: str, *, campaign: str = "") -> Reservation | None:
        """Hold this one agent for a call; None when they are not free."""
        seat = self._seats.get(agent)
        return self._hold(seat, call, campaign) if seat and _free(seat, "") else None

    def _hold(self, seat: Seat, call: str, campaign: str) -> Reservation:
        self._tokens += 1
        seat.token, seat.call, seat.campaign = self._tokens, call, campaign
        seat.busy_since = self.seconds()
        self._turn(seat, AgentState.RESERVED)
        return Reservation(seat.agent, call, self._tokens)

    def release(self, reservation: Reservation) -> None:
        """They were not joined after all: free again, with the place they had."""
        if seat := self._held(reservation):
            seat.call = seat.campaign = ""
            since = seat.since
            self._turn(seat, AgentState.READY if seat.parked else AgentState.OFFLINE)
            seat.since = min(seat.since, since)

    def talking(self, reservation: Reservation) -> bool:
        """Customer and agent are joined. False when the reservation holds no more."""
        seat = self._held(reservation)
        if seat is None:
            return False
        seat.busy_since = self.seconds()
        self._turn(seat, AgentState.TALKING)
        return True

    def talked(self, agent: str) -> None:
        """The talk is over; the wrap-up begins."""
        if (seat := self._seats.get(agent)) and seat.state in {AgentState.TALKING, AgentState.RESERVED}:
            self._turn(seat, AgentState.WRAP_UP)

    def wrapped_up(self, agent: str) -> float | None:
        """The wrap-up is over; gives the seconds of talk and wrap-up together. None when there was none."""
        seat = self._seats.get(agent)
        if seat is None or seat.state is not AgentState.WRAP_UP:
            return None
        handled = self.seconds() - seat.busy_since
        if seat.leaving and seat.reason == "sign_out":
            self._turn(seat, AgentState.OFFLINE)
            del self._seats[agent]
        elif seat.leaving:
            seat.leaving = False
            self._turn(seat, AgentState.PAUSED)
        else:
            self._turn(seat, AgentState.READY if seat.parked else AgentState.OFFLINE)
        return handled

    # What is known.

    def idle(self, skill: str = "") -> int:
        """How many are free."""
        return sum(_free(seat, skill) for seat in self._seats.values())

    def busy(self, skill: str = "") -> Sequence[float]:
        """Seconds since each busy one's talk began."""
        now = self.seconds()
        return [now - seat.busy_since for seat in self._seats.values() if _occupied(seat, skill)]

    def leaving(self, skill: str = "") -> int:
        """How many busy ones will take no other call."""
        return sum(seat.leaving and _occupied(seat, skill) for seat in self._seats.values())

    def _held(self, reservation: Reservation) -> Seat | None:
        seat = self._seats.get(reservation.agent)
        held = seat is not None and seat.state is AgentState.RESERVED and seat.token == reservation.token
        return seat if held else None

    def _turn(self, seat: Seat, state: AgentState) -> None:
        before, seat.state, seat.since = seat.state, state, self.seconds()
        for listener in self._listeners:
            listener(seat, before)


def _free(seat: Seat, skill: str) -> bool:
    return seat.state is AgentState.READY and seat.parked and (not skill or skill in seat.skills)


def _occupied(seat: Seat, skill: str) -> bool:
    return seat.state in _BUSY and (not skill or skill in seat.skills)
