"""A booklet as PDF: the first page with the contents, then a page for each topic, the definitions last."""

import io
from collections.abc import Iterator, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.platypus import (
    Flowable,
    HRFlowable,
    KeepTogether,
    PageBreak,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from reports.printed.booklet import (
    Block,
    Booklet,
    Estimate,
    Grid,
    Key,
    Keys,
    Lines,
    Note,
    Shape,
    Stacks,
    Topic,
    Whiskers,
)
from reports.printed.drawing import draw_lines, draw_stacks, draw_whiskers
from reports.printed.fonts import Fonts
from reports.printed.numerals import cell, say, span
from reports.printed.pages import FAINT, STYLES, WIDTH, canvas_for, template

_STRIPE: Final = HexColor("#f7f8fa")
_KEYS_IN_ROW: Final = 4


def write_pdf(booklet: Booklet, fonts: Fonts) -> bytes:
    """The file's bytes; the same booklet gives the same. Raises `FontsMissingError`."""
    fonts.register()
    file = io.BytesIO()
    document = template(file, booklet)
    document.build(list(_story(booklet)), canvasmaker=canvas_for(booklet))
    return file.getvalue()


def _story(booklet: Booklet) -> Iterator[Flowable]:
    yield _says(booklet.title, "title")
    yield _says(booklet.period, "period")
    for number, topic in enumerate(booklet.topics):
        if number:
            yield PageBreak()
        yield from _topic(topic, booklet)
    if booklet.terms:
        yield PageBreak()
        yield _says(booklet.words.definitions, "topic")
        yield HRFlowable(width="100%", thickness=0.6, color=FAINT, spaceAfter=4)
        for term in booklet.terms:
            yield _says(term.name, "term")
            yield _says(term.means, "means")


def _topic(topic: Topic, booklet: Booklet) -> Iterator[Flowable]:
    yield _says(topic.title, "topic")
    if topic.lead:
        yield _says(topic.lead, "lead")
    for block in topic.blocks:
        yield from _block(block, booklet)


def _block(block: Block, booklet: Booklet) -> Iterator[Flowable]:
    if isinstance(block, Note):
        yield _says(block.text, "small" if block.small else "text")
    elif isinstance(block, Keys):
        yield _keys(block, booklet)
        yield Spacer(0, 6)
    elif isinstance(block, Grid):
        yield from _grid(block, booklet)
    else:
        yield KeepTogether(list(_chart(block, booklet)))


def _chart(block: Lines | Stacks | Whiskers, booklet: Booklet) -> Iterator[Flowable]:
    yield _says(block.title, "block")
    if not _drawable(block):  # no axes around nothing
        yield _says(booklet.words.nothing, "small")
    elif isinstance(block, Lines):
        yield draw_lines(block, WIDTH, booklet.language)
        if block.marked_means and any(each.marked for each in block.series):
            yield _says(f"○ {block.marked_means}", "small")
    elif isinstance(block, Stacks):
        yield draw_stacks(block, WIDTH, booklet.language)
    else:
        yield draw_whiskers(block, WIDTH, booklet.language, booklet.words)
        if block.target is not None and block.target_means:
            yield _says(f"┄ {block.target_means}", "small")
    yield Spacer(0, 4)


def _drawable(block: Lines | Stacks | Whiskers) -> bool:
    """Whether there is a value to draw."""
    if isinstance(block, Lines):
        return any(each.value is not None for series in block.series for each in series.values)
    if isinstance(block, Stacks):
        return any(any(series.values) for series in block.series)
    return any(row.value.value is not None for row in block.rows)


def _keys(keys: Keys, booklet: Booklet) -> Flowable:
    cells = [_key(each, booklet) for each in keys.items]
    rows = [cells[at : at + _KEYS_IN_ROW] for at in range(0, len(cells), _KEYS_IN_ROW)]
    across = min(_KEYS_IN_ROW, len(cells)) or 1
    rows[-1] += [""] * (across - len(rows[-1]))  # type: ignore[list-item]
    table = Table(rows, colWidths=[WIDTH / across] * across, hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 8),
                ("TOPPADDING", (0, 0), (-1, -1), 6),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
                ("LINEABOVE", (0, 0), (-1, -1), 0.6, FAINT),
            ]
        )
    )
    return table


def _key(key: Key, booklet: Booklet) -> list[Flowable]:
    value, note = key.value, key.note
    if isinstance(value, Estimate):
        between = span(value, key.shape, booklet.language)
        note = " · ".join(each for each in (between, note) if each)
        few = value.why or booklet.words.few
        said = few if value.value is None else say(value.value, key.shape, booklet.language)
    else:
        said = cell(value, key.shape, booklet.language, booklet.words)
    hidden = isinstance(value, Estimate) and value.value is None
    parts = [_says(key.label, "key_label"), _says(said, "lead" if hidden else "key")]
    return [*parts, _says(note, "key_label")] if note else parts


def _grid(grid: Grid, booklet: Booklet) -> Iterator[Flowable]:
    if grid.title:
        yield _says(grid.title, "block")
    if not grid.rows:
        yield _says(grid.empty, "small")
        return
    whole = sum(head.wide for head in grid.heads)
    heads = [_says(each.title, "head_number" if _right(each.shape) else "head") for each in grid.heads]
    rows = [
        [
            _says(
                cell(value, head.shape, booklet.language, booklet.words),
                "number" if _right(head.shape) else "cell",
            )
            for value, head in zip(row, grid.heads, strict=True)
        ]
        for row in grid.rows
    ]
    table = Table([heads, *rows], colWidths=[WIDTH * each.wide / whole for each in grid.heads], repeatRows=1)
    table.setStyle(TableStyle(_table_style(len(rows))))
    yield table
    yield Spacer(0, 6)


def _table_style(count: int) -> Sequence[tuple[Any, ...]]:
    return [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, FAINT),
        ("LINEBELOW", (0, -1), (-1, -1), 0.4, FAINT),
        *(("BACKGROUND", (0, row), (-1, row), _STRIPE) for row in range(2, count + 1, 2)),
    ]


def _right(shape: Shape) -> bool:
    return shape is not Shape.TEXT


def _says(words: str, style: str) -> Paragraph:
    return Paragraph(escape(words), STYLES[style])
