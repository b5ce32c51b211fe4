"""What pacers of all modes have in common: they learn, count, keep the occupancy cap and take new settings.

As every mode learns the same, a running campaign that changes its mode hands over what it knows:
`new.relearn(old.learned())`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from dialer.pacing.budget import Budget
from dialer.pacing.estimates import Estimates
from dialer.pacing.face import PacingState
from dialer.pacing.handling import HandlingModel
from dialer.pacing.occupancy import OccupancyCap
from dialer.pacing.ring import RingModel
from values import BadInputError

OUTCOMES = frozenset({"connected", "abandoned", "machine", "no_answer", "busy", "failed"})
PATIENCE = 2.0
"""Seconds a live answer may wait for an agent; Ofcom's and the FTC's clock."""
LONGEST_PATIENCE = 60.0


class CampaignPacer(ABC):
    """A `Pacer` that can be steered while it runs."""

    def __init__(self, *, max_abandon: float, max_occupancy: float | None) -> None:
        self._budget = Budget(max_abandon)
        self._occupancy = OccupancyCap(max_occupancy)
        self._ring = RingModel()
        self._handling = HandlingModel(PATIENCE)
        self._agents = 0
        self._lines = 0

    @abstractmethod
    def _wanted(self, state: PacingState, free: int) -> int:
        """Calls to place, with so many agents free for our live answers; negative when answers wait."""

    @property
    def _risk(self) -> float:
        return 0.0

    def calls_to_place(self, state: PacingState) -> int:
        """How many new calls to place at this moment; to be asked at least once a second."""
        busy = len(state.busy_agents)
        self._agents = state.idle_agents + busy
        self._lines = len(state.ringing) + state.analysing + state.waiting + busy
        self._budget.at(state.now)
        self._ring.look(state.now, state.ringing, state.waiting)
        alone = self._occupancy.left_alone(state.now, busy, self._agents)
        if self._agents <= state.leaving:
            return 0
        free = state.idle_agents - state.inbound_waiting - state.waiting - alone
        return max(0, self._wanted(state, free))

    def call_ended(self, *, placed: float, ended: float, outcome: str, rang: float) -> None:
        """Learn how a call ended; see `Pacer.call_ended`.

        Raises:
            BadInputError: there is no such outcome.

        """
        if outcome not in OUTCOMES:
            raise BadInputError(
                f"must be one of {', '.join(sorted(OUTCOMES))}, not {outcome}", field="outcome"
            )
        self._budget.at(ended)
        self._ring.ended(outcome, placed=placed, rang=rang)
        if outcome == "connected":
            self._budget.connect()
        elif outcome == "abandoned":
            self._budget.abandon()

    def agent_freed(self, handled: float) -> None:
        """Learn that an agent has just finished `handled` seconds of talk and wrap-up."""
        self._handling.freed(handled)

    @property
    def max_abandon(self) -> float:
        """The limit of abandonment, 0 to 1; may be set on the running pacer."""
        return self._budget.limit

    @max_abandon.setter
    def max_abandon(self, limit: float) -> None:
        self._budget.limit = limit

    @property
    def max_occupancy(self) -> float | None:
        """The cap on talk and wrap-up over staffed time; may be set on the running pacer."""
        return self._occupancy.cap

    @max_occupancy.setter
    def max_occupancy(self, cap: float | None) -> None:
        self._occupancy.cap = cap

    @property
    def patience(self) -> float:
        """Seconds after which a live answer without an agent counts as abandoned; 2 unless set."""
        return self._handling.patience

    @patience.setter
    def patience(self, seconds: float) -> None:
        if not 0 <= seconds <= LONGEST_PATIENCE:
            raise BadInputError(
                f"must be from 0 to {LONGEST_PATIENCE:g} seconds, not {seconds}", field="patience"
            )
        self._handling.renew(seconds)

    def count_over(self, window: float | None) -> None:
        """Count abandonment over a rolling window of so many seconds, or, with None, since `begin_window`.

        Raises:
            BadInputError: the window is not longer than nothing.

        """
        self._budget.over(window)

    def begin_window(self) -> None:
        """Count abandonment anew: the calendar day, or the campaign, has begun."""
        self._budget.restore(connected=0, abandoned=0, charged=0)

    def restore(
        self, *, connected: float = 0, abandoned: float = 0, amd_false: float = 0, ago: float = 0
    ) -> None:
        """Replace the window's counts after a restart; in a rolling window they happened `ago` seconds ago.

        Raises:
            BadInputError: one is negative.

        """
        self._budget.restore(connected=connected, abandoned=abandoned, charged=amd_false, ago=ago)

    def charge(self, amount: float) -> None:
        """Take from the budget an estimated number of persons hung up on as machines.

        Raises:
            BadInputError: it is negative.

        """
        self._budget.charge(amount)

    @property
    def estimates(self) -> Estimates:
        """What is believed at this moment."""
        return Estimates(
            answer_probability=self._ring.rate.settled,
            ring_mean=self._ring.mean_to_answer,
            handling_mean=self._handling.mean,
            handling_cv=self._handling.cv,
            machine_share=1 - self._ring.person_share,
            abandonment=self._budget.share,
            budget_left=self._budget.left,
            lines_per_agent=self._lines / self._agents if self._agents else 0.0,
            risk=self._risk,
        )

    def learned(self) -> dict[str, Any]:
        """All that was learned (no settings, no counts), ready for JSON."""
        return {"ring": self._ring.learned(), "handling": self._handling.learned()}

    def relearn(self, learned: Mapping[str, Any]) -> None:
        """Take what `learned` of a pacer of any mode gave.

        Raises:
            BadInputError: it does not come from there.

        """
        try:
            self._ring.relearn(learned["ring"])
            self._handling.relearn(learned["handling"])
        except (KeyError, TypeError, ValueError) as error:
            raise BadInputError(f"is nothing a pacer learned ({error!r})", field="learned") from error
