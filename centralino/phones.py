"""The accounts of telephones in browsers: agents' beside their desk telephones, and visitors' in the town."""

import base64
import hashlib
import hmac
from dataclasses import replace
from typing import Any, Final

from centralino.handsets import browser_of, visitor_number
from centralino.secrets import Secrets, phone_secret
from centralino.settings import Settings
from values import Clock
from web.telephones import PhoneAccount

REALM: Final = "centralino"
TURN_SECONDS: Final = 12 * 3600
"""How long a TURN password holds: a long shift."""


class Telephones:
    """Hands accounts out (`web.telephones.Telephones`)."""

    def __init__(self, settings: Settings, secrets: Secrets, clock: Clock) -> None:
        self._settings = settings
        self._secrets = secrets
        self._clock = clock

    def of_agent(self, endpoint: str) -> PhoneAccount | None:
        """The browser's account beside an agent's telephone; None for what is no telephone of this node."""
        if endpoint not in self._settings.phones:
            return None
        return self._account(browser_of(endpoint), self._settings.phone_address, self._ice_servers(endpoint))

    @property
    def desks(self) -> tuple[str, ...]:
        """The telephones that agents of this node can have."""
        return self._settings.phones

    @property
    def sockets(self) -> tuple[str, ...]:
        """Where pages connect to, without path, as a content security policy names it."""
        town = (f"ws://{self._settings.city_phone_socket}",) if self._settings.visitors else ()
        scheme, _, rest = self._settings.phone_address.partition("://")
        return (f"{scheme}://{rest.partition('/')[0]}", *town)

    @property
    def service_number(self) -> str:
        """Whom visitors ring."""
        return self._settings.service_number

    @property
    def visitors(self) -> int:
        """How many visitors may ring at once."""
        return len(self._settings.visitors)

    def of_visitor(self, place: int) -> PhoneAccount:
        """The account of one of those places."""
        name, socket = self._settings.visitors[place], f"ws://{self._settings.city_phone_socket}/ws"
        return replace(self._account(name, socket, []), number=visitor_number(place))

    def _account(self, name: str, socket: str, ice_servers: list[dict[str, Any]]) -> PhoneAccount:
        return PhoneAccount(socket, f"sip:{name}@{REALM}", phone_secret(self._secrets, name), ice_servers)

    def _ice_servers(self, user: str) -> list[dict[str, Any]]:
        settings = self._settings
        servers: list[dict[str, Any]] = []
        if settings.stun_server:
            servers.append({"urls": settings.stun_server})
        if settings.turn_server:
            until = int(self._clock.now().timestamp()) + TURN_SECONDS
            name, password = turn_login(settings.turn_secret.get_secret_value(), user, until)
            servers.append({"urls": settings.turn_server, "username": name, "credential": password})
        return servers


def turn_login(secret: str, user: str, until: int) -> tuple[str, str]:
    """Name and password for a TURN server that shares a secret with us, good until a Unix time.

    As draft-uberti-behave-turn-rest-00, which coturn's `use-auth-secret` follows.
    """
    name = f"{until}:{user}"
    proof = hmac.new(secret.encode(), name.encode(), hashlib.sha1).digest()
    return name, base64.b64encode(proof).decode()
