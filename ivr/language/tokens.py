"""The words and signs of a condition, with the mistakes people make in writing them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from values import CentralinoError, Scalar

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_WORDS = frozenset({"and", "or", "not", "in"})
_CONSTANTS: dict[str, Scalar] = {"true": True, "false": False, "none": None}

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<number>-?\d+(?:\.\d+)?(?![\w.]))
  | (?P<text>"[^"\\]*"|'[^'\\]*')
  | (?P<name>[a-z][a-z0-9_]*(?!\w))
  | (?P<sign>==|!=|<=|>=|<|>|[()\[\],](?!=))
    """,
    re.VERBOSE,
)

_MISTAKES: tuple[tuple[str, str], ...] = (
    (r"=[<>]", "write >= or <= with the equals sign last"),
    (r"===?|=", "to compare write == with two equals signs"),
    (r"&&?", "write and"),
    (r"\|\|?", "write or"),
    (r"!", "write not"),
    (r"<>", "write != for different"),
    (r"[“”„«»]", 'write straight quotes, as in "gold"'),
    (r"[‘’`]", 'write straight quotes, as in "gold"'),
    (r"[\"'][^\"']*\\", "a text cannot hold a backslash"),
    (r"\"", "this text is never closed; end it with the same quote"),
    (r"'", "this text is never closed; end it with the same quote"),
    (r"[{}]", "in a condition a variable stands without braces"),
    (r"[-+*/%]", "conditions do not calculate; let an action do it and compare its result"),
    (r"\d", "a number looks like 12 or 12.50"),
    (r"[A-Z]\w*", "names and words are in small letters; a text needs quotes"),
    (r"\w+", "names have only the letters a to z, digits and _; a text needs quotes"),
)


class ExpressionError(CentralinoError):
    """The condition cannot be read."""

    error_id = "flow-expression"

    def __init__(self, message: str, column: int) -> None:
        """Take the words for the author, and the column (from 1) inside the condition."""
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Token:
    """One word, sign or value, and the column (from 1) where it begins."""

    kind: str
    """name, value, word, sign or end."""
    text: str
    column: int
    constant: Scalar = None

    def __str__(self) -> str:
        return self.text or "the end"


def tokenize(text: str) -> list[Token]:
    """Cut a condition into its tokens; the last is always the end. Raises `ExpressionError`."""
    return [*_tokens(text), Token("end", "", len(text) + 1)]


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or (found["sign"] in ("<", ">") and text[at : at + 2] == "<>"):
            raise ExpressionError(_mistake(text, at), at + 1)
        if found.lastgroup != "space":
            yield _token(found, at + 1)
        at = found.end()


def _token(found: re.Match[str], column: int) -> Token:
    text = found[0]
    if found["number"]:
        return Token("value", text, column, float(text) if "." in text else int(text))
    if found["text"]:
        return Token("value", text, column, text[1:-1])
    if found["sign"]:
        return Token("sign", text, column)
    if text in _CONSTANTS:
        return Token("value", text, column, _CONSTANTS[text])
    if text in ("null", "nil", "is"):
        raise ExpressionError("for no value write none, as in name == none", column)
    return Token("word" if text in _WORDS else "name", text, column)


def _mistake(text: str, at: int) -> str:
    for pattern, advice in _MISTAKES:
        found = re.compile(pattern).match(text, at)
        if found:
            return f"{found[0][:20]} does not belong here: {advice}"
    return f"{text[at]} does not belong here"
