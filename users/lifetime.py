"""How long what is known of the people who sign in is kept."""

from datetime import datetime, timedelta

from store.lifetime import MONTH, Rule
from users.models import ApiToken, Deed, KeptAnswer


def rules(now: datetime) -> list[Rule]:
    """Deeds after five years; tokens a month after they have expired; kept answers after a day."""
    return [
        Rule(Deed, Deed.at < now - 60 * MONTH),
        Rule(ApiToken, ApiToken.expires < now - timedelta(days=30)),
        Rule(KeptAnswer, KeptAnswer.at < now - timedelta(days=1)),
    ]
