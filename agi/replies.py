"""Asterisk's answers to AGI commands, read in full."""

from typing import NamedTuple

from agi.errors import GarbageError
from values import ANY_KEY

OK = 200
DEAD_CHANNEL = 511
USAGE = 520
FAILED = "-1"
"""The result of what could not be done, or not to its end, as the caller is gone."""
USAGE_FIRST = b"520-"
USAGE_LAST = b"520 "

_CODE_DIGITS = 3
_KEYS = {str(ord(key)): key for key in ANY_KEY}
_PLAIN = b"200 result="


class Reply(NamedTuple):
    """One answer: `200 result=1 (timeout) endpos=8000` in its parts."""

    code: int
    result: str
    """What follows `result=`; '' when nothing does, or when there is no result."""
    note: str = ""
    """What stands in parentheses (a variable's value, `timeout`, `dtmf`); the words of a refusal."""
    endpos: int = 0
    """Samples played or recorded, where Asterisk counts them."""

    @property
    def key(self) -> str:
        """The key that stopped a prompt, given as its character code; '' when none did."""
        return _KEYS.get(self.result, "")


def parse_reply(line: bytes) -> Reply:
    """Read one line. Raises `GarbageError` for what is no AGI answer."""
    if line.startswith(_PLAIN):
        return _with_result(OK, line[len(_PLAIN) :].decode("utf-8", "replace"))
    head, _, rest = line.partition(b" ")
    if len(head) != _CODE_DIGITS or not head.isdigit():
        raise GarbageError(f"an answer that does not begin with a code, {len(line)} bytes long")
    text = rest.decode("utf-8", "replace")
    if text.startswith("result="):
        return _with_result(int(head), text[len("result=") :])
    return Reply(int(head), "", text)


def _with_result(code: int, text: str) -> Reply:
    result, _, rest = text.partition(" ")
    if not rest:
        return Reply(code, result)
    note, endpos = "", 0
    if rest.startswith("("):
        # the value of a variable may hold parentheses itself, so the last one closes
        end = rest.rfind(")")
        note, rest = (rest[1:end], rest[end + 1 :]) if end > 0 else (rest[1:], "")
    _, found, samples = rest.rpartition("endpos=")
    if found:
        digits = samples.strip()
        endpos = int(digits) if digits.isdecimal() and digits.isascii() and len(digits) < 16 else 0  # noqa: PLR2004
    return Reply(code, result, note, endpos)
