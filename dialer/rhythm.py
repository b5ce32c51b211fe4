"""The cadences of all campaigns with agents: made, adjusted while they run, and told what happens."""

from collections.abc import Callable, Collection

from agents import AgentState, Desk, Seat
from dialer.cadence import Cadence, Staff
from dialer.models import Campaign, Mode
from dialer.pacing import Pacer, make_pacer
from dialer.placement import Placement
from dialer.retry import INTERRUPTED, REFUSED_BY_NETWORK
from values import Clock

PACED = frozenset({Mode.PROGRESSIVE, Mode.RATIO, Mode.PREDICTIVE})
"""Modes in which free agents say how many calls there may be."""
BUSY = frozenset({AgentState.RESERVED, AgentState.TALKING, AgentState.WRAP_UP})
ABANDONED = "abandoned"
MACHINES = frozenset({"machine", "message_left", "screening"})

_WORDS = {
    ABANDONED: ABANDONED,
    "busy": "busy",
    "no_answer": "no_answer",
    REFUSED_BY_NETWORK: "failed",
    INTERRUPTED: "failed",
} | dict.fromkeys(MACHINES, "machine")


class Rhythm:
    """Knows for each campaign with agents how many calls to place now.

    `limit` gives the share of live answers that a campaign may abandon: its own, within the law's.
    """

    def __init__(self, clock: Clock, desk: Desk, limit: Callable[[Campaign], float]) -> None:
        self._desk = desk
        self._clock = clock
        self._limit = limit
        self._cadences: dict[str, Cadence] = {}
        self._settings: dict[str, tuple[str, float | None]] = {}
        desk.on_change(self._seat_changed)

    def wanted(self, campaign: Campaign, active: Collection[str]) -> int:
        """How many calls a campaign should place now. `active` names all that have somebody to call."""
        return self.cadence(campaign).wanted(self.staff(campaign, active))

    def cadence(self, campaign: Campaign) -> Cadence:
        """The campaign's cadence, with its present settings."""
        known = self._cadences.get(campaign.name)
        if known is None:
            known = self._cadences[campaign.name] = Cadence(self._pacer(campaign), self._clock.monotonic)
        elif self._settings[campaign.name] != _mode(campaign):
            known.pacer = self._pacer(campaign)
        self._settings[campaign.name] = _mode(campaign)
        return known

    def staff(self, campaign: Campaign, active: Collection[str]) -> Staff:
        """The agents a campaign may count on: not those who talk for another that will want them again."""
        now = self._desk.seconds()
        busy = [seat for seat in self._desk if _busy(seat, campaign.skill)]
        own = [seat for seat in busy if seat.campaign == campaign.name or seat.campaign not in active]
        return Staff(
            idle=self._desk.idle(campaign.skill),
            busy=[now - seat.busy_since for seat in own],
            leaving=sum(seat.leaving for seat in own),
        )

    # What happens to calls; for campaigns without agents it means nothing.

    def placed(self, placement: Placement) -> None:
        """A call takes off."""
        if cadence := self._of(placement):
            cadence.placed(placement.attempt_id)

    def answered(self, placement: Placement, *, analysing: bool) -> None:
        """It was answered."""
        if cadence := self._of(placement):
            cadence.answered(placement.attempt_id, analysing=analysing)

    def detected(self, placement: Placement, *, machine: bool) -> None:
        """It is known who answered."""
        if cadence := self._of(placement):
            if machine:
                cadence.ended(placement.attempt_id, "machine")
            else:
                cadence.person(placement.attempt_id)

    def joined(self, placement: Placement) -> None:
        """An agent talks to them."""
        if cadence := self._of(placement):
            cadence.joined(placement.attempt_id)

    def ended(self, placement: Placement, outcome: str) -> None:
        """It is over."""
        if cadence := self._of(placement):
            cadence.ended(placement.attempt_id, _WORDS.get(outcome, "failed"))

    def _of(self, placement: Placement) -> Cadence | None:
        return self._cadences.get(placement.campaign)

    def _pacer(self, campaign: Campaign) -> Pacer:
        mode, occupancy = _mode(campaign)
        return make_pacer(mode, max_abandon=self._limit(campaign), max_occupancy=occupancy)

    def _seat_changed(self, seat: Seat, before: AgentState) -> None:
        if before is AgentState.WRAP_UP and (cadence := self._cadences.get(seat.campaign)):
            cadence.agent_freed(self._desk.seconds() - seat.busy_since)


def _busy(seat: Seat, skill: str) -> bool:
    return seat.state in BUSY and (not skill or skill in seat.skills)


def _mode(campaign: Campaign) -> tuple[str, float | None]:
    """What makes another pacer necessary when it changes."""
    mode = f"ratio:{campaign.ratio:g}" if campaign.mode is Mode.RATIO else campaign.mode.value
    return mode, campaign.max_occupancy
