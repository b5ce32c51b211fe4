"""For how long what is kept about messages is kept."""

from datetime import datetime, timedelta

from messages.webhooks.models import WebhookDelivery
from store.lifetime import Rule


def rules(now: datetime) -> list[Rule]:
    """What is over by now. A telling goes when its event's words do."""
    return [Rule(WebhookDelivery, WebhookDelivery.at < now - timedelta(days=30))]
