"""Opinions of a month, and over the weeks that led to it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy.ext.asyncio import AsyncSession

from reports.printed import Block, Key, Keys, Line, Lines, Note, Shape, Topic, Whisker, Whiskers
from surveys.figures import (
    By,
    Dimension,
    Indicator,
    Question,
    Results,
    period_of,
    results,
)
from surveys.figures.periods import ends, periods
from values import AREAS
from web.opinion.asking import SHOWN
from web.opinion.cells import Say, line_words, period_name, printed, shape_of

if TYPE_CHECKING:
    from web.opinion.monthly.book import Reader

WEEKS: Final = 13
FOUR: Final = (Indicator.WAITING, Indicator.CORRECTNESS, Indicator.ABILITY, Indicator.COURTESY)


async def opinions(session: AsyncSession, month: str, reader: "Reader") -> Topic:
    """The topic."""
    t = reader.t
    whole = await results(session, Question(by=By.MONTH, since=month, until=month, indicators=SHOWN))
    weeks = await results(session, _weeks(month))
    areas = await results(
        session,
        Question(
            by=By.MONTH, since=month, until=month, dimension=Dimension.AREA, indicators=(Indicator.NPS,)
        ),
    )
    blocks: list[Block] = [
        Keys([_key(whole, each, t) for each in SHOWN]),
        _lines(weeks, (Indicator.NPS,), t, t("opinion.indicator_nps")),
        _lines(weeks, FOUR, t, t("opinion.four_items")),
        *_straight(weeks, reader),
        Whiskers(
            f"{t('opinion.indicator_nps')} · {t('opinion.dimension_area')}",
            [
                Whisker(
                    t(f"opinion.area_{row.name}") if row.name in AREAS else t("opinion.area_none"),
                    printed(row.figures[Indicator.NPS], t),
                )
                for row in areas.rows
            ],
            Shape.SCORE,
        ),
    ]
    return Topic(t("opinion.title"), t("opinion.paper_opinion"), blocks)


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
    return Key(t(f"opinion.indicator_{indicator}"), printed(figure, t), shape_of(indicator), note)


def _straight(found: Results, reader: "Reader") -> list[Block]:
    """The straight line through the weeks, in words; nothing where there are too few of them."""
    t = reader.t
    said = [
        f"{t(f'opinion.indicator_{each}')}: {line_words(line, each, found.asked.by, reader.language, t)}"
        for each, line in found.whole.items()
    ]
    return [Note(" ".join(said), small=True)] if said else []


def _lines(found: Results, indicators: Sequence[Indicator], t: Say, title: str) -> Lines:
    series = []
    for each in indicators:
        figures = [row.figures[each] for row in found.totals]
        firm = frozenset(at for at, figure in enumerate(figures) if figure.change and figure.change.firm)
        series.append(Line(t(f"opinion.indicator_{each}"), [printed(figure, t) for figure in figures], firm))
    labels = [period_name(each, t, short=True) for each in found.periods]
    return Lines(title, labels, series, shape_of(indicators[0]), marked_means=t("opinion.ringed"))
