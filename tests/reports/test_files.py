"""Reports as files: nothing becomes a formula, empty denominators are n/a, the second sheet has the words."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from reports import Asked, Column, Kind, Language, ReportName, Row, Table
from reports.definitions import definitions
from reports.files import csv_parts, write_xlsx
from tests.dialer.results.samples import NINE, after

pytestmark = pytest.mark.unit
ASKED = Asked(report=ReportName.AGENTS, since=NINE, until=after(3600))
COLUMNS = (
    Column("begin", Kind.TIME),
    Column("agent", Kind.TEXT),
    Column("talks"),
    Column("aht", Kind.SECONDS),
    Column("occupancy", Kind.SHARE),
    Column("pause:=lunch", Kind.SECONDS),
)
HOSTILE = ('=HYPERLINK("http://x")', "+1+1", "-2", "@SUM(A1)", "\t=1", "Ада\x07")


def table() -> Table:
    async def rows() -> AsyncIterator[Sequence[Row]]:
        for name in HOSTILE:
            yield [{"begin": NINE, "agent": name, "talks": 3, "aht": None, "occupancy": 0.25}]
        yield []

    return Table(COLUMNS, rows(), main="talks", name="agent")


async def test_a_csv_that_no_spreadsheet_runs() -> None:
    parts = [part async for part in csv_parts(table(), ZoneInfo("Europe/Rome"), Language.IT)]
    text = b"".join(parts).decode("utf-8-sig")
    header, *lines = csv.reader(io.StringIO(text))
    assert header == ["Da", "Operatore", "Conversazioni", "AHT", "Occupazione", "Pausa: =lunch"]
    assert lines[0] == ["2026-03-03T10:00+01:00", '\'=HYPERLINK("http://x")', "3", "n/a", "0.25", "0"]
    assert all(not cell.startswith(("=", "@", "+", "\t")) for line in lines for cell in line)


async def test_a_workbook_with_definitions(tmp_path: Path) -> None:
    target = tmp_path / "agents.xlsx"
    assert await write_xlsx(target, table(), ASKED, Language.EN) == 6
    book = load_workbook(target)
    sheet, words = book.worksheets
    assert [cell.value for cell in sheet[1]][:3] == ["From", "Agent", "Talks"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}  # and never "f"
    first = sheet[2]
    assert (first[1].value, first[1].data_type) == (HOSTILE[0], "s")
    assert (first[2].value, first[3].value, first[4].number_format) == (3, "n/a", "0.0%")
    assert first[0].value.isoformat() == "2026-03-03T10:00:00"  # by Rome's clocks
    told = {row[0].value: row[1].value for row in words.iter_rows(min_row=2)}
    assert told["Occupancy"] == "(Talk + wrap-up) / (talk + wrap-up + ready); pauses are out."
    assert told["Time zone"] == "Europe/Rome"


def test_the_reference_names_every_column_in_the_words_of_the_page() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/report-columns.md").read_text()
    for key, words in definitions().items():
        shown = f"{key}…" if key.endswith(":") else key
        title, means = (words[what]["en"].replace("{word}", "…") for what in ("title", "means"))
        assert f"| `{shown}` | {title} | {means} |" in page, key


def test_every_column_has_its_words_in_every_language() -> None:
    for key, words in definitions().items():
        for what in ("title", "means"):
            assert set(words[what]) == set(Language), key
            assert all(words[what].values()), key
