"""The pacer that dials ahead: the most calls whose risk of an abandonment fits what is left of the budget."""

from collections.abc import Mapping
from typing import Any

from dialer.pacing.appetite import Appetite
from dialer.pacing.campaign import CampaignPacer
from dialer.pacing.face import PacingState
from dialer.pacing.forecast import foresee
from dialer.pacing.plain import one_each
from values import BadInputError

FIRST_CALLS = 30
"""Calls that must have ended before any is placed ahead: until then nothing is known of who answers."""

USUAL_HANDLING, SHORTEST_HANDLING = 175.0, 10.0
"""Seconds of talk and wrap-up for which the steering was found, and the shortest it is stretched to."""


class PredictivePacer(CampaignPacer):
    """Forecasts free agents and live answers, and adds calls while one more risks less than the threshold.

    It never places fewer calls than the progressive pacer, and no more once the budget is overdrawn.
    """

    def __init__(self, *, max_abandon: float, max_occupancy: float | None) -> None:
        super().__init__(max_abandon=max_abandon, max_occupancy=max_occupancy)
        self._appetite = Appetite(self._budget)

    @property
    def _risk(self) -> float:
        return self._appetite.threshold(self._size)

    @property
    def _size(self) -> float:
        """The agents of usual talks who would take as many calls an hour."""
        return self._agents * USUAL_HANDLING / max(SHORTEST_HANDLING, self._handling.mean)

    def _wanted(self, state: PacingState, free: int) -> int:
        least = one_each(state, free)
        threshold = self._appetite.threshold(self._size)
        if threshold <= 0 or self._ring.calls < FIRST_CALLS:
            return least
        forecast = foresee(state, free, self._ring, self._handling)
        # No more under way than agents and calls learned from: an unlucky start is no dead list.
        known = self._agents + self._ring.calls - len(state.ringing)
        return max(least, min(known, forecast.most_calls(threshold)))

    def call_ended(self, *, placed: float, ended: float, outcome: str, rang: float) -> None:
        """Learn how a call ended; see `Pacer.call_ended`."""
        super().call_ended(placed=placed, ended=ended, outcome=outcome, rang=rang)
        if outcome in {"connected", "abandoned"}:
            self._appetite.learn(self._size)

    def learned(self) -> dict[str, Any]:
        """All that was learned (no settings, no counts), ready for JSON."""
        return {**super().learned(), "level": self._appetite.learned()}

    def relearn(self, learned: Mapping[str, Any]) -> None:
        """Take what `learned` of a pacer of any mode gave.

        Raises:
            BadInputError: it does not come from there.

        """
        super().relearn(learned)
        level = learned.get("level", 0.0)
        if not isinstance(level, int | float):
            raise BadInputError("is no number", field="level")
        self._appetite.relearn(level)
