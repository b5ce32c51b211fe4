"""Pacing without a model: one call for each free agent, or so many."""

from dialer.pacing import PacingState
from dialer.simulator.baselines.unlearning import UnlearningPacer


def unanswered_or_open(state: PacingState) -> int:
    """Calls that may still want an agent, or wait for one."""
    return len(state.ringing) + state.analysing + state.waiting


class ProgressivePacer(UnlearningPacer):
    """One call for each free agent. Nobody is abandoned unless agents leave or callers take them."""

    def calls_to_place(self, state: PacingState) -> int:
        """As many as agents are free and not yet called for."""
        return max(0, state.idle_agents - state.inbound_waiting - unanswered_or_open(state))


class FixedRatioPacer(UnlearningPacer):
    """So many calls for each free agent, whatever becomes of them (VICIdial's RATIO, `anchors.md` §1.2)."""

    def __init__(self, ratio: float) -> None:
        self._ratio = ratio

    def calls_to_place(self, state: PacingState) -> int:
        """`round(ratio · free) − open`."""
        free = max(0, state.idle_agents - state.inbound_waiting)
        return max(0, round(self._ratio * free) - unanswered_or_open(state))
