"""Which figures of partners' months would give away what others' few answers say."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from surveys.contracts.models import PartnerSettlement
from surveys.contracts.terms import Contract
from surveys.figures import By, Dimension, Indicator, Question, Shown, results

Month = tuple[str, str]
"""A contract and a month."""
_AWAY: Final = frozenset({Shown.FEW, Shown.GUARD})


async def held_back(
    session: AsyncSession, rows: Sequence[PartnerSettlement]
) -> Mapping[Month, frozenset[Indicator]]:
    """Of each month the indicators that the table of all partners does not show of this one.

    Whoever saw the partner's figure all the same could take it from the sum of that table, and would have
    the others' few answers. It is counted from the answers there are now, as that table is.
    """
    groups: dict[tuple[frozenset[str], str], list[tuple[PartnerSettlement, Contract]]] = defaultdict(list)
    for row in rows:
        contract = Contract.kept(row.terms)
        groups[frozenset(contract.surveys), row.month[:4]].append((row, contract))
    held: dict[Month, frozenset[Indicator]] = {}
    for (surveys, _), group in groups.items():
        months = sorted(row.month for row, _ in group)
        asked = Question(
            by=By.MONTH,
            since=months[0],
            until=months[-1],
            dimension=Dimension.PARTNER,
            surveys=surveys,
            indicators=sorted({term.indicator for _, contract in group for term in contract.indicators}),
        )
        table = {(row.period, row.name): row.figures for row in (await results(session, asked)).rows}
        for row, contract in group:
            figures = table.get((row.month, contract.partner), {})
            held[row.contract, row.month] = frozenset(
                term.indicator
                for term in contract.indicators
                if term.indicator in figures and figures[term.indicator].shown in _AWAY
            )
    return held
