"""The manager protocol to Asterisk: one guarded gateway a node, typed events, calls placed. Floor 1.

`Gateway` is the only way in. It uses panoramisk for the protocol and holds back what panoramisk would do
wrong (`docs/decisions/`): nothing is ever sent twice, everything has a deadline, and what a caller typed
cannot become an action.
"""

from ami.account import Account, Timings
from ami.channels import Channel
from ami.commands import DeviceState, Originate
from ami.errors import (
    ActionRefusedError,
    AmiError,
    AmiLoginError,
    AmiTimeoutError,
    AmiUnavailableError,
    ChannelInUseError,
    NoSuchChannelError,
    UnsafeValueError,
)
from ami.events import (
    AmiEvent,
    BridgeEntered,
    BridgeLeft,
    ChannelState,
    ChannelUp,
    ContactChanged,
    Disconnected,
    HungUp,
    OriginateAnswered,
    OriginateFailed,
    OriginateReason,
    Quality,
    Resynced,
    StateChanged,
)
from ami.gateway import Gateway
from ami.verdicts import DialEnd, DialResult

__all__ = [
    "Account",
    "ActionRefusedError",
    "AmiError",
    "AmiEvent",
    "AmiLoginError",
    "AmiTimeoutError",
    "AmiUnavailableError",
    "BridgeEntered",
    "BridgeLeft",
    "Channel",
    "ChannelInUseError",
    "ChannelState",
    "ChannelUp",
    "ContactChanged",
    "DeviceState",
    "DialEnd",
    "DialResult",
    "Disconnected",
    "Gateway",
    "HungUp",
    "NoSuchChannelError",
    "Originate",
    "OriginateAnswered",
    "OriginateFailed",
    "OriginateReason",
    "Quality",
    "Resynced",
    "StateChanged",
    "Timings",
    "UnsafeValueError",
]
