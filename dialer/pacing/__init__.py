"""How fast to call: the most calls whose abandonment the law allows, from a model that learns as it goes.

`make_pacer` gives a pacer for a mode; the dial loop shows it a `PacingState` at least once a second, places
as many calls as it says, and tells it how each call ended and when an agent came free. What it makes is a
`dialer.pacing.campaign.CampaignPacer`, which also takes new settings while running and tells its estimates.
"""

from dialer.pacing.face import Pacer, PacingState
from dialer.pacing.making import make_pacer

__all__ = ["Pacer", "PacingState", "make_pacer"]
