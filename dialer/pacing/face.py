"""What a pacer sees and what it answers: the face others plug into their own dialler or simulator."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PacingState:
    """The campaign at one moment, as the dial loop sees it. Times are in seconds."""

    now: float
    """Any monotonic origin; a day here is not a calendar day."""
    idle_agents: int
    """Agents ready and free."""
    busy_agents: Sequence[float]
    """Seconds since each busy agent's talk began, talk and wrap-up together, in any order."""
    ringing: Sequence[float]
    """Seconds since each placed and still unanswered call was placed, in any order."""
    waiting: int
    """Live answers that have no agent yet."""
    analysing: int = 0
    """Answered, person or machine not yet known."""
    leaving: int = 0
    """Busy agents who will not take another call."""
    inbound_waiting: int = 0
    """Callers in the queue that the same agents serve; they come before our calls."""


class Pacer(Protocol):
    """Says how many calls to place now, and learns from how they end."""

    def calls_to_place(self, state: PacingState) -> int:
        """How many new calls to place at this moment; to be asked at least once a second."""

    def call_ended(self, *, placed: float, ended: float, outcome: str, rang: float) -> None:
        """Learn how a call ended.

        `outcome` is "connected" (told when an agent is joined), "abandoned", "machine", "no_answer", "busy"
        or "failed"; `placed` and `ended` are on the clock of `PacingState.now`; `rang` is the seconds from
        placing to the answer, or to the end of ringing.
        """

    def agent_freed(self, handled: float) -> None:
        """Learn that an agent has just finished `handled` seconds of talk and wrap-up."""
