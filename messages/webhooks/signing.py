"""Signed as Standard Webhooks has it, so that any of its libraries verifies our messages. Pure.

The signature is HMAC-SHA256 with the secret over `id.timestamp.body`; `webhook-signature` holds one for each
secret that is in force, with blanks between them, each as `v1,<base64>`.
"""

import base64
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import orjson

from messages.webhooks.kinds import KINDS
from store import Event

PREFIX: Final = "whsec_"
_BYTES: Final = 32


def fresh_secret() -> str:
    """A secret of 256 bits: `whsec_` and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def body_of(event: Event) -> bytes:
    """What is told of an event (CloudEvents 1.0, JSON); the same at every try."""
    told = KINDS[event.kind].fields
    body: dict[str, Any] = {
        "specversion": "1.0",
        "id": event.id,
        "source": "centralino",
        "type": event.kind,
        "time": event.at,
        "datacontenttype": "application/json",
        "data": {name: event.payload.get(name) for name in told if name in event.payload},
    }
    return orjson.dumps(body)


def headers_of(event_id: str, body: bytes, keys: Sequence[str], at: datetime) -> dict[str, str]:
    """The headers that prove who sent this, and when."""
    timestamp = str(int(at.timestamp()))
    return {
        "content-type": "application/json",
        "user-agent": "Centralino-Webhooks/1",
        "webhook-id": event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signature(key, event_id, timestamp, body) for key in keys),
    }


def signature(key: str, event_id: str, timestamp: str, body: bytes) -> str:
    """One signature, as the header has it."""
    raw = base64.b64decode(key.removeprefix(PREFIX))
    signed = b".".join((event_id.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.new(raw, signed, sha256).digest()).decode()
