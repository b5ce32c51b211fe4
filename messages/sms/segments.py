"""How many messages the network makes of a text. Pure.

One message holds 160 characters of the GSM alphabet (3GPP TS 23.038), 70 UTF-16 units of any other; each part
of a longer one holds 153 or 67. Some signs of the GSM alphabet take two places.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_PLAIN: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_DOUBLE: Final = frozenset("^{}\\[~]|€\f")


class Alphabet(StrEnum):
    """How the network writes it."""

    GSM = "gsm"
    UCS2 = "ucs2"
    """Any sign outside the GSM alphabet makes the whole text so, at less than half the room."""


_ONE: Final = {Alphabet.GSM: 160, Alphabet.UCS2: 70}
_EACH: Final = {Alphabet.GSM: 153, Alphabet.UCS2: 67}


@dataclass(frozen=True, slots=True)
class Size:
    """How long a text is."""

    alphabet: Alphabet
    units: int
    """Places it takes in its alphabet."""
    segments: int
    """Messages, at least one."""


def size_of(words: str) -> Size:
    """The size of a text."""
    if all(sign in _PLAIN or sign in _DOUBLE for sign in words):
        return _size(Alphabet.GSM, [2 if sign in _DOUBLE else 1 for sign in words])
    return _size(Alphabet.UCS2, [2 if ord(sign) > 0xFFFF else 1 for sign in words])  # noqa: PLR2004  (UTF-16)


def _size(alphabet: Alphabet, widths: list[int]) -> Size:
    units = sum(widths)
    if units <= _ONE[alphabet]:
        return Size(alphabet, units, 1)
    parts, room = 1, _EACH[alphabet]
    for width in widths:  # a sign of two places is never cut in two
        if width > room:
            parts, room = parts + 1, _EACH[alphabet]
        room -= width
    return Size(alphabet, units, parts)
