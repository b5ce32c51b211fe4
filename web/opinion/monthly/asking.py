"""How the asking went, month by month, and where interviews were broken off."""

from typing import TYPE_CHECKING, Final

from sqlalchemy.ext.asyncio import AsyncSession

from reports.printed import Block, Grid, Head, Key, Keys, Note, Said, Shape, Topic
from surveys.figures import By, Question, break_offs, fieldwork
from web.opinion.cells import period_name
from web.opinion.frame import item_name

if TYPE_CHECKING:
    from web.opinion.monthly.book import Reader

MONTHS: Final = 12
_COUNTS: Final = {
    "complete": 1.0,
    "partial": 1.2,
    "refused": 1.1,
    "no_contact": 1.7,
    "other": 1.0,
    "unknown": 1.5,
}
"""Columns, and how wide each is."""
_RATES: Final = ("response", "cooperation")


async def asking(session: AsyncSession, month: str, reader: "Reader") -> Topic:
    """The topic. Months before the first that was asked in are left out."""
    t = reader.t
    whole = Question(by=By.MONTH, since=earlier(month, MONTHS - 1), until=month)
    sums = [each for each in await fieldwork(session, whole) if each.total]
    while len(sums) > 1 and not sums[0].dispositions.eligible:
        sums = sums[1:]
    here = sums[-1].dispositions
    left = await break_offs(session, Question(by=By.MONTH, since=month, until=month))
    heads = [Head(t("opinion.period"), wide=2.0)]
    heads += [Head(t(f"opinion.asked_{name}"), Shape.COUNT, wide) for name, wide in _COUNTS.items()]
    heads += [Head(t(f"opinion.asked_{name}"), Shape.SHARE, 1.3) for name in _RATES]
    rows: list[list[Said]] = [
        [
            period_name(each.period, t),
            *(getattr(each.dispositions, name) for name in _COUNTS),
            *(getattr(each.dispositions, name) for name in _RATES),
        ]
        for each in sums
    ]
    broken: list[list[Said]] = [
        [item_name(each.item, t), each.reached, each.broken, each.rate] for each in left if each.broken
    ]
    blocks: list[Block] = [
        Keys(
            [
                Key(t("opinion.asked_complete"), here.complete),
                Key(t("opinion.term_response"), here.response, Shape.SHARE),
                Key(t("opinion.term_cooperation"), here.cooperation, Shape.SHARE),
                Key(t("opinion.asked_partial"), here.partial),
            ]
        ),
        Grid("", heads, rows),
        Note(t("opinion.aapor"), small=True),
        Grid(
            t("opinion.left"),
            [
                Head(t("opinion.question"), wide=3.0),
                Head(t("opinion.reached"), Shape.COUNT),
                Head(t("opinion.broken"), Shape.COUNT),
                Head(t("opinion.rate"), Shape.SHARE),
            ],
            broken,
            empty=t("opinion.nobody_left"),
        ),
    ]
    return Topic(t("opinion.asking"), "", blocks)


def earlier(month: str, months: int) -> str:
    """So many months before."""
    place = int(month[:4]) * 12 + int(month[5:]) - 1 - months
    return f"{place // 12:04d}-{place % 12 + 1:02d}"
