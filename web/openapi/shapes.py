"""Shapes that several handlers give or take, as the document tells them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from dialer.readers import Setting
from web.openapi.describe import FLAG, MOMENT, NUMBER, TEXT, WHOLE, Schema, one_of, record

MAYBE_MOMENT: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
MAYBE_TEXT: Final[Schema] = {"type": ["string", "null"]}

AGENT: Final = record(
    name="what they sign in as", title="what people call them", phone="their telephone",
    skills={"type": "array", "items": TEXT}, node=MAYBE_TEXT, active=FLAG,
    team="with whom they work", site="where", partner="the company that employs them; '' our own",
    state=one_of("offline", "ringing", "ready", "reserved", "talking", "wrap_up", "paused"), since=TEXT,
    reason="of a pause", campaign=MAYBE_TEXT, call=MAYBE_TEXT, leaving=FLAG,
)  # fmt: skip
CALL: Final = record(
    call_id="Asterisk's id of its first channel; of an outbound call the attempt's",
    direction=one_of("inbound", "outbound"), state=one_of("up", "ended", "interrupted"),
    node="which Asterisk",
    trunk="over which trunk", caller="E.164 where it can be told", dialled="likewise", customer_id=MAYBE_TEXT,
    attempt_id=MAYBE_TEXT, flow="which flow", flow_version="which version of it", began=MOMENT,
    ended=MAYBE_MOMENT, cause=WHOLE, sip_cause="the far end's own status", outcome="of the flow", goal=FLAG,
)  # fmt: skip
CHANGES: Final = record(
    seq=WHOLE, at=MOMENT, by="who changed it", field="which setting", before={}, after={}, why="their words"
)  # fmt: skip
CAMPAIGN: Final[Schema] = {"type": "object", "description": "docs/reference/campaigns.md has every setting"}


def settings(known: Iterable[Setting], **more: Schema) -> dict[str, Any]:
    """The properties of a body that is read by settings, with what they mean."""
    return {**{each.name: {"description": each.words} for each in known}, **more}


def query(known: Mapping[str, Setting]) -> dict[str, Schema]:
    """Parameters that are read by settings."""
    return {name: {"type": "string", "description": each.words} for name, each in known.items()}


__all__ = [
    "AGENT",
    "CALL",
    "CAMPAIGN",
    "CHANGES",
    "MAYBE_MOMENT",
    "MAYBE_TEXT",
    "NUMBER",
    "query",
    "settings",
]
