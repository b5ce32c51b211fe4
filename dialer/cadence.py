"""What a campaign has in the air and who is free for it, as its pacer wants to hear it. Pure; no I/O.

The live dial loop and the simulator tell a `Cadence` the same things at the same moments, so that what the
simulator forecasts is what the loop does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dialer.pacing import Pacer, PacingState


@dataclass(frozen=True, slots=True)
class Staff:
    """The agents a campaign may have, as they are now."""

    idle: int
    """Ready and free; already this campaign's share when several have the same agents."""
    busy: Sequence[float] = ()
    """Seconds since each busy agent's talk began."""
    leaving: int = 0
    """Busy ones who will take no other call."""
    inbound_waiting: int = 0
    """Callers waiting for the same agents."""


@dataclass(slots=True)
class _Air:
    """One call in the air, in seconds of the clock."""

    placed: float
    answered: float | None = None
    analysing: bool = False
    joined: bool = False


class Cadence:
    """Keeps one campaign's calls in the air and asks its pacer for more.

    A call is `placed`, then perhaps `answered`, then perhaps known for a `person`, then perhaps `joined`, and
    in the end `ended`, each told once with the same key. What comes for an unknown key is passed over.
    """

    def __init__(self, pacer: Pacer, seconds: Callable[[], float]) -> None:
        """`seconds` is a monotonic clock."""
        self.pacer = pacer
        self._seconds = seconds
        self._air: dict[str, _Air] = {}

    def __len__(self) -> int:
        return len(self._air)

    @property
    def ringing(self) -> int:
        """Calls placed and not answered yet."""
        return sum(call.answered is None for call in self._air.values())

    @property
    def waiting(self) -> int:
        """Live answers that have no agent yet."""
        return sum(_waits(call) for call in self._air.values())

    @property
    def analysing(self) -> int:
        """Answered, person or machine not yet known."""
        return sum(call.analysing for call in self._air.values())

    def placed(self, key: str) -> None:
        """A call was placed."""
        self._air[key] = _Air(self._seconds())

    def answered(self, key: str, *, analysing: bool = False) -> None:
        """Somebody or something answered; with `analysing` it is not known yet which."""
        if call := self._air.get(key):
            call.answered = self._seconds()
            call.analysing = analysing

    def person(self, key: str) -> None:
        """It is a person."""
        if call := self._air.get(key):
            call.analysing = False

    def joined(self, key: str) -> None:
        """An agent talks to them: for the pacer the call has ended well."""
        if (call := self._air.get(key)) and not call.joined:
            call.joined, call.analysing = True, False
            self._tell(call, "connected")

    def ended(self, key: str, outcome: str) -> None:
        """The call is over.

        `outcome` is one of the pacer's words: abandoned, machine, no_answer, busy, failed. For one that was
        joined it says nothing any more.
        """
        call = self._air.pop(key, None)
        if call is not None and not call.joined:
            self._tell(call, outcome)

    def agent_freed(self, handled: float) -> None:
        """An agent has finished a talk of this campaign with its wrap-up, in so many seconds together."""
        self.pacer.agent_freed(handled)

    def wanted(self, staff: Staff) -> int:
        """How many calls to place now. Ask at least once a second."""
        return max(0, self.pacer.calls_to_place(self.state(staff)))

    def state(self, staff: Staff) -> PacingState:
        """The moment as the pacer sees it."""
        now = self._seconds()
        calls = self._air.values()
        return PacingState(
            now=now,
            idle_agents=staff.idle,
            busy_agents=staff.busy,
            ringing=[now - call.placed for call in calls if call.answered is None],
            waiting=sum(_waits(call) for call in calls),
            analysing=sum(call.analysing for call in calls),
            leaving=staff.leaving,
            inbound_waiting=staff.inbound_waiting,
        )

    def _tell(self, call: _Air, outcome: str) -> None:
        now = self._seconds()
        rang = (call.answered if call.answered is not None else now) - call.placed
        self.pacer.call_ended(placed=call.placed, ended=now, outcome=outcome, rang=rang)


def _waits(call: _Air) -> bool:
    return call.answered is not None and not call.analysing and not call.joined
