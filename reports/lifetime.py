"""For how long what is kept about reports is kept."""

from datetime import datetime

from reports.schedules.models import ReportSending
from store.lifetime import MONTH, Rule


def rules(now: datetime) -> list[Rule]:
    """What is over by now."""
    return [Rule(ReportSending, ReportSending.due < now - 13 * MONTH)]
