"""From a mode's name to its pacer."""

from dialer.pacing.campaign import CampaignPacer
from dialer.pacing.face import Pacer
from dialer.pacing.plain import USUAL_LINES, PreviewPacer, ProgressivePacer, RatioPacer
from dialer.pacing.predictive import PredictivePacer
from values import BadInputError

MODES = ("preview", "progressive", "ratio", "predictive")


def make_pacer(
    mode: str, *, max_abandon: float = 0.03, max_occupancy: float | None = None, seed: int | None = None
) -> Pacer:
    """The pacer of a mode: preview, progressive, ratio (or "ratio:1.8", lines for each agent) or predictive.

    The limit may be changed on the running pacer, and its counts restored after a restart, without losing
    what it learned: see `CampaignPacer`. `seed` is for pacers that draw by chance; none of today's does.

    Raises: BadInputError: the mode is unknown, or is "agentless", which no agents pace but lines and calls a
        second; or a setting cannot be. The field is named.

    """
    return campaign_pacer(mode, max_abandon=max_abandon, max_occupancy=max_occupancy, seed=seed)


def campaign_pacer(
    mode: str, *, max_abandon: float = 0.03, max_occupancy: float | None = None, seed: int | None = None
) -> CampaignPacer:
    """The same, for those who steer it while it runs."""
    del seed
    name, _, lines = mode.partition(":")
    if lines and name != "ratio":
        raise BadInputError(f"only ratio takes a number of lines, not {name}", field="mode")
    match name:
        case "preview":
            return PreviewPacer(max_abandon=max_abandon, max_occupancy=max_occupancy)
        case "progressive":
            return ProgressivePacer(max_abandon=max_abandon, max_occupancy=max_occupancy)
        case "ratio":
            return RatioPacer(_lines(lines), max_abandon=max_abandon, max_occupancy=max_occupancy)
        case "predictive":
            return PredictivePacer(max_abandon=max_abandon, max_occupancy=max_occupancy)
        case "agentless":
            raise BadInputError(
                "agentless calls wait for no agents: limit them by lines and calls a second", field="mode"
            )
    raise BadInputError(f"must be one of {', '.join(MODES)}, not {mode}", field="mode")


def _lines(text: str) -> float:
    try:
        return float(text) if text else USUAL_LINES
    except ValueError:
        raise BadInputError(f"must be a number of lines, not {text}", field="ratio") from None
