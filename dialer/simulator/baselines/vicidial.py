"""VICIdial's adaptive dial level, after the formulas of `anchors.md` §1.1 and §1.2; no AGPL source was used.

What stands for what: logged-in agents are those idle or busy, since nobody pauses here; agents in a call are
the busy ones times the share of talk in talk and wrap-up, since `PacingState` counts both as one and VICIdial
does not count dispositions; calls/s limits are the scenario's. Who waits is hung up when the scenario says; a
connection after two seconds is abandoned, even if VICIdial calls it answered.
"""

from collections import deque
from enum import StrEnum
from statistics import fmean

from dialer.pacing import PacingState

_PASS = 2.5
"""Seconds between two passes of the dialler."""
_ADAPT = 15.0
"""Seconds between two levels."""
_REFRESH = 60.0
"""Seconds between two looks at the day's drops."""
_SAMPLES = 15
_FEW_A_MINUTE = 20
_FEW_A_DAY = 50


class VicidialMethod(StrEnum):
    """What is done above the limit."""

    TAPERED = "ADAPT_TAPERED"
    HARD_LIMIT = "ADAPT_HARD_LIMIT"
    AVERAGE = "ADAPT_AVERAGE"


class VicidialPacer:
    """A multiplicative dial level, and `round(level · agents) − calls` lines at each pass."""

    def __init__(
        self,
        method: VicidialMethod = VicidialMethod.TAPERED,
        *,
        max_drop: float = 0.03,
        starts: float = 9 * 3600.0,
        latest: int = 2100,
        talking: float = 150 / 175,
        most: float = 3.0,
        target: float = 0.0,
        intensity: float = 0.0,
    ) -> None:
        """`starts`: seconds since midnight at `now` = 0; `latest`: when dialling ends for the day, as HHMM.

        `target` (adaptive_dl_diff_target) and `intensity` (percent) are the operator's, with its defaults.
        """
        self._method = method
        self._max_drop = max_drop
        self._starts = starts
        self._latest = latest
        self._talking = talking
        self._most = most
        self._target = target
        self._intensity = intensity / 100
        self.level = 1.0
        """Lines for each agent."""
        self._next_pass = self._next_adapt = self._next_refresh = 0.0
        self._samples: deque[tuple[int, int, int]] = deque(maxlen=_SAMPLES)
        self._minute: deque[tuple[float, bool]] = deque()
        self._answers = self._drops = self._calls = 0
        self._seen_share, self._seen_calls = 0.0, 0

    def calls_to_place(self, state: PacingState) -> int:
        """Sample each time, adapt every 15 s, dial every 2.5 s."""
        ready, total = state.idle_agents, state.idle_agents + len(state.busy_agents)
        self._samples.append((ready, state.waiting + state.inbound_waiting, total))
        if state.now >= self._next_refresh:
            self._next_refresh = state.now + _REFRESH
            self._seen_share = self._drops / self._answers if self._answers else 0.0
            self._seen_calls = self._calls
        if state.now >= self._next_adapt:
            self._next_adapt = state.now + _ADAPT
            self.level = self._adapted(state.now)
        if state.now < self._next_pass or state.inbound_waiting:
            return 0
        self._next_pass = max(self._next_pass + _PASS, state.now)
        in_call = (len(state.busy_agents) - state.leaving) * self._talking
        goal = round(self.level * (ready + in_call))
        existing = len(state.ringing) + state.analysing + state.waiting + round(in_call)
        return max(0, goal - existing)

    def _adapted(self, now: float) -> float:
        surplus = fmean(ready - waiting for ready, waiting, _ in self._samples) + self._target
        agents = fmean(total for _, _, total in self._samples)
        percent = 100 * surplus / agents if surplus and agents else 0.0
        percent *= abs(self._intensity - 1) if percent < 0 else self._intensity + 1
        level = round(self.level * (1 + percent / 100), 3)
        level = min(max(level, 1.0), self._most)
        level = self._after_a_bad_minute(level, now)
        if self._seen_calls > _FEW_A_DAY and self._seen_share > self._max_drop:
            level = self._over_limit(level, now)
        return max(level, 1.0)

    def _after_a_bad_minute(self, level: float, now: float) -> float:
        while self._minute and self._minute[0][0] < now - 60:
            self._minute.popleft()
        calls, drops = len(self._minute), sum(dropped for _, dropped in self._minute)
        return level / 2 if calls > _FEW_A_MINUTE and drops / calls > 1 / 2 else level

    def _over_limit(self, level: float, now: float) -> float:
        if self._method is VicidialMethod.HARD_LIMIT:
            return 1.0
        if self._method is VicidialMethod.AVERAGE:
            return level / 2
        hours, seconds = divmod(self._starts + now, 3600)
        left = self._latest - (int(hours) * 100 + int(seconds // 60))  # its own raw subtraction of HHMM
        return 1.0 if left < 0 else level * min(1.0, left / 1000)

    def call_ended(self, *, placed: float, ended: float, outcome: str, rang: float) -> None:
        """The day's drops among the day's answers, from its first call on."""
        del placed, rang
        dropped = outcome == "abandoned"
        self._calls += 1
        self._answers += outcome in {"connected", "abandoned"}
        self._drops += dropped
        self._minute.append((ended, dropped))

    def agent_freed(self, handled: float) -> None:
        """Nothing is learned from it."""
