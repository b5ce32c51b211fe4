"""Opinions of a month, over the weeks that led to it, and how the asking went."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy.ext.asyncio import AsyncSession

from reports.printed import Block, Grid, Head, Key, Keys, Line, Lines, Shape, Topic, Whisker, Whiskers
from surveys.figures import (
    By,
    Dimension,
    Fieldwork,
    Indicator,
    Question,
    Results,
    fieldwork,
    period_of,
    results,
)
from surveys.figures.periods import ends, periods
from web.opinion.asking import AREAS, SHOWN
from web.opinion.cells import Say, period_name, printed, shape_of

if TYPE_CHECKING:
    from web.opinion.monthly.book import Reader

WEEKS: Final = 13
MONTHS: Final = 6
FOUR: Final = (Indicator.WAITING, Indicator.CORRECTNESS, Indicator.ABILITY, Indicator.COURTESY)


async def opinions(session: AsyncSession, month: str, reader: "Reader") -> Topic:
    """The topic."""
    t = reader.t
    since = earlier(month, MONTHS - 1)
    whole = await results(session, Question(by=By.MONTH, since=month, until=month, indicators=SHOWN))
    weeks = await results(session, _weeks(month))
    areas = await results(
        session,
        Question(
            by=By.MONTH, since=month, until=month, dimension=Dimension.AREA, indicators=(Indicator.NPS,)
        ),
    )
    asking = await fieldwork(session, Question(by=By.MONTH, since=since, until=month))
    blocks: list[Block] = [
        Keys([_key(whole, each, t) for each in SHOWN]),
        _lines(weeks, (Indicator.NPS,), t, t("opinion.indicator_nps")),
        _lines(weeks, FOUR, t, t("opinion.four_items")),
        Whiskers(
            f"{t('opinion.indicator_nps')} · {t('opinion.dimension_area')}",
            [
                Whisker(
                    t(f"opinion.area_{row.name}") if row.name in AREAS else t("opinion.area_none"),
                    printed(row.figures[Indicator.NPS]),
                )
                for row in areas.rows
            ],
            Shape.SCORE,
        ),
        _asking(asking, t),
    ]
    return Topic(t("opinion.title"), t("opinion.paper_opinion"), blocks)


def earlier(month: str, months: int) -> str:
    """So many months before."""
    year, number = int(month[:4]), int(month[5:])
    place = year * 12 + number - 1 - months
    return f"{place // 12:04d}-{place % 12 + 1:02d}"


def _weeks(month: str) -> Question:
    """The last weeks that end with the month."""
    last = ends(month, By.MONTH) - timedelta(hours=12)
    until = period_of(last, By.WEEK)
    monday = date.fromisoformat(f"{until}-1")
    year, week, _ = (monday - timedelta(weeks=WEEKS - 1)).isocalendar()
    since = f"{year}-W{week:02d}"
    assert len(periods(since, until, By.WEEK)) == WEEKS  # noqa: S101  (calendars are tricky)
    return Question(by=By.WEEK, since=since, until=until, indicators=(Indicator.NPS, *FOUR))


def _key(found: Results, indicator: Indicator, t: Say) -> Key:
    figure = found.totals[0].figures[indicator]
    note = f"n {figure.n}" if figure.estimate else ""
    return Key(t(f"opinion.indicator_{indicator}"), printed(figure), shape_of(indicator), note)


def _lines(found: Results, indicators: Sequence[Indicator], t: Say, title: str) -> Lines:
    series = []
    for each in indicators:
        figures = [row.figures[each] for row in found.totals]
        firm = frozenset(at for at, figure in enumerate(figures) if figure.change and figure.change.firm)
        series.append(Line(t(f"opinion.indicator_{each}"), [printed(figure) for figure in figures], firm))
    labels = [period_name(each, t, short=True) for each in found.periods]
    return Lines(title, labels, series, shape_of(indicators[0]), marked_means=t("opinion.ringed"))


def _asking(found: Sequence[Fieldwork], t: Say) -> Grid:
    names = ("complete", "partial", "refused", "no_contact", "other", "unknown")
    heads = [
        Head(t("opinion.period"), wide=1.7),
        *(Head(t(f"opinion.asked_{each}"), Shape.COUNT) for each in names),
        *(Head(t(f"opinion.asked_{each}"), Shape.SHARE, 1.2) for each in ("response", "cooperation")),
    ]
    rows = [
        [
            period_name(each.period, t),
            *(getattr(each.dispositions, name) for name in names),
            each.dispositions.response,
            each.dispositions.cooperation,
        ]
        for each in found
        if each.total
    ]
    return Grid(t("opinion.asking"), heads, rows)
