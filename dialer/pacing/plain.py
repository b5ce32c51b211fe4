"""Pacers that follow a rule and no forecast: preview, progressive and ratio."""

import math

from dialer.pacing.campaign import CampaignPacer
from dialer.pacing.face import PacingState
from values import BadInputError

USUAL_LINES = 1.5
MOST_LINES = 20.0


class PreviewPacer(CampaignPacer):
    """Places nothing by itself: agents look at a contact and ask for the call."""

    def _wanted(self, state: PacingState, free: int) -> int:  # noqa: ARG002 - the agents decide, not the state
        return 0


class ProgressivePacer(CampaignPacer):
    """One call for each free agent, so that no live answer waits unless agents leave or are taken."""

    def _wanted(self, state: PacingState, free: int) -> int:
        return one_each(state, free)


class RatioPacer(CampaignPacer):
    """A fixed number of lines for each free agent; one line while abandonment is at its limit."""

    def __init__(
        self, lines: float = USUAL_LINES, *, max_abandon: float, max_occupancy: float | None
    ) -> None:
        super().__init__(max_abandon=max_abandon, max_occupancy=max_occupancy)
        self.lines_per_agent = lines

    @property
    def lines_per_agent(self) -> float:
        """Lines for each free agent; may be set on the running pacer."""
        return self._lines_each

    @lines_per_agent.setter
    def lines_per_agent(self, lines: float) -> None:
        if not 1 <= lines <= MOST_LINES:
            raise BadInputError(f"must be from 1 to {MOST_LINES:g} lines, not {lines}", field="ratio")
        self._lines_each = lines

    def _wanted(self, state: PacingState, free: int) -> int:
        if self._budget.lost and self._budget.left < 0:
            return one_each(state, free)
        return math.floor(self._lines_each * free) - len(state.ringing) - state.analysing


def one_each(state: PacingState, free: int) -> int:
    """One call for each free agent, less the calls under way."""
    return max(0, free - len(state.ringing) - state.analysing)
