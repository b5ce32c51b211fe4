"""Other systems are told of what happens: signed, at least once, in no promised order.

`intake` makes tellings of the outbox's events, `Postman` takes them to their endpoints; endpoints are data.
"""

from messages.webhooks.addresses import Addresses
from messages.webhooks.deliveries import (
    DeliveryPage,
    UnknownDeliveryError,
    delivery_page,
    heard_kinds,
    intake,
    send_again,
    send_dead_again,
)
from messages.webhooks.endpoints import (
    UnknownEndpointError,
    change_endpoint,
    endpoint,
    endpoints,
    make_endpoint,
    new_secret,
    remove_endpoint,
    try_out,
)
from messages.webhooks.kinds import AGENT_STATE, CALL_ENDED, CHOICES, KINDS, Kind
from messages.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from messages.webhooks.postman import Interest, Postman
from messages.webhooks.sending import Sender

__all__ = [
    "AGENT_STATE",
    "CALL_ENDED",
    "CHOICES",
    "KINDS",
    "Addresses",
    "DeliveryPage",
    "DeliveryState",
    "Interest",
    "Kind",
    "Postman",
    "Sender",
    "UnknownDeliveryError",
    "UnknownEndpointError",
    "WebhookDelivery",
    "WebhookEndpoint",
    "change_endpoint",
    "delivery_page",
    "endpoint",
    "endpoints",
    "heard_kinds",
    "intake",
    "make_endpoint",
    "new_secret",
    "remove_endpoint",
    "send_again",
    "send_dead_again",
    "try_out",
]
