"""The booklet of a month, put together from the services that know the figures."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from reports import Language
from reports.printed import Booklet, Term, Topic, Words
from surveys.figures import By
from surveys.figures.periods import first_day
from values import HOUSE_ZONE, BadInputError
from web.opinion.asking import SHOWN
from web.opinion.cells import Say, period_name
from web.opinion.monthly.asking import asking
from web.opinion.monthly.opinions import opinions
from web.opinion.monthly.partners import partners
from web.opinion.monthly.sites import sites
from web.opinion.monthly.volumes import proactive


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads it: in which language, with whose words, from which house."""

    language: Language
    t: Say
    company: str


Maker = Callable[[AsyncSession, str, Reader], Awaitable[Topic]]
_OPINIONS: Final[Sequence[Maker]] = (opinions, asking, sites, partners)
FIRST: Final = 2000
LAST: Final = 2100
_TERMS: Final = ("response", "cooperation", "interval", "change")


async def monthly(session: AsyncSession, month: str, reader: Reader, now: datetime) -> Booklet:
    """A month's report. Raises `BadInputError` for what is no month."""
    if not FIRST <= first_day(month, By.MONTH, "month").year <= LAST:
        raise BadInputError(f"write a month from {FIRST}-01 to {LAST}-12", field="month")
    t = reader.t
    return Booklet(
        title=t("opinion.monthly_title"),
        period=period_name(month, t),
        company=reader.company,
        language=reader.language,
        made=now.astimezone(ZoneInfo(HOUSE_ZONE)),
        topics=[
            await proactive(session, month, reader, now),
            *[await make(session, month, reader) for make in _OPINIONS],
        ],
        terms=[
            *(Term(t(f"opinion.indicator_{each}"), t(f"opinion.means_{each}")) for each in SHOWN),
            *(Term(t(f"opinion.term_{each}"), t(f"opinion.means_{each}")) for each in _TERMS),
            Term(t("opinion.few"), t("opinion.hidden_words", least=30)),
            *(
                Term(t(f"proactive.col_{each}"), t(f"proactive.means_{each}"))
                for each in ("contacts", "reached", "reach", "understood")
            ),
        ],
        words=frame_words(t),
    )


def frame_words(t: Say) -> Words:
    """What the frame of anything printed says."""
    return Words(
        page=t("opinion.paper_page"),
        made=t("opinion.paper_made"),
        definitions=t("opinion.definitions"),
        contents=t("opinion.monthly_title"),
        few=t("opinion.few"),
        nothing=t("opinion.trend_empty"),
        none=t("opinion.nobody"),
        low=t("opinion.paper_low"),
        high=t("opinion.paper_high"),
        interval=t("opinion.band"),
    )
