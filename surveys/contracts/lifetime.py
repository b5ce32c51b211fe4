"""For how long settlements are kept: as a house keeps its books."""

from datetime import datetime

from store.lifetime import MONTH, Rule
from surveys.contracts.models import PartnerSettlement


def rules(now: datetime) -> list[Rule]:
    """What is over by now."""
    return [Rule(PartnerSettlement, PartnerSettlement.reckoned < now - 120 * MONTH)]
