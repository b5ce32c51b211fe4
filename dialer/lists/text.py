"""A text file line by line, however long or broken its lines are, in little memory."""

import codecs
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

LONGEST_LINE = 200_000
"""Characters; of a longer line nothing is kept."""
MOST_JOINED = 50
"""How many lines one quoted cell may run over; more, and its quote was never closed."""
_PIECE = 1 << 18


class TextLine(NamedTuple):
    """One line."""

    number: int
    text: str | None
    """None for one that is too long."""
    offset: int
    """About how many bytes of the file have been read."""
    last: int
    """The last line that belongs to it."""


def text_lines(path: Path, encoding: str) -> Iterator[TextLine]:
    """Every line, whichever way it ends. What the encoding cannot read becomes a replacement character."""
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(encoding)(errors="replace"), translate=True
    )
    number, kept, too_long, offset = 1, "", False, 0
    with path.open("rb") as file:
        while True:
            piece = file.read(_PIECE)
            offset += len(piece)
            first, *others = decoder.decode(piece, final=not piece).split("\n")
            kept += first if not too_long else ""
            if len(kept) > LONGEST_LINE:
                kept, too_long = "", True
            for other in others:
                yield TextLine(number, None if too_long else kept, offset, number)
                number, kept, too_long = number + 1, other, len(other) > LONGEST_LINE
            if not piece:
                break
    if kept or too_long:
        yield TextLine(number, None if too_long else kept, offset, number)


def records(lines: Iterator[TextLine]) -> Iterator[TextLine]:
    """Lines put together where a quoted cell runs over several, under the number of the first.

    A quote that is never closed would swallow the rest of the file: then the line stands alone, and is told
    as broken by whoever reads it.
    """
    waiting: list[TextLine] = []
    while True:
        line = waiting.pop(0) if waiting else next(lines, None)
        if line is None:
            return
        if line.text is None or line.text.count('"') % 2 == 0:
            yield line
            continue
        parts, joined = [line], line.text
        while len(parts) < MOST_JOINED and len(joined) <= LONGEST_LINE:
            more = waiting.pop(0) if waiting else next(lines, None)
            if more is None:
                break
            parts.append(more)
            if more.text is None:
                break
            joined += "\n" + more.text
            if more.text.count('"') % 2:
                break
        if joined.count('"') % 2 == 0 and parts[-1].text is not None and _closes(joined):
            yield TextLine(line.number, joined, parts[-1].offset, parts[-1].number)
        else:
            yield line
            waiting = parts[1:] + waiting


def _closes(joined: str) -> bool:
    """Whether the cell that runs over the lines begins and ends where a cell may."""
    before, _, _ = joined.partition("\n")
    opening = before.rfind('"')
    return opening == 0 or not before[opening - 1].isalnum()
