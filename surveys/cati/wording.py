"""What a voice says of keys, as an agent reads it: the question, and each answer by its key. Pure.

`Did it arrive? If yes press 1. If not press 2.` is `Did it arrive?`, `1: If yes`, `2: If not`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_KEY: Final = re.compile(
    r"[,;]?\s*(?:(?:prema|press|нажмите)\s+([0-9])|[–—]\s*([0-9]))(?=\W|$)", re.IGNORECASE
)
_BEFORE: Final = re.compile(r"^(.*[.?!:])\s+(.+)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Wording:
    """A menu in one language."""

    question: str
    """'' where nothing is said but what the keys do."""
    answers: Mapping[str, str]


def wording(text: str, keys: Sequence[str]) -> Wording:
    """Take a menu's text apart; where that fails the whole of it is the question, and keys are themselves."""
    answers: dict[str, str] = {}
    question, at = "", 0
    for found in _KEY.finditer(text):
        clause = text[at : found.start()].strip(" .,;–—")
        if not answers and (parts := _BEFORE.match(clause)):
            question, clause = parts[1], parts[2]
        answers[found[1] or found[2]] = clause[:1].upper() + clause[1:]
        at = found.end()
    if set(answers) != set(keys) or not all(answers.values()):
        return Wording(text, {key: key for key in keys})
    return Wording(question, {key: answers[key] for key in keys})
