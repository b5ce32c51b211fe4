"""The dialler's own pacer, set up as the live loop sets it up for a campaign."""

from dialer.gate import Formula
from dialer.pacing import Pacer, PacingState
from dialer.pacing.campaign import CampaignPacer
from dialer.pacing.making import campaign_pacer
from dialer.simulator.scenario import Scenario


def own_pacer(scenario: Scenario) -> CampaignPacer:
    """The pacer of a scenario's campaign, which has learned nothing yet."""
    campaign = scenario.campaign
    mode = f"ratio:{campaign.ratio:g}" if campaign.mode == "ratio" else campaign.mode
    pacer = campaign_pacer(mode, max_abandon=campaign.max_abandon, max_occupancy=campaign.max_occupancy)
    pacer.patience = campaign.answer_within
    return pacer


def charged(pacer: CampaignPacer, scenario: Scenario) -> Pacer:
    """The same; where the law counts persons hung up as machines, they are taken from its budget."""
    detection = scenario.detection
    if detection is None or scenario.campaign.formula is not Formula.UK or detection.false_positive >= 1:
        return pacer
    return _Charged(pacer, detection.false_positive / (1 - detection.false_positive))


class _Charged:
    """Tells its pacer with each live call how many were hung up for it: f = e/(1−e), e the share of errors.

    The share is taken for known; in life it is estimated from what agents and flows find out later.
    """

    def __init__(self, pacer: CampaignPacer, each: float) -> None:
        self._pacer = pacer
        self._each = each
        self.agent_freed = pacer.agent_freed

    def calls_to_place(self, state: PacingState) -> int:
        return self._pacer.calls_to_place(state)

    def call_ended(self, *, placed: float, ended: float, outcome: str, rang: float) -> None:
        self._pacer.call_ended(placed=placed, ended=ended, outcome=outcome, rang=rang)
        if outcome in {"connected", "abandoned"}:
            self._pacer.charge(self._each)
