"""FastAGI: Asterisk hands us a call, we speak with the caller. The protocol and nothing but the protocol.

`Server` accepts the connections, `Session` is one caller on one line (it satisfies `ivr.ports.Conversation`).
Doubles of Asterisk for tests are in `tests/agi`.
"""

from agi.errors import AgiError, CommandError, RecordingError
from agi.limits import INSTANT, Counters, Limits, Observer, Refusal
from agi.server import Handler, Server
from agi.session import Session

__all__ = [
    "INSTANT",
    "AgiError",
    "CommandError",
    "Counters",
    "Handler",
    "Limits",
    "Observer",
    "RecordingError",
    "Refusal",
    "Server",
    "Session",
]
