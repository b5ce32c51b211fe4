"""The cadences of all campaigns with agents: made, adjusted while they run, and told what happens."""

from collections.abc import Callable, Sequence

import structlog

from agents import AgentState, Claim, Desk, Portion, Reservation, Seat, portions
from dialer.cadence import Cadence, Staff
from dialer.gate import AbandonCounts
from dialer.models import Campaign, Mode
from dialer.pacing.campaign import CampaignPacer
from dialer.pacing.estimates import Estimates
from dialer.pacing.making import campaign_pacer
from dialer.placement import Placement
from dialer.retry import INTERRUPTED, REFUSED_BY_NETWORK
from values import Clock

log = structlog.get_logger(__name__)

PACED = frozenset({Mode.PROGRESSIVE, Mode.RATIO, Mode.PREDICTIVE})
"""Modes in which free agents say how many calls there may be."""
LEAST_PATIENCE = 0.1
A_MOMENT = 0.05
LISTENS = 0.1
"""How much the latest of them counts in the mean time of listening."""
FADES = 0.98
"""What a talk still counts, in sharing agents, after the next one."""
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
        self._pacers: dict[str, CampaignPacer] = {}
        self._modes: dict[str, str] = {}
        self._talks: dict[str, float] = {}
        """Talks of late, by campaign, older ones fading."""
        self._asked_for: dict[str, Placement] = {}
        """Calls in the air for which an agent waits: one they asked for, or promised to make."""
        self._failed: set[str] = set()
        self._held: dict[str, Reservation] = {}
        self._mistaken: dict[str, float] = {}
        """Persons taken for machines, by campaign, as far as its pacer knows of them."""
        self._listening: dict[str, float] = {}
        """Seconds for which the switch listens until it knows a person, by campaign; of late."""
        self.uncounted: set[str] = set()
        """Campaigns whose pacer does not know yet what the law has counted before."""
        desk.on_handled(self._handled)

    def wants(self, campaigns: Sequence[Campaign], room: Callable[[Campaign], int]) -> dict[str, int]:
        """How many calls each of these, who all have somebody to call, should place now.

        `room` says how many its own lines and pace allow. Campaigns that share agents each count on their
        portion of them.
        """
        paced = [each for each in campaigns if each.mode in PACED]
        parts = portions(self._desk, [self._claim(each) for each in paced], self._desk.seconds())
        wanted = {each.name: room(each) for each in campaigns if each.mode is Mode.AGENTLESS}
        wanted |= {
            each.name: min(self._without_call(each), room(each))
            for each in campaigns
            if each.mode is Mode.PREVIEW
        }
        for each in paced:
            wanted[each.name] = min(self._paced(each, parts[each.name]), room(each))
        return wanted

    def _paced(self, campaign: Campaign, portion: Portion) -> int:
        """What its pacer says; one that fails must not hold the other campaigns."""
        try:
            return self.cadence(campaign).wanted(self._staff(portion, campaign.skill))
        except Exception:
            if campaign.name not in self._failed:
                self._failed.add(campaign.name)
                log.exception("dialer.pacing_failed", campaign=campaign.name)
            return 0

    def spare(self, campaign: Campaign) -> int:
        """How many of its free agents no call under way might need."""
        cadence = self.cadence(campaign)
        return self._desk.idle(campaign.skill) - cadence.ringing - cadence.analysing - cadence.waiting

    def free_agents(self, campaign: Campaign) -> list[str]:
        """Who could take a call of it now, and waits for none yet that is being placed for them."""
        waiting = {each.agent for each in self._asked_for.values()}
        return [
            seat.agent
            for seat in self._desk
            if seat.state is AgentState.READY
            and seat.parked
            and seat.agent not in waiting
            and (not campaign.skill or campaign.skill in seat.skills)
        ]

    def _without_call(self, campaign: Campaign) -> int:
        """Free agents less the calls on their way to them: in preview each call has an agent of its own.

        Those held for their call are not free any more.
        """
        on_their_way = sum(
            each.mode is Mode.PREVIEW and each.skill == campaign.skill and attempt_id not in self._held
            for attempt_id, each in self._asked_for.items()
        )
        return max(0, self._desk.idle(campaign.skill) - on_their_way)

    def cadence(self, campaign: Campaign) -> Cadence:
        """The campaign's cadence with its present settings; what was learned outlives any change of them."""
        mode, limit = _mode(campaign), self._limit(campaign)
        cadence, pacer = self._cadences.get(campaign.name), self._pacers.get(campaign.name)
        if cadence is None or pacer is None or self._modes[campaign.name] != mode:
            before = pacer
            pacer = campaign_pacer(mode, max_abandon=limit, max_occupancy=campaign.max_occupancy)
            if before is not None:
                pacer.relearn(before.learned())
            if cadence is None:
                cadence = self._cadences[campaign.name] = Cadence(pacer, self._clock.monotonic)
            cadence.pacer = self._pacers[campaign.name] = pacer
            self._modes[campaign.name] = mode
            self.uncounted.add(campaign.name)
        if pacer.max_abandon != limit:
            pacer.max_abandon = limit
        if pacer.max_occupancy != campaign.max_occupancy:
            pacer.max_occupancy = campaign.max_occupancy
        return cadence

    def known(self, campaign: str) -> Cadence | None:
        """A campaign's cadence as it is; None until it was asked for its first call, or without agents."""
        return self._cadences.get(campaign)

    def believes(self, campaign: str) -> Estimates | None:
        """What a campaign's pacer believes at this moment."""
        pacer = self._pacers.get(campaign)
        return pacer.estimates if pacer else None

    def counted(self, campaign: str, counts: AbandonCounts, *, window: float | None) -> None:
        """What the law has counted for a campaign in its window so far, for a pacer that has not seen it.

        Only for such: calls that are up are not in it yet, and a pacer that has seen them would forget them.
        `window`: the seconds of one that rolls on; None for one that lasts until the next is told.
        """
        if pacer := self._pacers.get(campaign):
            self.uncounted.discard(campaign)
            self._mistaken[campaign] = counts.false_positives
            pacer.count_over(window)
            pacer.restore(
                connected=counts.connected, abandoned=counts.abandoned, amd_false=counts.false_positives
            )

    def mistaken(self, campaign: str, persons: float) -> None:
        """So many persons in all were probably hung up on as machines; the new ones take from the budget."""
        more = persons - self._mistaken.get(campaign, 0.0)
        if more > 0 and (pacer := self._pacers.get(campaign)):
            self._mistaken[campaign] = persons
            pacer.charge(more)

    def bears(self, campaign: str, seconds: float, *, from_answer: bool) -> None:
        """For how long a person may wait for an agent by law.

        Where its clock runs `from_answer`, the time that the switch listens who it is leaves them less.
        """
        if pacer := self._pacers.get(campaign):
            listening = self._listening.get(campaign, 0.0) if from_answer else 0.0
            patience = max(LEAST_PATIENCE, seconds - listening)
            if abs(pacer.patience - patience) > A_MOMENT:
                pacer.patience = patience

    def _claim(self, campaign: Campaign) -> Claim:
        had = self._talks.get(campaign.name, 0.0)
        return Claim(campaign.name, campaign.skill, campaign.priority, campaign.weight, had=had)

    def _staff(self, portion: Portion, skill: str) -> Staff:
        waiting = self._desk.inbound.rivals(skill, self._desk)
        return Staff(portion.idle, portion.busy, portion.leaving, waiting)

    # What happens to calls; for campaigns without agents it means nothing.

    def placed(self, placement: Placement) -> None:
        """A call takes off; an agent who asked for it, or promised it, is held for it while it rings."""
        if placement.agent:
            held = self._desk.reserve_agent(
                placement.agent,
                placement.attempt_id,
                skill=placement.skill,
                campaign=placement.campaign,
                wrap=placement.wrap_seconds,
            )
            if held is not None:
                self._held[placement.attempt_id] = held
        if placement.agent or placement.mode is Mode.PREVIEW:
            self._asked_for[placement.attempt_id] = placement
        if (cadence := self._of(placement)) is not None:
            cadence.placed(placement.attempt_id)

    def answered(self, placement: Placement, *, analysing: bool) -> None:
        """It was answered."""
        if (cadence := self._of(placement)) is not None:
            cadence.answered(placement.attempt_id, analysing=analysing)

    def detected(self, placement: Placement, *, machine: bool, seconds: float = 0.0) -> None:
        """It is known who answered, so many seconds after the answer."""
        if (cadence := self._of(placement)) is None:
            return
        if machine:
            cadence.ended(placement.attempt_id, "machine")
            return
        cadence.person(placement.attempt_id)
        before = self._listening.get(placement.campaign)
        rise = 0.0 if before is None else (1 - LISTENS) * (before - seconds)
        self._listening[placement.campaign] = seconds + rise

    def joined(self, placement: Placement) -> None:
        """An agent talks to them."""
        self._asked_for.pop(placement.attempt_id, None)
        self._talks = {name: FADES * talks for name, talks in self._talks.items()}
        self._talks[placement.campaign] = self._talks.get(placement.campaign, 0.0) + 1
        if (cadence := self._of(placement)) is not None:
            cadence.joined(placement.attempt_id)

    def ended(self, placement: Placement, outcome: str) -> None:
        """It is over; an agent held for it who was not joined is free again."""
        if (held := self._held.pop(placement.attempt_id, None)) is not None:
            self._desk.release(held)
        self._asked_for.pop(placement.attempt_id, None)
        if (cadence := self._of(placement)) is not None:
            cadence.ended(placement.attempt_id, _WORDS.get(outcome, "failed"))

    def _of(self, placement: Placement) -> Cadence | None:
        return self._cadences.get(placement.campaign)

    def _handled(self, seat: Seat, seconds: float) -> None:
        if (cadence := self._cadences.get(seat.campaign)) is not None:
            cadence.agent_freed(seconds)


def _mode(campaign: Campaign) -> str:
    """The mode in the pacers' words."""
    return f"ratio:{campaign.ratio:g}" if campaign.mode is Mode.RATIO else campaign.mode.value
