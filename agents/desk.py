"""The agents of a node and who of them is free. Pure: time is handed in, nothing is awaited.

The live core and the simulator use it alike. What happens on the line is told to it; what it decides, it says
by its answers.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from agents.seat import BUSY, AgentState, Reservation, Seat
from agents.waiting import Inbound

Listener = Callable[[Seat, AgentState], None]
"""Told of a seat after each change, with the state it had before."""
Handled = Callable[[Seat, float], None]
"""Told of a talk that is over with its wrap-up: the seat, which still names the call, and the seconds."""

SIGN_OUT = "sign_out"
"""Why a seat is empty for good; every other reason means that they are to come back."""


@dataclass(slots=True)
class Desk:
    """All signed-in agents. `seconds` is a monotonic clock."""

    seconds: Callable[[], float]
    inbound: Inbound = field(default_factory=Inbound)
    """Who rang us and waits for an agent; they come before our own calls."""
    _seats: dict[str, Seat] = field(default_factory=dict)
    _listeners: list[Listener] = field(default_factory=list)
    _handled: list[Handled] = field(default_factory=list)
    _tokens: int = 0

    def on_change(self, listener: Listener) -> None:
        """Call this after each change of a seat's state; it must not block."""
        self._listeners.append(listener)

    def on_handled(self, listener: Handled) -> None:
        """Call this whenever a talk and its wrap-up are over; it must not block."""
        self._handled.append(listener)

    def __iter__(self) -> Iterator[Seat]:
        return iter(list(self._seats.values()))

    def __len__(self) -> int:
        return len(self._seats)

    def seat(self, agent: str) -> Seat | None:
        """One agent's seat; None when they are not signed in."""
        return self._seats.get(agent)

    # What agents do.

    def sign_in(self, agent: str, skills: Collection[str] = (), *, parked: bool = True) -> Seat:
        """An agent is here, ready as soon as their leg is parked; one who was here keeps their state."""
        seat = self._seats.setdefault(agent, Seat(agent, since=self.seconds()))
        seat.skills, seat.leaving, seat.going_home, seat.parked = frozenset(skills), False, False, parked
        if seat.state is AgentState.OFFLINE:
            seat.reason = ""
            if parked:
                self._turn(seat, AgentState.READY)
        return seat

    def restore(self, seat: Seat) -> None:
        """Take over an agent as an earlier process left them; nobody is told."""
        if seat.token:
            self._tokens = max(self._tokens, seat.token)
        self._seats[seat.agent] = seat

    def pause(self, agent: str, reason: str = "") -> None:
        """They take no calls for a while; a talk that is on goes on first."""
        if seat := self._seats.get(agent):
            seat.reason = reason
            if seat.state in BUSY:
                seat.leaving = True
            elif seat.state is AgentState.OFFLINE:
                seat.leaving = True
                self._turn(seat, AgentState.OFFLINE)
            else:
                self._turn(seat, AgentState.PAUSED)

    def ready(self, agent: str) -> float | None:
        """They take calls (again); out of a wrap-up too, and then gives its seconds as `wrapped_up` does."""
        seat = self._seats.get(agent)
        if seat is None:
            return None
        seat.leaving = seat.going_home = False
        seat.reason = ""
        if seat.state is AgentState.WRAP_UP:
            return self.wrapped_up(agent)
        if seat.state is AgentState.PAUSED:
            self._turn(seat, AgentState.READY if seat.parked else AgentState.OFFLINE)
        return None

    def sign_out(self, agent: str) -> None:
        """They go home; a talk that is on goes on first, with its wrap-up."""
        if seat := self._seats.get(agent):
            if seat.state in BUSY:
                seat.leaving = seat.going_home = True
            else:
                self._empty(seat)

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

    def lost(self, agent: str, reason: str = "") -> None:
        """The leg is gone. A talk is over with it, and its wrap-up goes on; a reservation holds no more."""
        seat = self._seats.get(agent)
        if seat is None:
            return
        seat.parked = seat.kept = False
        if seat.state is AgentState.TALKING:
            self._turn(seat, AgentState.WRAP_UP)
        elif seat.going_home and seat.state is AgentState.RESERVED:
            self._empty(seat)
        elif seat.state is not AgentState.WRAP_UP:
            seat.leaving = seat.leaving or seat.state is AgentState.PAUSED
            seat.reason = seat.reason if seat.leaving else reason
            self._turn(seat, AgentState.OFFLINE)

    def found_talking(self, agent: str, call: str = "") -> None:
        """The leg was found in a talk that nobody told of, as after a restart."""
        if (seat := self._seats.get(agent)) and seat.state not in {AgentState.TALKING, AgentState.WRAP_UP}:
            seat.parked, seat.call = False, call or seat.call
            seat.busy_since = self.seconds()
            self._turn(seat, AgentState.TALKING)

    def keep(self, agent: str, *, kept: bool) -> None:
        """From now on their leg's whereabouts say nothing of their state, or do again (`Seat.kept`)."""
        if seat := self._seats.get(agent):
            seat.kept = kept

    def talks_on(self, agent: str, call: str) -> bool:
        """A talk that was taken for over goes on: its customer was on hold when an earlier process fell.

        False when the agent has another call by now, or their leg is not there.
        """
        seat = self._seats.get(agent)
        if seat is None or seat.state is AgentState.RESERVED or (seat.state in BUSY and seat.call != call):
            return False
        if seat.state is not AgentState.TALKING:
            if not seat.parked:
                return False
            seat.call = call
            self._turn(seat, AgentState.TALKING)
        return True

    # Handing them out.

    def reserve(
        self,
        call: str,
        *,
        skill: str = "",
        campaign: str = "",
        wrap: float | None = None,
        inbound: bool = False,
    ) -> Reservation | None:
        """Hold the longest idle agent who knows `skill` ('' anybody) for a call; None when nobody is free.

        `wrap`: the seconds of wrap-up the talk gives them. A call of ours gets none of those whom callers are
        waiting for; one that is `inbound` does.
        """
        seat = min(self._to_have(skill, campaign, inbound=inbound), key=_turn_of, default=None)
        return self._hold(seat, call, campaign, wrap) if seat else None

    def reserve_agent(
        self,
        agent: str,
        call: str,
        *,
        skill: str = "",
        campaign: str = "",
        wrap: float | None = None,
        inbound: bool = False,
    ) -> Reservation | None:
        """Hold this one agent for a call, by the rules of `reserve`; who is held for it already stays so.

        None when they are not free, do not know `skill`, or are kept for callers who wait.
        """
        held = self._seats.get(agent)
        if held is not None and held.state is AgentState.RESERVED and held.call == call:
            return Reservation(agent, call, held.token)
        for seat in self._to_have(skill, campaign, inbound=inbound):
            if seat.agent == agent:
                return self._hold(seat, call, campaign, wrap)
        return None

    def take(
        self, agent: str, call: str, *, campaign: str = "", wrap: float | None = None
    ) -> Reservation | None:
        """Hold this one agent for a call though they may be paused: they want it themselves.

        After it they are paused again. None when they are busy, or their leg is not there.
        """
        seat = self._seats.get(agent)
        if seat is None or seat.state not in {AgentState.READY, AgentState.PAUSED}:
            return None
        if not (seat.parked or seat.kept):
            return None
        paused = seat.state is AgentState.PAUSED
        held = self._hold(seat, call, campaign, wrap)
        seat.leaving = paused
        return held

    def spare(self, agent: str, campaign: str) -> None:
        """From now on nobody but a call of this campaign gets them ('': anybody), until they are held."""
        if seat := self._seats.get(agent):
            seat.spared = campaign

    def _to_have(self, skill: str, campaign: str, *, inbound: bool) -> Sequence[Seat]:
        """The free who know `skill`, without those kept for callers if the call is one of ours."""
        seats = self._seats.values()
        free = [seat for seat in seats if _free(seat, "") and seat.spared in {"", campaign}]
        if not inbound and self.inbound:
            spared = [seat for seat in free if seat.spared]  # their caller gave them up for this very call
            free = spared + self.inbound.leaves(sorted((s for s in free if not s.spared), key=_turn_of))
        return [seat for seat in free if _free(seat, skill)]

    def _hold(self, seat: Seat, call: str, campaign: str, wrap: float | None) -> Reservation:
        self._tokens += 1
        seat.token, seat.call, seat.campaign, seat.wrap = self._tokens, call, campaign, wrap
        seat.busy_since, seat.spared = self.seconds(), ""
        self._turn(seat, AgentState.RESERVED)
        return Reservation(seat.agent, call, self._tokens)

    def release(self, reservation: Reservation) -> bool:
        """They were not joined after all: free again, with the place they had.

        Also after `talking`, while the leg has not left its park. False when the reservation holds no more.
        """
        seat = self._seats.get(reservation.agent)
        if seat is None or seat.token != reservation.token:
            return False
        if seat.state is not AgentState.RESERVED and not (seat.state is AgentState.TALKING and seat.parked):
            return False
        if seat.going_home:
            self._empty(seat)
        elif seat.leaving:
            seat.leaving = False
            self._turn(seat, AgentState.PAUSED)
        else:
            idle = seat.idle_since
            self._turn(seat, AgentState.READY if seat.parked else AgentState.OFFLINE)
            seat.idle_since = idle
        return True

    def talking(self, reservation: Reservation) -> bool:
        """Customer and agent are joined; told again it changes nothing. False when it holds no more."""
        seat = self._seats.get(reservation.agent)
        if seat is None or seat.token != reservation.token:
            return False
        if seat.state is AgentState.RESERVED:
            seat.busy_since = self.seconds()
            self._turn(seat, AgentState.TALKING)
        return seat.state is AgentState.TALKING

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
        for listener in self._handled:
            listener(seat, handled)
        if seat.going_home:
            self._empty(seat)
        elif seat.leaving and seat.parked:
            seat.leaving = False
            self._turn(seat, AgentState.PAUSED)
        else:
            self._turn(seat, AgentState.READY if seat.parked else AgentState.OFFLINE)
        return handled

    # What is known.

    def idle(self, skill: str = "") -> int:
        """How many are free; those whom inbound callers are waiting for are among them."""
        return sum(_free(seat, skill) for seat in self._seats.values())

    def busy(self, skill: str = "") -> Sequence[float]:
        """Seconds since each busy one's talk began."""
        now = self.seconds()
        return [now - seat.busy_since for seat in self._seats.values() if _occupied(seat, skill)]

    def leaving(self, skill: str = "") -> int:
        """How many busy ones will take no other call."""
        return sum(seat.leaving and _occupied(seat, skill) for seat in self._seats.values())

    def waiting_inbound(self, skill: str = "") -> int:
        """How many inbound callers wait for agents who might also serve calls for `skill`."""
        return self.inbound.rivals(skill, self._seats.values())

    def _empty(self, seat: Seat) -> None:
        """They are gone home."""
        seat.reason = SIGN_OUT
        seat.leaving = seat.going_home = False
        del self._seats[seat.agent]
        self._turn(seat, AgentState.OFFLINE)

    def _turn(self, seat: Seat, state: AgentState) -> None:
        now = self.seconds()
        before, seat.state, seat.lasted, seat.since = seat.state, state, now - seat.since, now
        if state is AgentState.READY:
            seat.idle_since = now
        for listener in self._listeners:
            listener(seat, before)
        if seat.state not in BUSY:  # not sooner: the listeners write down whose talk it was
            seat.call = seat.campaign = ""


def _free(seat: Seat, skill: str) -> bool:
    return seat.state is AgentState.READY and seat.parked and (not skill or skill in seat.skills)


def _turn_of(seat: Seat) -> float:
    return seat.idle_since


def _occupied(seat: Seat, skill: str) -> bool:
    return seat.state in BUSY and (not skill or skill in seat.skills)
