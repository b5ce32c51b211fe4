"""What Asterisk tells about a call at the beginning of an AGI connection, and whether it may come in."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from agi.errors import GarbageError

UNKNOWN = "unknown"
"""How Asterisk writes a caller or a dialled number that it does not know."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The lines of a heading, read."""

    env: dict[str, str]
    """Every `agi_…` line, without the two that show the secret."""
    secret: str = field(repr=False)
    route: str
    """The path behind the secret: `inbound`."""
    query: dict[str, str]


def parse_heading(lines: Sequence[bytes]) -> Heading:
    """Read the lines up to the empty one. Raises `GarbageError` when they are not AGI's."""
    env: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if not colon or not name.startswith("agi_"):
            raise GarbageError("a heading line that is not agi_name: value")
        env[name] = value.strip()
    env.pop("agi_request", None)
    script = env.pop("agi_network_script", "")
    path, _, query = script.partition("?")
    secret, _, route = path.lstrip("/").partition("/")
    return Heading(env, secret, route.rstrip("/"), dict(parse_qsl(query)))


def same_secret(given: str, expected: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())


def known(value: str) -> str:
    """A number as the network gave it; '' where it gave none."""
    return "" if value == UNKNOWN else value
