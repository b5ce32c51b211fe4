"""What the API says of webhooks, for its OpenAPI document."""

from typing import Final

from messages.webhooks import CHOICES, DeliveryState
from web.openapi.describe import FLAG, MOMENT, TEXT, WHOLE, Schema, one_of, record

_EVENTS: Final[Schema] = {"type": "array", "items": one_of(*(each.name for each in CHOICES)), "minItems": 1}
_FIELDS: Final = {
    "url": {**TEXT, "format": "uri", "description": "where: https://…"},
    "events": _EVENTS,
    "title": {**TEXT, "maxLength": 80},
}
NEW: Final[Schema] = {
    "type": "object", "additionalProperties": False, "required": ["url", "events"], "properties": _FIELDS,
}  # fmt: skip
CHANGE: Final[Schema] = {
    "type": "object", "additionalProperties": False, "properties": {**_FIELDS, "active": FLAG},
}  # fmt: skip
ENDPOINT: Final = record(id="its id", **CHANGE["properties"], stopped_why="why it was stopped by itself")
_SECRET: Final = {**TEXT, "description": "what messages are signed with; told here alone"}
SHOWN_ONCE: Final = record(**ENDPOINT["properties"], secret=_SECRET)
DELIVERY: Final = record(
    event="its id",
    kind="its kind",
    at=MOMENT,
    state=one_of(*DeliveryState),
    tries=WHOLE,
    said="the last failure",
)
STATE: Final = one_of(*DeliveryState, says="only those")
