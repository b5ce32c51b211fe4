"""Which of the words there are a misspelt one may mean. Pure."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final

_FAR: Final = 6
"""Letters more or fewer; what differs by more means something else."""
_COMPARED: Final = 500
"""So many words are looked at: comparing is slow, and there may be thousands, some of them hostile."""


def nearest(word: str, among: Iterable[str], *, most: int = 1) -> Sequence[str]:
    """What resembles a word, the most like it first; () when nothing does."""
    similar = [one for one in among if abs(len(one) - len(word)) <= _FAR][:_COMPARED]
    return get_close_matches(word, similar, n=most, cutoff=0.6)
