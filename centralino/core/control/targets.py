"""Where a customer may be put through to, as a page writes it. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from values import BadInputError, mask_number

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_TYPED = re.compile(r"\+?[0-9 ()./-]{2,30}")


class Kind(StrEnum):
    """What sort of target."""

    AGENT = "agent"
    QUEUE = "queue"
    OUTSIDE = "outside"
    """A named target, or a number."""


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody, or somewhere."""

    kind: Kind
    name: str
    shown: str
    """What may be shown and logged: a number only by its last digits."""


def target_of(text: object) -> Target:
    """`agent:bruno`, `queue:care`, `outside:garage`, or a number. Raises `BadInputError`."""
    if not isinstance(text, str):
        raise BadInputError("write agent:…, queue:…, outside:… or a number", field="target")
    kind, colon, name = text.strip().partition(":")
    if not colon and _TYPED.fullmatch(kind):
        return Target(Kind.OUTSIDE, kind, mask_number(kind))
    if kind not in set(Kind) or not (
        _NAME.fullmatch(name) or (kind == Kind.OUTSIDE and _TYPED.fullmatch(name))
    ):
        raise BadInputError("write agent:…, queue:…, outside:… or a number", field="target")
    found = Kind(kind)
    return Target(found, name, mask_number(name) if _TYPED.fullmatch(name) else name)
