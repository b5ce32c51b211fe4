"""Impact Dialing's simulation in the loop (`anchors.md` §2.1, after impactdialing/impactdialing).

Simplified: it looks for a new factor once a minute, in steps of a second, and a replayed answer that finds no
free agent is abandoned unless one is due within two seconds. Handling times are replayed, not talk alone.
"""

from collections import deque
from collections.abc import Sequence
from heapq import heappop, heappush
from random import Random

from dialer.pacing import PacingState
from dialer.simulator.abandonment import share

_EVERY = 60.0
_WINDOW = 1800.0
_ENOUGH_AGENTS = 5
_ENOUGH_ATTEMPTS = 50
_REPLAYED = 100
_LENGTH = 240
"""Seconds of a replay."""
_FACTORS = 6
_WAITS = 2.0


class ImpactPacer:
    """`int(f · available − ringing − presented)`, f the best of six by replaying what was seen lately."""

    def __init__(self, *, max_abandon: float = 0.03, seed: int = 0) -> None:
        self._max_abandon = max_abandon
        self._random = Random(seed)
        self._attempts: deque[tuple[float, float, bool]] = deque()
        self._handled: deque[float] = deque(maxlen=_REPLAYED)
        self._answers = self._drops = 0
        self._next = 0.0
        self.factor = 1.0
        """Calls for each available agent."""

    def calls_to_place(self, state: PacingState) -> int:
        """By the factor that the last replay chose."""
        if state.now >= self._next:
            self._next = state.now + _EVERY
            self.factor = self._choose(state)
        presented = state.waiting + state.analysing + state.inbound_waiting
        return max(0, int(self.factor * state.idle_agents - len(state.ringing) - presented))

    def _choose(self, state: PacingState) -> float:
        while self._attempts and self._attempts[0][0] < state.now - _WINDOW:
            self._attempts.popleft()
        agents = state.idle_agents + len(state.busy_agents)
        answers = sum(answered for _, _, answered in self._attempts)
        few = agents < _ENOUGH_AGENTS or len(self._attempts) < _ENOUGH_ATTEMPTS
        if few or not answers or not self._handled:
            return 1.0
        recent = list(self._attempts)[-_REPLAYED:]
        best, most = 1.0, -1.0
        for step in range(1, _FACTORS + 1):
            factor = max(1.0, step / _FACTORS * len(self._attempts) / answers)
            utilisation, abandoned = self._replay(recent, state, factor)
            if abandoned < self._max_abandon and utilisation > most:
                best, most = factor, utilisation
        if share(self._drops, self._answers) > self._max_abandon:
            best = max(1.0, 0.75 * best)
        return best

    def _replay(
        self, attempts: Sequence[tuple[float, float, bool]], state: PacingState, factor: float
    ) -> tuple[float, float]:
        """Utilisation and abandonment of the next minutes, were they like the last ones."""
        random, handled = self._random, list(self._handled)
        idle = state.idle_agents
        agents = idle + len(state.busy_agents)
        busy = sorted(max(0.0, random.choice(handled) - spent) for spent in state.busy_agents)
        ringing: list[tuple[float, bool]] = []
        worked, joined, dropped = 0, 0, 0
        for second in range(_LENGTH):
            while busy and busy[0] <= second:
                heappop(busy)
                idle += 1
            while ringing and ringing[0][0] <= second:
                if not heappop(ringing)[1]:
                    continue
                if idle:
                    idle -= 1
                    joined += 1
                    heappush(busy, second + random.choice(handled))
                elif busy and busy[0] <= second + _WAITS:
                    joined += 1
                    heappush(busy, heappop(busy) + random.choice(handled))
                else:
                    dropped += 1
            for _ in range(int(factor * idle - len(ringing))):
                _, rang, answered = random.choice(attempts)
                heappush(ringing, (second + rang, answered))
            worked += len(busy)
        return share(worked, agents * _LENGTH), share(dropped, dropped + joined)

    def call_ended(self, *, placed: float, ended: float, outcome: str, rang: float) -> None:
        """Attempts of the last half hour, and the campaign's own rate."""
        del placed
        answered = outcome in {"connected", "abandoned"}
        self._attempts.append((ended, rang, answered))
        self._answers += answered
        self._drops += outcome == "abandoned"

    def agent_freed(self, handled: float) -> None:
        """What the next replays draw from."""
        self._handled.append(handled)
