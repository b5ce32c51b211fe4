"""Which channels exist now, kept by events and put right by a list after each connect."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ami.events import (
    AmiEvent,
    BridgeEntered,
    BridgeLeft,
    ChannelState,
    ChannelUp,
    HungUp,
    StateChanged,
)
from ami.reading import known, state_of


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel that exists: who it is, how far it is, and the bridge it is in ("" when in none)."""

    uniqueid: str
    linkedid: str
    name: str
    state: ChannelState
    caller_number: str = ""
    caller_name: str = ""
    context: str = ""
    exten: str = ""
    bridge_id: str = ""


class ChannelTable:
    """The channels that are live.

    The list of channels and the events travel by different ways inside Asterisk, so while the list is awaited
    the events win: what hung up meanwhile is not taken from the list, what came up meanwhile is kept.
    """

    def __init__(self) -> None:
        self._channels: dict[str, Channel] = {}
        self._gone: set[str] | None = set()

    def __contains__(self, uniqueid: str) -> bool:
        return uniqueid in self._channels

    def forget(self) -> None:
        """Begin again with nothing, expecting a list."""
        self._channels = {}
        self._gone = set()

    def snapshot(self) -> dict[str, Channel]:
        """All of them, by their id."""
        return dict(self._channels)

    def apply(self, event: AmiEvent) -> None:
        """Follow an event."""
        match event:
            case ChannelUp():
                self._channels[event.uniqueid] = Channel(
                    event.uniqueid,
                    event.linkedid,
                    event.channel,
                    event.state,
                    event.caller_number,
                    event.caller_name,
                    event.context,
                    event.exten,
                )
            case HungUp():
                self._channels.pop(event.uniqueid, None)
                if self._gone is not None:
                    self._gone.add(event.uniqueid)
            case StateChanged() if channel := self._channels.get(event.uniqueid):
                self._channels[event.uniqueid] = replace(channel, state=event.state)
            case BridgeEntered() if channel := self._channels.get(event.uniqueid):
                self._channels[event.uniqueid] = replace(channel, bridge_id=event.bridge_id)
            case BridgeLeft() if channel := self._channels.get(event.uniqueid):
                if channel.bridge_id == event.bridge_id:
                    self._channels[event.uniqueid] = replace(channel, bridge_id="")

    def merge(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Take in the rows of CoreShowChannels."""
        gone, self._gone = self._gone or set(), None
        for row in rows:
            uniqueid = row["Uniqueid"]
            if uniqueid in gone or uniqueid in self._channels:
                continue
            self._channels[uniqueid] = Channel(
                uniqueid,
                row.get("Linkedid", ""),
                row.get("Channel", ""),
                state_of(row),
                known(row.get("CallerIDNum", "")),
                known(row.get("CallerIDName", "")),
                row.get("Context", ""),
                row.get("Exten", ""),
                row.get("BridgeId", ""),
            )
