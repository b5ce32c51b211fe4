"""A booklet as a workbook: a topic on each sheet, numbers as numbers, every chart as the table behind it."""

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from reports.printed.booklet import (
    Block,
    Booklet,
    Estimate,
    Grid,
    Head,
    Keys,
    Lines,
    Note,
    Said,
    Shape,
    Stacks,
    Topic,
    Words,
)

_FORMATS: Final = {
    Shape.COUNT: "#,##0",
    Shape.NUMBER: "0.0",
    Shape.FINE: "0.00",
    Shape.SHARE: "0.0%",
    Shape.SCORE: "+0.0;-0.0;0.0",
}
_NO_SHEET: Final = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME: Final = 31
_LONGEST: Final = 32_000
_COLUMNS: Final = 24


def write_book(booklet: Booklet) -> bytes:
    """The file's bytes. Texts are never taken for formulas."""
    book = Workbook(write_only=True)
    names: set[str] = set()
    for topic in booklet.topics:
        _sheet(book, _name(topic.title, names), topic, booklet)
    sheet = book.create_sheet(_name(booklet.words.definitions, names))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 110
    for term in booklet.terms:
        means = _text(sheet, term.means)
        means.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append([_text(sheet, term.name, bold=True), means])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet(book: Workbook, name: str, topic: Topic, booklet: Booklet) -> None:
    sheet = book.create_sheet(name)
    sheet.column_dimensions["A"].width = 38
    for column in "BCDEFGHIJKLMNOPQRSTUVWX"[: _COLUMNS - 1]:
        sheet.column_dimensions[column].width = 14
    sheet.append([_text(sheet, f"{booklet.title} · {booklet.period}", bold=True)])
    sheet.append([_text(sheet, topic.lead)])
    for block in topic.blocks:
        if isinstance(block, Note):
            sheet.append([_text(sheet, block.text)])
            continue
        sheet.append([])
        for grid in _grids(block):
            for row in _rows(sheet, grid, booklet.words):
                sheet.append(row)


def _grids(block: Block) -> Iterator[Grid]:
    """What a block says, as tables."""
    if isinstance(block, Grid):
        yield block
    elif isinstance(block, Keys):
        for key in block.items:
            yield Grid("", [Head(""), Head("", key.shape), Head("")], [[key.label, key.value, key.note]])
    elif isinstance(block, Lines):
        heads = [Head(""), *(Head(each.name, block.shape) for each in block.series)]
        columns = [each.values for each in block.series]
        yield Grid(block.title, heads, _across(block.labels, columns))
    elif isinstance(block, Stacks):
        heads = [Head(""), *(Head(each.name, Shape.COUNT) for each in block.series)]
        yield Grid(block.title, heads, _across(block.labels, [each.values for each in block.series]))
    elif not isinstance(block, Note):
        rows: list[list[Said]] = [[each.label, each.value] for each in block.rows]
        yield Grid(block.title, [Head(""), Head("", block.shape)], rows)


def _across(labels: Sequence[str], columns: Sequence[Sequence[Said]]) -> list[list[Said]]:
    return [[label, *(column[at] for column in columns)] for at, label in enumerate(labels)]


def _rows(sheet: Any, grid: Grid, words: Words) -> Iterator[list[Any]]:
    """A table's rows; a figure with an interval takes four cells: itself, its two ends and n.

    Where there is no figure there are no answers to name either: of few not even how few.
    """
    spread = [any(isinstance(row[at], Estimate) for row in grid.rows) for at in range(len(grid.heads))]
    if grid.title:
        yield [_text(sheet, grid.title, bold=True)]
    if any(head.title for head in grid.heads) or any(spread):
        heads: list[Any] = []
        for head, four in zip(grid.heads, spread, strict=True):
            heads.append(_text(sheet, head.title, bold=True))
            if four:
                heads += [_text(sheet, each, bold=True) for each in (words.low, words.high, "n")]
        yield heads
    for row in grid.rows:
        made: list[Any] = []
        for value, head, four in zip(row, grid.heads, spread, strict=True):
            if not four:
                made.append(_cell(sheet, value, head.shape, words))
                continue
            told = value if isinstance(value, Estimate) else Estimate(None)
            made.append(
                _text(sheet, told.why or words.few)
                if told.value is None
                else _cell(sheet, told.value, head.shape, words)
            )
            ends = (told.low, told.high) if told.value is not None else (None, None)
            made += ["" if end is None else _cell(sheet, end, head.shape, words) for end in ends]
            made.append("" if told.value is None else told.n)
        yield made


def _cell(sheet: Any, value: Said, shape: Shape, words: Words) -> Any:
    if value is None:
        return _text(sheet, words.none)
    if isinstance(value, str | Estimate):
        return _text(sheet, str(value))
    made = WriteOnlyCell(sheet, value)
    made.number_format = _FORMATS.get(shape, "General")
    return made


def _text(sheet: Any, value: str, *, bold: bool = False) -> Any:
    """A text, whatever it begins with: `=1+1` stays four letters and no formula."""
    made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST])
    made.data_type = "s"
    made.quotePrefix = True
    if bold:
        made.font = Font(bold=True)
    return made


def _name(title: str, taken: set[str]) -> str:
    """A sheet's name: short, without what none may hold, and no other's."""
    short = _NO_SHEET.sub(" ", title).strip()[:_LONGEST_NAME] or "–"
    name, number = short, 2
    while name.casefold() in taken:
        name, number = f"{short[: _LONGEST_NAME - 4]} ({number})", number + 1
    taken.add(name.casefold())
    return name
