"""The predictor of Issabel's call centre (`anchors.md` §2.1, after IssabelFoundation/callcenter)."""

import math
from collections import deque

from dialer.pacing import PacingState

_LEARNS_FROM = 10
"""Completed calls, before which only free agents count."""
_WINDOW = 1800.0
_ENOUGH = 10
"""Attempts in the window, before which the answer rate is not used."""
_LOWEST = 0.20
"""The answer rate is never taken for less."""


class IssabelPacer:
    """Free agents, and those who are likely to be free soon, divided by the answer rate (overcommit).

    An agent busy for t counts when `1 − exp(−(t + mean answer)/mean talk) ≥ qos`: an exponential's
    distribution function, which forgets that the talk has lasted t already.
    """

    def __init__(self, *, qos: float = 0.97, every: float = 3.0, overcommit: bool = True) -> None:
        """`every`: seconds between two looks (its `dialer.entretiempo`)."""
        self._qos = qos
        self._every = every
        self._overcommit = overcommit
        self._next = 0.0
        self._attempts: deque[tuple[float, bool]] = deque()
        self._answers = 0
        self._rang = 0.0
        self._answered = 0
        self._handled = 0.0
        self._completed = 0

    def calls_to_place(self, state: PacingState) -> int:
        """Nothing between two looks."""
        if state.now < self._next:
            return 0
        self._next = state.now + self._every
        queued = state.waiting + state.inbound_waiting
        wanted = max(0, state.idle_agents + self._soon(state) - queued)
        calls = math.floor(wanted / self._answer_rate(state.now))
        return max(0, calls - len(state.ringing) - state.analysing)

    def _soon(self, state: PacingState) -> int:
        if self._completed < _LEARNS_FROM or not self._answered:
            return 0
        answer, talk = self._rang / self._answered, self._handled / self._completed
        return sum(1 - math.exp(-(spent + answer) / talk) >= self._qos for spent in state.busy_agents)

    def _answer_rate(self, now: float) -> float:
        while self._attempts and self._attempts[0][0] < now - _WINDOW:
            self._answers -= self._attempts.popleft()[1]
        if not self._overcommit or len(self._attempts) < _ENOUGH:
            return 1.0
        return max(self._answers / len(self._attempts), _LOWEST)

    def call_ended(self, *, placed: float, ended: float, outcome: str, rang: float) -> None:
        """Attempts of the last half hour, and how long the answered ones rang."""
        del placed
        answered = outcome in {"connected", "abandoned", "machine"}
        self._attempts.append((ended, answered))
        self._answers += answered
        if answered:
            self._rang += rang
            self._answered += 1

    def agent_freed(self, handled: float) -> None:
        """The mean talk, over the whole campaign."""
        self._handled += handled
        self._completed += 1
