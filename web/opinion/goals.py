"""Goals of agents and teams (MBO) beside what was reached, as a file."""

import csv
import io
from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from dialer.results.cells import cell as safe
from reports import Language
from reports.printed import Booklet, Estimate, Grid, Head, Said, Shape, Topic
from surveys.figures import Dimension, Indicator
from surveys.goals import COLUMNS, Goals, Standing, read_goals, standings
from users import Right
from values import BadInputError
from web.access import allowed, audit, who
from web.errors import ForbiddenError
from web.keys import PARTS
from web.opinion.asking import dimensions_of, scope_of
from web.opinion.cells import Say, shape_of
from web.opinion.frame import speech
from web.opinion.monthly.book import frame_words
from web.opinion.monthly.files import Form, file_of

LONGEST: Final = 50_000
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allowed(Right.REPORTS, partners=True)
async def exported(request: web.Request) -> web.Response:
    """A row for each agent, team, site or partner and each goal, as far as whoever asks may see them."""
    text = str((await request.post()).get("goals", ""))
    if not 0 < len(text) <= LONGEST:
        raise BadInputError(f"write goals of up to {LONGEST} letters", field="goals")
    wanted, parts, form = read_goals(text), request.app[PARTS], request.match_info["form"]
    allowed_ones = dimensions_of(who(request))
    if any(goal.whose is Dimension.AGENT for goal in wanted.goals) and Dimension.AGENT not in allowed_ones:
        raise ForbiddenError("Results by name are for those who have the right `surveys`.")
    async with parts.db.read() as session:
        rows = await standings(session, wanted, scope_of(who(request)))
    async with parts.db.write() as session:
        await audit(request, session, "report.taken", subject="goals", detail={"form": form})
    language, t = speech(request)
    if form == "csv":
        data, kind = _csv(rows).encode("utf-8-sig"), "text/csv"
    else:
        booklet = _booklet(wanted, rows, language, t, parts.company, parts.clock.now())
        data, kind = await file_of(booklet, Form.XLSX, None), _XLSX
    name = f'attachment; filename="goals-{wanted.since}-{wanted.until}.{form}"'
    return web.Response(body=data, content_type=kind, headers={"Content-Disposition": name})


def _csv(rows: Sequence[Standing]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([safe(_plain(getattr(row, column))) for column in COLUMNS])
    return text.getvalue()


def _plain(value: Any) -> Any:
    if value is None:
        return "n/a"
    return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def _booklet(
    wanted: Goals, rows: Sequence[Standing], language: Language, t: Say, company: str, now: Any
) -> Booklet:
    heads = [
        Head(t("opinion.name")),
        Head(t("opinion.site")),
        Head(t("opinion.partner")),
        Head(t("opinion.weight"), Shape.FINE),
        Head(t("opinion.mbo_target"), Shape.FINE),
        Head(t("opinion.value"), Shape.FINE),
        Head(t("opinion.mbo_verdict")),
    ]
    blocks = []
    for each in dict.fromkeys(row.indicator for row in rows):
        shape = shape_of(Indicator(each))
        mine = [row for row in rows if row.indicator == each]
        shaped = [
            Head(head.title, shape if place in {4, 5} else head.shape) for place, head in enumerate(heads)
        ]
        blocks.append(Grid(t(f"opinion.indicator_{each}"), shaped, [_line(row, t) for row in mine]))
    return Booklet(
        title=wanted.title,
        period=f"{wanted.since} – {wanted.until}",
        company=company,
        language=language,
        made=now,
        topics=[Topic("MBO", "", blocks)],
        terms=[],
        words=frame_words(t),
    )


def _line(row: Standing, t: Say) -> list[Said]:
    name = row.agent or row.team or row.site or row.partner or t("opinion.house")
    reached = Estimate(row.value, row.low, row.high, row.n or 0)
    return [name, row.site, row.partner, row.weight, row.target, reached, t(f"opinion.verdict_{row.verdict}")]
