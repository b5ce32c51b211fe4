"""From the lines of an AMI event to a typed one. Pure; an unknown or broken event is nothing."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from ami.events import (
    AmiEvent,
    BridgeEntered,
    BridgeLeft,
    ChannelState,
    ChannelUp,
    ContactChanged,
    HungUp,
    OriginateAnswered,
    OriginateFailed,
    OriginateReason,
    Quality,
    StateChanged,
)

Headers = Mapping[str, str]

_STATES: Final = {
    "0": ChannelState.DOWN,
    "4": ChannelState.RING,
    "5": ChannelState.RINGING,
    "6": ChannelState.UP,
    "7": ChannelState.BUSY,
}
_REASONS: Final = {reason.value: reason for reason in OriginateReason}
_NOBODY: Final = "<unknown>"


def headers_of(message: bytes) -> dict[str, str]:
    """The headers of one event. Bytes that are no UTF-8 become replacement characters, the rest stays."""
    headers = {}
    for line in message.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(": ")
        if colon:
            headers[name] = value
    return headers


def read_event(headers: Headers, at: datetime) -> AmiEvent | None:
    """The typed event, or None for one that is not ours."""
    reader = _READERS.get(headers.get("Event", ""))
    return reader(headers, at) if reader else None


def state_of(headers: Headers) -> ChannelState:
    """The state a channel's headers tell."""
    return _STATES.get(headers.get("ChannelState", ""), ChannelState.OTHER)


def known(text: str) -> str:
    """A caller's number or name, "" where Asterisk has none."""
    return "" if text == _NOBODY else text


def _number(headers: Headers, name: str) -> int | None:
    text = headers.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() else None


def _channel_up(headers: Headers, at: datetime) -> ChannelUp:
    return ChannelUp(
        at,
        headers["Uniqueid"],
        headers.get("Linkedid", ""),
        headers.get("Channel", ""),
        state_of(headers),
        known(headers.get("CallerIDNum", "")),
        known(headers.get("CallerIDName", "")),
        headers.get("Context", ""),
        headers.get("Exten", ""),
    )


def _state_changed(headers: Headers, at: datetime) -> StateChanged:
    return StateChanged(
        at, headers["Uniqueid"], headers.get("Linkedid", ""), headers.get("Channel", ""), state_of(headers)
    )


def _hung_up(headers: Headers, at: datetime) -> HungUp:
    return HungUp(
        at,
        headers["Uniqueid"],
        headers.get("Linkedid", ""),
        headers.get("Channel", ""),
        _number(headers, "Cause") or 0,
        headers.get("Cause-txt", ""),
        headers.get("TechCause", "").strip(),
    )


def _originated(headers: Headers, at: datetime) -> OriginateAnswered | OriginateFailed:
    uniqueid, action_id = headers["Uniqueid"], headers.get("ActionID", "")
    if headers.get("Response") == "Success":
        return OriginateAnswered(at, uniqueid, headers.get("Channel", ""), action_id)
    code = _number(headers, "Reason")
    reason = OriginateReason.OTHER if code is None else _REASONS.get(code, OriginateReason.OTHER)
    return OriginateFailed(at, uniqueid, reason, action_id)


def _told_by_dialplan(headers: Headers, at: datetime) -> Quality | None:
    if headers.get("UserEvent") != "CallQuality":
        return None
    return Quality(
        at,
        headers.get("CallId", ""),
        headers.get("Leg", ""),
        _number(headers, "RxCount"),
        _number(headers, "TxCount"),
        _number(headers, "RxLost"),
        _number(headers, "TxLost"),
    )


def _bridged(kind: type[BridgeEntered] | type[BridgeLeft]) -> Callable[[Headers, datetime], AmiEvent]:
    def read(headers: Headers, at: datetime) -> AmiEvent:
        return kind(
            at,
            headers["Uniqueid"],
            headers.get("Linkedid", ""),
            headers.get("Channel", ""),
            headers.get("BridgeUniqueid", ""),
            headers.get("BridgeTechnology", ""),
            _number(headers, "BridgeNumChannels") or 0,
        )

    return read


def _contact(headers: Headers, at: datetime) -> ContactChanged:
    return ContactChanged(
        at, headers.get("AOR", ""), headers.get("ContactStatus", ""), headers.get("URI", "")
    )


_READERS: Final[Mapping[str, Callable[[Headers, datetime], AmiEvent | None]]] = {
    "Newchannel": _channel_up,
    "Newstate": _state_changed,
    "Hangup": _hung_up,
    "OriginateResponse": _originated,
    "UserEvent": _told_by_dialplan,
    "BridgeEnter": _bridged(BridgeEntered),
    "BridgeLeave": _bridged(BridgeLeft),
    "ContactStatus": _contact,
}

WANTED: Final = frozenset(name.encode() for name in _READERS)
"""Names of the events that are read at all; the others are dropped before they are parsed."""
