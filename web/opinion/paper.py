"""The page of the monthly report, and the report as a file."""

from typing import Final

from aiohttp import web

from reports import Language
from surveys.figures import By, last_periods
from surveys.figures.periods import first_day
from users import Right
from web.access import allowed, audit, who
from web.keys import PARTS, WORDS
from web.openapi.describe import described, one_of
from web.opinion.asking import word_of
from web.opinion.cells import period_name
from web.opinion.frame import shown, speech
from web.opinion.monthly import Form, Reader, file_of, monthly, name_of
from web.queries import check_names

MONTHS: Final = 18
_TYPES: Final = {
    Form.PDF: "application/pdf",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@allowed(Right.REPORTS)
async def paper(request: web.Request) -> web.Response:
    """Which month, in which language."""
    check_names(request.query, ())
    _, t = speech(request)
    months = last_periods(MONTHS, By.MONTH, request.app[PARTS].clock.now())
    return shown(
        request,
        "opinion/monthly.html",
        months=[(each, period_name(each, t)) for each in reversed(months)],
        usual=months[-2],
        forms=list(Form),
    )


@allowed(Right.REPORTS)
@described(
    query={
        "month": {"type": "string", "pattern": r"^\d{4}-\d{2}$", "description": "as 2026-10", "needed": True},
        "language": one_of(*Language, says="of the report"),
    },
    gives="application/pdf",
    words="With `.xlsx` it is a workbook, its intervals as columns of their own.",
)
async def taken(request: web.Request) -> web.Response:
    """A month on paper: volumes, opinions, sites, partners. That it was taken is written down."""
    check_names(request.query, ("month", "language"))
    parts, form = request.app[PARTS], Form(request.match_info["form"])
    language = word_of(Language, "language", request.query) or Language(who(request).language)
    month = request.query.get("month", "")
    first_day(month, By.MONTH, "month")
    reader = Reader(language, request.app[WORDS].speaking(language.value), parts.company)
    async with parts.db.read() as session:
        booklet = await monthly(session, month, reader, parts.clock.now())
    data = await file_of(booklet, form, parts.fonts)
    async with parts.db.write() as session:
        detail = {"month": month, "form": form.value}
        await audit(request, session, "report.taken", subject="monthly", detail=detail)
    name = f'attachment; filename="{name_of(month, language.value, form)}"'
    return web.Response(body=data, content_type=_TYPES[form], headers={"Content-Disposition": name})
