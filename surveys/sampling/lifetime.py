"""For how long draws are kept."""

from datetime import datetime

from store.lifetime import MONTH, Rule
from surveys.sampling.models import SurveyDraw


def rules(now: datetime) -> list[Rule]:
    """What is over by now."""
    return [Rule(SurveyDraw, SurveyDraw.at < now - 36 * MONTH)]
