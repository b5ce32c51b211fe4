"""Proactive care of a month on paper: volumes over the year, reach, understanding, effect."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from proactive.volumes import HOUSE_ZONE, PROCESSES, WINDOW_DAYS, Effect, volumes
from reports.printed import Block, Estimate, Grid, Head, Note, Said, Shape, Stack, Stacks, Topic
from surveys.figures import By
from surveys.figures.periods import ends
from web.opinion.cells import Say, period_name
from web.proactive.volumes import GROUPS, sum_of

if TYPE_CHECKING:
    from web.opinion.monthly.book import Reader


async def proactive(session: AsyncSession, month: str, reader: "Reader", now: datetime) -> Topic:
    """The topic: from January to the month. `now` tells of which decisions the week is over."""
    t, until = reader.t, ends(month, By.MONTH)
    january = datetime(int(month[:4]), 1, 1, tzinfo=ZoneInfo(HOUSE_ZONE)).astimezone(UTC)
    year = await volumes(session, january, until, now=now)
    begins = datetime(int(month[:4]), int(month[5:]), 1, tzinfo=ZoneInfo(HOUSE_ZONE)).astimezone(UTC)
    here = await volumes(session, begins, until, now=now)
    blocks: list[Block] = []
    for group, processes in GROUPS.items():
        series = [
            Stack(
                t(f"proactive.process_{process}"),
                [each.contacts - each.taken_back for each in year.volumes if each.process == process],
            )
            for process in processes
        ]
        if any(any(each.values) for each in series):
            labels = [period_name(each, t, short=True) for each in year.months]
            blocks.append(Stacks(t(f"proactive.group_{group}"), labels, series))
    rows: list[list[Said]] = []
    for process in PROCESSES:
        whole = sum_of(here, process)
        rows.append(
            [
                t(f"proactive.process_{process}"),
                whole.contacts,
                whole.settled,
                whole.attempts,
                whole.reached,
                whole.reached / whole.settled if whole.settled else None,
                whole.understood / whole.reached if whole.reached else None,
            ]
        )
    heads = [
        Head(t("proactive.process"), wide=2.6),
        *(
            Head(t(f"proactive.col_{each}"), Shape.COUNT)
            for each in ("contacts", "settled", "attempts", "reached")
        ),
        *(Head(t(f"proactive.col_{each}"), Shape.SHARE, 1.5) for each in ("reach", "understood")),
    ]
    blocks.append(Grid(period_name(month, t), heads, rows))
    blocks += [_effects(year.effects, t), Note(t("proactive.effect_words", days=WINDOW_DAYS), small=True)]
    return Topic(t("proactive.title"), t("proactive.paper_volumes"), blocks)


def _effects(found: Sequence[Effect], t: Say) -> Grid:
    """Those called beside the control group; the difference in points."""
    rows: list[list[Said]] = []
    for each in found:
        less = each.difference
        rows.append(
            [
                t(f"proactive.process_{each.process}"),
                each.called,
                each.called_again / each.called if each.called else None,
                each.control,
                each.control_again / each.control if each.control else None,
                Estimate(100 * less.value, 100 * less.low, 100 * less.high, each.control) if less else None,
            ]
        )
    heads = [
        Head(t("proactive.process"), wide=2.4),
        Head(t("proactive.called"), Shape.COUNT),
        Head(t("proactive.rang"), Shape.SHARE),
        Head(t("proactive.left_alone"), Shape.COUNT),
        Head(t("proactive.rang"), Shape.SHARE),
        Head(t("proactive.difference"), Shape.SCORE, 1.8),
    ]
    return Grid(t("proactive.effect"), heads, rows, empty=t("proactive.no_effects"))
