"""What the API says of events, for its OpenAPI document."""

from typing import Any, Final

from proactive.events import EVENT, EventState
from web.openapi.describe import MOMENT, TEXT, WHOLE, Schema, one_of, record


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    """A schema without references, so that it can stand anywhere in the document."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            return _inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
        return {
            name: _inlined(each, definitions)
            for name, each in schema.items()
            if name not in ("$defs", "discriminator", "title")
        }
    return [_inlined(each, definitions) for each in schema] if isinstance(schema, list) else schema


def _one() -> Schema:
    whole = EVENT.json_schema()
    found: Schema = _inlined(whole, whole.get("$defs", {}))
    return found


ONE: Final = _one()
SENT: Final[Schema] = {"oneOf": [ONE, {"type": "array", "items": ONE, "maxItems": 10_000}]}
REFUSED: Final = record(
    place={**WHOLE, "description": "where it stood in what was sent, from 0; the line of a table"},
    id="the event's, as far as it could be read",
    field="the field that is wrong",
    error_id=one_of("bad-input", "unknown-customer", "conflict"),
    detail="what is wrong with it, and what to do",
)
_IDS: Final = {"type": "array", "items": TEXT}
ANSWER: Final = record(
    accepted={**WHOLE, "description": "how many are new, and kept"},
    repeated={**_IDS, "description": "ids that had come before, saying the same"},
    ignored={**_IDS, "description": "ids of notifications that tell us nothing"},
    refused={"type": "array", "items": REFUSED},
)
_ENVELOPE: Final = record(
    specversion=one_of("1.0"),
    id=TEXT,
    source=TEXT,
    type=TEXT,
    time=MOMENT,
    subject=TEXT,
    data={"type": "object"},
)
CLOUD: Final[Schema] = {"oneOf": [_ENVELOPE, {"type": "array", "items": _ENVELOPE}]}
_NOTIFICATION: Final = record(eventId=TEXT, eventTime=MOMENT, eventType=TEXT, event={"type": "object"})
NOTIFICATION: Final[Schema] = {"oneOf": [_NOTIFICATION, {"type": "array", "items": _NOTIFICATION}]}
KEPT: Final = record(
    id="its sender's",
    type="as `fault.restored`",
    at=MOMENT,
    received=MOMENT,
    source="the system that told it",
    customer={"type": ["string", "null"], "description": "whom it is about"},
    about="the order's, the fault's id",
    data={"type": "object"},
    state=one_of(*EventState),
    result={
        "type": "object",
        "description": "what each rule did, or why it was refused, or what it waits for; of an outage"
        " `touched` customers, and `unknown` with `count` and the first `lines` and `customers`",
    },
    next_at={"type": ["string", "null"], "format": "date-time"},
    done_at={"type": ["string", "null"], "format": "date-time"},
)
