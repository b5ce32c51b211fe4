"""Partners' months on paper: the money, and what brought it, as far as it may be passed on."""

from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from reports.printed import Block, Estimate, Grid, Head, Said, Shape, Topic, say, span
from surveys.contracts import Why, check, held_back, result_shown, settlements
from surveys.contracts.models import PartnerSettlement
from surveys.figures import Indicator
from values import Money
from web.opinion.cells import shape_of
from web.opinion.partners import money

if TYPE_CHECKING:
    from web.opinion.monthly.book import Reader


async def partners(session: AsyncSession, month: str, reader: "Reader") -> Topic:
    """The topic."""
    t, language = reader.t, reader.language
    found = [each for each in await settlements(session) if each.month == month]
    held = await held_back(session, found)
    rows: list[list[Said]] = []
    for each in found:
        again = await check(session, each.contract, each.month)
        rows.append(
            [
                each.partner,
                f"{each.contract} {each.version}",
                money(Money(each.invoice, each.currency), language),
                float(each.result["index"]),
                money(Money(each.minor, each.currency), language, signed=True),
                t("opinion.closed_by", name=each.closed_by) if each.closed else t("opinion.open"),
                "✓" if again.same else "≠",
            ]
        )
    heads = [
        Head(t("opinion.partner")),
        Head(t("opinion.contract"), wide=1.3),
        Head(t("opinion.invoice"), wide=1.3),
        Head(t("opinion.index"), Shape.FINE),
        Head(t("opinion.amount"), wide=1.3),
        Head(t("opinion.state")),
        Head(t("opinion.recomputed"), wide=0.8),
    ]
    blocks: list[Block] = [Grid("", heads, rows, empty=t("opinion.no_month_settled"))]
    blocks += [_parts(each, held[each.contract, each.month], reader) for each in found]
    return Topic(t("opinion.tab_partners"), t("opinion.paper_partners"), blocks)


def _parts(row: PartnerSettlement, held: frozenset[Indicator], reader: "Reader") -> Grid:
    """What each indicator brought; figures of different kinds are written as texts."""
    t, language = reader.t, reader.language
    rows: list[list[Said]] = []
    for part in result_shown(row.result, held)["indicators"]:
        shape = shape_of(Indicator(part["indicator"]))
        found = Estimate(part["value"], part["low"], part["high"], part["n"])
        missing = t("opinion.few" if part["why"] == Why.TOO_FEW else "opinion.guard")
        rows.append(
            [
                t(f"opinion.indicator_{part['indicator']}"),
                float(part["weight"]),
                say(found.value, shape, language, none=missing),
                span(found, shape, language),
                "–" if part["n"] is None else part["n"],
                float(part["score"]),
                t(f"opinion.why_{part['why']}"),
            ]
        )
    heads = [
        Head(t("opinion.indicator"), wide=1.4),
        Head(t("opinion.weight"), Shape.SHARE),
        Head(t("opinion.value")),
        Head(t("opinion.interval"), wide=1.6),
        Head("n", Shape.COUNT, 0.7),
        Head(t("opinion.scores"), Shape.FINE),
        Head(t("opinion.why"), wide=1.5),
    ]
    return Grid(f"{row.partner} · {row.contract} {row.version}", heads, rows)
