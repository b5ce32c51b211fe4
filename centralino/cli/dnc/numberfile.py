"""Numbers out of a file of any size: one a line, or a column; bad lines are told by their place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from values import BadInputError, PhoneNumber, parse_phone

LONGEST = 8192
"""Bytes of a line; a longer one is no line of numbers."""

_HEADINGS = frozenset({"number", "phone", "msisdn", "telephone", "numero", "numero_telefono", "telefono"})
_BREAKS = re.compile(r"[;,\t]")
_SPOILED = re.compile(r"^\d+(\.\d+)?E\+\d+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line without a number."""

    line: int
    problem: str


def read_numbers(file: BinaryIO, country: str) -> Iterator[PhoneNumber | BadLine]:
    """Its numbers in E.164, line by line; empty lines and a heading are passed over.

    Columns are parted by semicolons, commas or tabs. The number's is the one with a heading that says so,
    else the first.
    """
    column = 0
    for line, raw in _lines(file):
        if raw is None:
            yield BadLine(line, f"longer than {LONGEST} bytes: no line of a list of numbers")
            continue
        cells = [cell.strip().strip("\"'").strip() for cell in _BREAKS.split(raw)]
        if not any(cells):
            continue
        if line == 1 and not any(character.isdigit() for character in raw):
            headings = [cell.lower() for cell in cells]
            column = next((at for at, heading in enumerate(headings) if heading in _HEADINGS), 0)
            continue
        yield _number(line, cells[column] if column < len(cells) else "", country)


def _number(line: int, text: str, country: str) -> PhoneNumber | BadLine:
    if _SPOILED.match(text):
        return BadLine(line, "a spreadsheet has rounded this number; export the column as text")
    try:
        return parse_phone(text, country)
    except BadInputError as problem:
        return BadLine(line, str(problem))


def _lines(file: BinaryIO) -> Iterator[tuple[int, str | None]]:
    """Lines with their numbers; None for one that is too long to be kept in memory."""
    line = 0
    while raw := file.readline(LONGEST):
        line += 1
        whole = raw.endswith(b"\n") or len(raw) < LONGEST
        while not whole:
            rest = file.readline(LONGEST)
            whole = rest.endswith(b"\n") or len(rest) < LONGEST
            raw = b""
        yield line, _text(raw, line) if raw else None


def _text(raw: bytes, line: int) -> str:
    """Digits are the same in all encodings that lists come in; a byte nobody knows is no digit."""
    text = raw.decode("utf-8", errors="replace").replace("\0", "")
    return text.lstrip("\ufeff") if line == 1 else text
