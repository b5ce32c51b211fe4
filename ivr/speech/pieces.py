"""A prompt's text cut into what can be rendered ahead and what is only known in the call. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ivr.language.basics import PLACEHOLDER


@dataclass(frozen=True, slots=True)
class Fixed:
    """Words that are the same in every call, with the punctuation that shapes their melody."""

    words: str


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value goes. `kind` is '' when the author left it out; `before` are the words just before it."""

    name: str
    kind: str
    before: str


@lru_cache(maxsize=4096)
def cut(text: str) -> Sequence[Fixed | Slot]:
    """Cut a text at its placeholders. Pieces of nothing but punctuation are dropped: they say nothing."""
    pieces: list[Fixed | Slot] = []
    end = 0
    for found in PLACEHOLDER.finditer(text):
        before = _fixed(text[end : found.start()], pieces)
        pieces.append(Slot(found[1], found[2] or "", before))
        end = found.end()
    _fixed(text[end:], pieces)
    return tuple(pieces)


def _fixed(text: str, pieces: list[Fixed | Slot]) -> str:
    words = " ".join(text.split())
    if any(character.isalnum() for character in words):
        pieces.append(Fixed(words))
    return words


def pauses(words: str) -> tuple[int, int]:
    """The silence around a piece, before and after, in milliseconds, as its punctuation asks for.

    Engines breathe at punctuation only inside a text; at the seams it is ours to do.
    """
    return _before(words[:1]), _after(words[-1:])


def _before(first: str) -> int:
    return {".": 250, "!": 250, "?": 250, ":": 180, ";": 180, ",": 120}.get(first, 30)


def _after(last: str) -> int:
    return {".": 280, "!": 280, "?": 280, "…": 280, ":": 160, ";": 160, ",": 120}.get(last, 40)
