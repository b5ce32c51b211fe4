"""Where messages may go: to public addresses, or into networks that the operator has named.

An endpoint's name is looked up at each connection and the connection goes to what was found and checked, so
that a name that changes its mind in between leads nowhere (DNS rebinding).
"""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from values import BadInputError

Network = IPv4Network | IPv6Network
_LONGEST: Final = 2000
_NAT64: Final = ip_network("64:ff9b::/96")


class ForbiddenAddressError(OSError):
    """The name leads to an address inside, where messages must not go."""


class Addresses:
    """Which addresses are open."""

    def __init__(self, networks: Sequence[str] = ()) -> None:
        """`networks`: inner ones that are open as well, as `10.1.0.0/16`. Raises `BadInputError`."""
        try:
            self._networks: list[Network] = [ip_network(each) for each in networks]
        except ValueError as problem:
            raise BadInputError(str(problem), field="webhook_networks") from problem

    def check(self, text: str) -> str:
        """An endpoint's address as far as it can be told beforehand. Raises `BadInputError`."""
        try:
            url = URL(text.strip())
            host, port = url.host, url.port
        except ValueError as problem:
            raise BadInputError("is no address; write https://…", field="url") from problem
        if len(text) > _LONGEST or not host or not port or url.scheme not in {"https", "http"}:
            raise BadInputError("is no address; write https://…", field="url")
        if url.user or url.password or url.fragment:
            raise BadInputError("holds a name, a password or a #, which do not belong here", field="url")
        if url.scheme == "http" and not self._networks:
            raise BadInputError("write https: what we tell is nobody else's business", field="url")
        if (literal := _literal(host)) is not None and not self.open(literal, secure=url.scheme == "https"):
            raise BadInputError(
                "leads inside this house; the setting webhook_networks says which inner networks are open",
                field="url",
            )
        return str(url)

    def open(self, address: IPv4Address | IPv6Address, *, secure: bool) -> bool:
        """Whether messages may go there; without encryption only into the named networks."""
        inner = _inner(address)
        if any(inner.version == each.version and inner in each for each in self._networks):
            return True
        return secure and inner.is_global and not inner.is_multicast

    def check_literal(self, url: URL) -> None:
        """An address without a name is looked up by nobody, so it is checked here before each connection."""
        literal = _literal(url.host or "")
        if literal is not None and not self.open(literal, secure=url.scheme == "https"):
            raise ForbiddenAddressError("the address is inside, where messages must not go")


class OpenOnly(AbstractResolver):
    """Looks names up, and gives only addresses that are open."""

    def __init__(self, addresses: Addresses, *, secure: bool) -> None:
        self._addresses = addresses
        self._secure = secure
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raises `ForbiddenAddressError` when none of them is open."""
        found = await self._resolver.resolve(host, port, family)
        may = [
            each
            for each in found
            if self._addresses.open(ip_address(each["host"].partition("%")[0]), secure=self._secure)
        ]
        if not may:
            raise ForbiddenAddressError("the name leads inside, where messages must not go")
        return may

    async def close(self) -> None:
        """Nothing is kept."""
        await self._resolver.close()


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 address that is wrapped into an IPv6 one."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
