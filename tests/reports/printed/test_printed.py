"""Printed reports: pages with numbers, letters of every language, a workbook whose numbers are numbers."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from reports.definitions import Language
from reports.printed import (
    Block,
    Estimate,
    FontsMissingError,
    Line,
    Lines,
    Shape,
    Stack,
    Stacks,
    Topic,
    Whisker,
    Whiskers,
    find_fonts,
    say,
    span,
    write_book,
    write_pdf,
)
from reports.printed.drawing.frame import axis_of
from reports.printed.numerals import marked
from tests.reports.printed.samples import HOSTILE, booklet

pytestmark = pytest.mark.unit


def pages_of(data: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", data))


def test_a_topic_a_page_and_the_definitions_last() -> None:
    data = write_pdf(booklet(), find_fonts())
    assert data.startswith(b"%PDF")
    assert pages_of(data) == 3
    assert b"/Lang" in data
    assert data == write_pdf(booklet(), find_fonts())  # the same figures, the same file


def test_a_long_table_goes_on_over_pages() -> None:
    assert pages_of(write_pdf(booklet(rows=200), find_fonts())) > 5


def test_letters_of_every_language_are_in_the_file() -> None:
    """Each face is embedded with a map to Unicode, so that Russian can be searched and copied."""
    data = write_pdf(booklet(), find_fonts())
    assert data.count(b"/FontFile2") >= 2
    assert data.count(b"/ToUnicode") >= 2


def test_missing_fonts_are_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FontsMissingError, match=r"setting `fonts`.*lacks DejaVuSans\.ttf"):
        find_fonts(tmp_path)
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        (tmp_path / name).write_bytes(b"no font")
    with pytest.raises(FontsMissingError, match="is no TrueType font"):
        write_pdf(booklet(), find_fonts(tmp_path))


def test_numbers_as_each_language_writes_them() -> None:
    assert [say(1234567, Shape.COUNT, each) for each in Language] == [
        "1,234,567",
        "1.234.567",
        "1\u202f234\u202f567",
    ]
    assert say(0.7134, Shape.SHARE, Language.IT) == "71,3\u00a0%"
    assert say(30.0, Shape.SCORE, Language.EN) == "+30.0"
    assert say(-4.26, Shape.SCORE, Language.RU) == "−4,3"
    assert say(-0.01, Shape.SCORE, Language.EN) == "0.0"
    assert say(None, Shape.COUNT, Language.EN) == "–"
    assert span(Estimate(0.5, 0.4, 0.6, 10), Shape.SHARE, Language.EN) == "40.0\u00a0–\u00a060.0\u00a0%"
    assert span(Estimate(None, n=10), Shape.SHARE, Language.EN) == ""


def test_axes_have_round_marks() -> None:
    assert list(axis_of([0, 73_400], 0.0).marks) == [0, 20_000, 40_000, 60_000, 80_000]
    assert list(marked(axis_of([-7, 41]).marks, Shape.SCORE, Language.EN)) == [
        "−10", "0", "+10", "+20", "+30", "+40", "+50",
    ]  # fmt: skip
    assert next(iter(axis_of([], 0.0).marks)) == 0
    same = axis_of([5.0, 5.0])
    assert same.low < 5 < same.high


def test_a_workbook_of_numbers_with_their_intervals() -> None:
    book = load_workbook(io.BytesIO(write_book(booklet())))
    assert book.sheetnames == ["Объёмы", "Мнение   2026", "Определения"]
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "n",
        "inlineStr",
    }
    rows = [
        [cell.value for cell in row if cell.value is not None] for row in book["Мнение   2026"].iter_rows()
    ]
    assert ["Площадка", "n", "NPS", "от", "до", "n"] in rows
    assert ["Roma", 1234, 30, pytest.approx(22.3), pytest.approx(37.7), 400] in rows
    few = next(row for row in rows if row[:2] == [HOSTILE, 12])
    assert [each for each in few if each != ""] == [HOSTILE, 12, "мало ответов"], "and not how few"


def test_a_chart_without_a_value_is_words_and_no_axes() -> None:
    few = [Estimate(None, n=3)] * 2
    empty: list[Block] = [
        Lines("NPS", ["W40", "W41"], [Line("все", few)]),
        Whiskers("CSAT", [Whisker("Roma", Estimate(None, why="скрыто"))]),
        Stacks("LA", ["янв"], [Stack("LA", [0])]),
    ]
    whole = booklet()
    told = write_pdf(replace(whole, topics=[Topic("x", "", empty)]), find_fonts())
    assert pages_of(told) == 2
    assert len(told) < len(write_pdf(whole, find_fonts()))
    book = load_workbook(io.BytesIO(write_book(replace(whole, topics=[Topic("x", "", empty)]))))
    said = {cell.value for row in book["x"].iter_rows() for cell in row}
    assert "скрыто" in said
