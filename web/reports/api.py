"""Reports for programs and as files: `/api/v1/reports`."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from aiohttp import web

from reports import TABLES, Asked, Column, Language, Range, Row, Step, all_rows, report
from reports.files import csv_parts, write_xlsx
from reports.schedules import Form, file_name
from users import Right
from web.access import allowed, audit
from web.keys import PARTS
from web.openapi.describe import WHOLE, described, record
from web.queries import check_names, json_answer, limit_of
from web.reports.asking import KNOWN, asked_of, language_of, report_named
from web.reports.described import ASKED, REPORT, WORDS

MOST: Final = 5_000
"""Rows of one answer in JSON; files hold all."""
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allowed(Right.REPORTS, partners=True)
@described(answer=record(reports=WORDS, by=WORDS, ranges=WORDS))
async def listed(request: web.Request) -> web.Response:
    """Which reports there are, and what they can be asked."""
    check_names(request.query, ())
    return json_answer({"reports": list(TABLES), "by": list(Step), "ranges": list(Range)})


@allowed(Right.REPORTS, partners=True)
@described(query={**ASKED, "limit": {**WHOLE, "minimum": 1, "maximum": MOST}}, answer=REPORT)
async def told(request: web.Request) -> web.Response:
    """A report's rows, with what each column is called and means."""
    check_names(request.query, KNOWN | {"limit"})
    asked = await asked_of(request, report_named(request.match_info["name"]), request.query)
    most = limit_of(request.query.get("limit"), usual=MOST, most=MOST)
    table = await report(request.app[PARTS].db, asked)
    rows, more = await all_rows(table, most)
    language = language_of(request)
    return json_answer(
        {
            "report": asked.report,
            "from": asked.since,
            "to": asked.until,
            "by": asked.by,
            "zone": asked.zone,
            "columns": [column_told(column, language) for column in table.columns],
            "rows": rows_told(table.columns, rows),
            "more": more,
        }
    )


@allowed(Right.REPORTS, partners=True)
@described(query=ASKED, gives="text/csv", words="With `.xlsx` it is a workbook.")
async def taken(request: web.Request) -> web.StreamResponse:
    """A report as a file: CSV as it is worked out, or a workbook. That it was taken is written down."""
    check_names(request.query, KNOWN)
    form = Form(request.match_info["form"])
    asked = await asked_of(request, report_named(request.match_info["name"]), request.query)
    language = language_of(request)
    parts = request.app[PARTS]
    table = await report(parts.db, asked)
    detail = {"from": asked.since.isoformat(), "to": asked.until.isoformat(), "by": asked.by.value}
    async with parts.db.write() as session:
        await audit(request, session, "report.taken", subject=asked.report.value, detail=detail)
    name = f'attachment; filename="{file_name(asked, form)}"'
    if form is Form.CSV:
        response = web.StreamResponse(headers={"Content-Disposition": name})
        response.content_type, response.charset = "text/csv", "utf-8"
        content = csv_parts(table, asked.clock, language)
        first = await anext(content)  # before the answer begins: what goes wrong is still told as such
        await response.prepare(request)
        await response.write(first)
        async for part in content:
            await response.write(part)
        await response.write_eof()
        return response
    with TemporaryDirectory(prefix="centralino-report-") as folder:
        path = Path(folder) / "report.xlsx"
        await write_xlsx(path, table, asked, language)
        data = await asyncio.to_thread(path.read_bytes)
    return web.Response(body=data, content_type=_XLSX, headers={"Content-Disposition": name})


def column_told(column: Column, language: Language) -> dict[str, str]:
    """A column for programs."""
    return {
        "key": column.key,
        "kind": column.kind.value,
        "title": column.title(language),
        "means": column.means(language),
    }


def rows_told(columns: Sequence[Column], rows: Sequence[Row]) -> list[list[Any]]:
    """Rows in the columns' order; null where there is nothing to divide by."""
    return [[value_of(column, row) for column in columns] for row in rows]


def value_of(column: Column, row: Row) -> Any:
    """A value with no more digits than make sense."""
    value = row.get(column.key, 0 if ":" in column.key else None)
    return round(value, 4) if isinstance(value, float) else value


__all__ = ["MOST", "Asked", "column_told", "listed", "rows_told", "taken", "told", "value_of"]
