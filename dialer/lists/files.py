"""What kind of file it is: text in which encoding, with which delimiter, or a workbook."""

import codecs
import csv
import hashlib
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from dialer.lists.plan import ImportPlan
from dialer.lists.text import LONGEST_LINE, text_lines
from values import BadInputError

PIECE = 1 << 20
_SAMPLE = 20
_DELIMITERS = (";", ",", "\t", "|")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it is to be read."""

    path: Path
    digest: str
    """SHA-256 of what is in it."""
    size: int
    encoding: str
    """'' for a workbook."""
    delimiter: str
    header: tuple[str, ...]
    """The columns' names; numbers from 1 where the file has no header."""
    first: int
    """The first line after the header."""
    notes: tuple[str, ...]


def look_at(path: Path, plan: ImportPlan) -> Source:
    """Find out how a file is to be read. Raises `BadInputError` for one that cannot be."""
    if plan.delimiter and (len(plan.delimiter) != 1 or plan.delimiter in '"\r\n'):
        raise BadInputError("write one character, as ; or tab", field="delimiter")
    try:
        with path.open("rb") as file:
            start = file.read(1 << 16)
        if not start:
            raise BadInputError("it is empty", field="file")
        if start.startswith(_OLD_EXCEL):
            raise BadInputError(
                "it is an old Excel workbook (.xls); save it as .xlsx or as CSV", field="file"
            )
        digest, utf8 = _read_once(path)
    except OSError as problem:
        raise BadInputError(f"it cannot be read: {problem.strerror}", field="file") from problem
    size = path.stat().st_size
    if zipfile.is_zipfile(path):
        header, first = _of_workbook(path, header=plan.header)
        return Source(path, digest, size, "", "", header, first, ("an Excel workbook, its first sheet",))
    encoding, word = _encoding(start, plan.encoding, utf8=utf8)
    sample = _sample(path, encoding)
    delimiter, skipped = plan.delimiter, 0
    if sample[0][1].lower().startswith("sep=") and len(sample[0][1]) == 5:  # noqa: PLR2004  (as Excel writes it)
        delimiter, skipped = delimiter or sample[0][1][4], 1
    delimiter = delimiter or _sniff([text for _, text in sample[skipped:]])
    header, first = _header(sample[skipped:], delimiter, header=plan.header)
    notes = (word, f"columns end at {_named(delimiter)}")
    return Source(path, digest, size, encoding, delimiter, header, first, notes)


def _read_once(path: Path) -> tuple[str, bool]:
    """The digest, and whether all of it is UTF-8."""
    digest, utf8 = hashlib.sha256(), True
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            if utf8:
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError:
                    utf8 = False
    if utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            utf8 = False
    return digest.hexdigest(), utf8


def _encoding(start: bytes, said: str, *, utf8: bool) -> tuple[str, str]:
    if said:
        return _said_encoding(said), f"read as {said}, as you said"
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding, f"its first bytes say that it is {encoding}"
    nuls = start.count(0)
    if nuls > len(start) // 4:
        little = start[1::2].count(0) >= start[::2].count(0)
        encoding = "utf-16-le" if little else "utf-16-be"
        return encoding, f"it looks like {encoding} without a mark"
    if utf8:
        return "utf-8", "it is UTF-8"
    western = not any(byte in start for byte in b"\x81\x8d\x8f\x90\x9d")
    encoding = "cp1252" if western else "latin-1"
    return (
        encoding,
        f"it is not UTF-8; read as {encoding}: look at names with accents, or say another encoding",
    )


def _said_encoding(said: str) -> str:
    try:
        name = codecs.lookup(said).name
        decoder = codecs.getincrementaldecoder(name)(errors="replace")
        str.isdigit(decoder.decode(b"0"))  # refuses bytes: Python knows codecs that make those
    except (LookupError, TypeError, AssertionError, ValueError) as problem:
        raise BadInputError(
            f"{said[:40]!r} is no encoding; try utf-8 or cp1252", field="encoding"
        ) from problem
    return name


def _sample(path: Path, encoding: str) -> list[tuple[int, str]]:
    """The first lines that are not empty, with their numbers."""
    found: list[tuple[int, str]] = []
    for line in text_lines(path, encoding):
        if line.text is None:
            if not found:
                raise BadInputError(
                    f"its first line is longer than {LONGEST_LINE} characters: are its line ends missing?",
                    field="file",
                )
            continue  # the import will tell of it
        if line.text.strip():
            found.append((line.number, line.text))
            if len(found) == _SAMPLE:
                break
    if not found:
        raise BadInputError("it has no lines with anything in them", field="file")
    return found


def _sniff(sample: list[str]) -> str:
    """The delimiter that occurs in the first line, and as often in most others."""
    best, most = ",", 0.0
    for each in _DELIMITERS:
        counts = [_outside(text).count(each) for text in sample]
        first = counts[0] if counts else 0
        if first:
            alike = Counter(counts)[first] / len(counts)
            if alike * (1 + first / 1000) > most:
                best, most = each, alike * (1 + first / 1000)
    return best


def _outside(text: str) -> str:
    """A line without what is in quotes."""
    return "".join(text.split('"')[::2])


def _header(sample: list[tuple[int, str]], delimiter: str, *, header: bool) -> tuple[tuple[str, ...], int]:
    if not sample:
        raise BadInputError("it has no lines besides the first", field="file")
    number, text = sample[0]
    try:
        cells = next(csv.reader([text], delimiter=delimiter))
    except (csv.Error, StopIteration) as problem:
        raise BadInputError(f"its header cannot be read: {problem}", field="file") from problem
    return (tuple(cells), number + 1) if header else (tuple(str(i + 1) for i in range(len(cells))), number)


def _of_workbook(path: Path, *, header: bool) -> tuple[tuple[str, ...], int]:
    from dialer.lists.workbooks import sheet_rows  # noqa: PLC0415  (openpyxl takes half a second)

    for row in sheet_rows(path):
        cells = row.text
        if any(cells):
            last = max(place for place, cell in enumerate(cells) if cell)
            names = tuple(cells[: last + 1])
            return (
                (names, row.number + 1)
                if header
                else (tuple(str(i + 1) for i in range(len(names))), row.number)
            )
    raise BadInputError("its first sheet is empty", field="file")


def _named(delimiter: str) -> str:
    return {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "bars"}.get(delimiter, repr(delimiter))
