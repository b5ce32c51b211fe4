"""Genesys' progressive dialling with a multiplier (docs.genesys.com CXC PacingOptions; `anchors.md` §2.1)."""

import math

from dialer.pacing import PacingState
from dialer.simulator.baselines.unlearning import UnlearningPacer


class GenesysPacer(UnlearningPacer):
    """`new = floor(m · (ready − queued − ceil(dialing / m)))`."""

    def __init__(self, multiplier: float) -> None:
        self._multiplier = multiplier

    def calls_to_place(self, state: PacingState) -> int:
        """Dialing: ringing or listened to. Queued: waiting for an agent, callers included."""
        dialing = len(state.ringing) + state.analysing
        queued = state.waiting + state.inbound_waiting
        ready = state.idle_agents - queued - math.ceil(dialing / self._multiplier)
        return max(0, math.floor(self._multiplier * ready))
