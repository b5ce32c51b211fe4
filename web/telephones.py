"""Telephones in browsers: what a page is handed so that it can register as one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class PhoneAccount:
    """An account of Asterisk's. Its password goes to the one browser it is for, and into no log."""

    socket: str
    """Where to connect: `wss://voice.example.com/ws`."""
    uri: str
    """As whom: `sip:agent01-web@centralino`."""
    password: str = field(repr=False)
    ice_servers: Sequence[dict[str, Any]] = field(default=(), repr=False)
    """STUN and TURN, as `RTCPeerConnection` takes them; the TURN password holds for some hours."""
    number: str = ""
    """A visitor's number in the town; agents have none."""

    def shown(self) -> dict[str, Any]:
        """As `web/front/phone/phone.js` takes it."""
        servers = list(self.ice_servers)
        return {"socket": self.socket, "uri": self.uri, "password": self.password, "iceServers": servers}


class Telephones(Protocol):
    """Gives accounts out; made by the wiring, which knows the secrets."""

    def of_agent(self, endpoint: str) -> PhoneAccount | None:
        """The browser's account beside an agent's telephone; None when that is no telephone of this node."""
        ...

    @property
    def desks(self) -> Sequence[str]:
        """The telephones that agents of this node can have, as `agent01`."""
        ...

    @property
    def sockets(self) -> Sequence[str]:
        """Where pages connect to, without path, as a content security policy names it."""
        ...

    @property
    def service_number(self) -> str:
        """Whom visitors ring."""
        ...

    @property
    def visitors(self) -> int:
        """How many visitors may ring at once; 0 when there is no town to ring in."""
        ...

    def of_visitor(self, place: int) -> PhoneAccount:
        """The account of one of those places, counted from 0."""
        ...
