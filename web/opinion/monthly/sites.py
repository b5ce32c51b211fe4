"""The sites' card of a month on paper."""

from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from reports.printed import Block, Grid, Head, Note, Said, Topic, Whisker, Whiskers
from surveys.figures import By, Dimension, Indicator, Question, results, scorecard
from web.opinion.asking import SHOWN
from web.opinion.cells import printed, shape_of

if TYPE_CHECKING:
    from web.opinion.monthly.book import Reader

DRAWN = (Indicator.NPS, Indicator.CORRECTNESS, Indicator.ABILITY, Indicator.COURTESY)
HALF = 4


async def sites(session: AsyncSession, month: str, reader: "Reader") -> Topic:
    """The topic."""
    t = reader.t
    found = await results(
        session,
        Question(by=By.MONTH, since=month, until=month, dimension=Dimension.SITE, indicators=SHOWN),
    )

    def name(path: tuple[str, ...]) -> str:
        site = path[-1] or t("opinion.none_named")
        return f"{site} · {path[0]}" if path[0] else site

    blocks: list[Block] = [
        Whiskers(
            t(f"opinion.indicator_{each}"),
            [Whisker(name(row.path), printed(row.figures[each], t)) for row in found.rows],
            shape_of(each),
        )
        for each in DRAWN
        if found.rows
    ]
    for part in (SHOWN[:HALF], SHOWN[HALF:]):
        heads = [Head(t("opinion.site"), wide=1.4)]
        heads += [Head(t(f"opinion.indicator_{each}"), shape_of(each), 1.5) for each in part]
        rows: list[list[Said]] = [
            [name(row.path), *(printed(row.figures[each], t) for each in part)] for row in found.rows
        ]
        blocks.append(Grid("", heads, rows, empty=t("opinion.nothing_yet")))
    places = [
        f"{name(site.path)}: {t('opinion.place', place=mark.rank)}"
        for site in scorecard(found, month)
        if (mark := site.marks[Indicator.NPS]).rank is not None
    ]
    if places:
        blocks.append(Note(f"{t('opinion.indicator_nps')} – {'; '.join(places)}.", small=True))
    blocks.append(Note(f"{t('opinion.place_words')} {t('opinion.hidden_words', least=30)}", small=True))
    return Topic(t("opinion.scorecard"), "", blocks)
