"""The answers that count for a partner's month, and how they are kept."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from surveys.contracts.terms import Contract
from surveys.figures.periods import By, begins, ends
from surveys.figures.tallies import Count, Tally
from surveys.models import Answer, Interview, InterviewState

Tallies = Mapping[str, Tally]
"""By question."""


async def evidence(session: AsyncSession, contract: Contract, month: str) -> Tallies:
    """The month's answers of complete interviews about the partner, less what the contract leaves out."""
    without = contract.exclusions
    query = (
        select(
            Answer.item,
            Answer.value,
            func.count(),
            func.sum(Interview.weight),
            func.sum(Interview.weight * Interview.weight),
        )
        .join(Interview, Interview.id == Answer.interview)
        .where(Interview.state == InterviewState.COMPLETE, Interview.partner == contract.partner)
        .where(Interview.finished >= begins(month, By.MONTH), Interview.finished < ends(month, By.MONTH))
        .where(Answer.value.is_not(None))
        .where(Answer.item.in_(sorted({term.indicator.definition.item for term in contract.indicators})))
        .group_by(Answer.item, Answer.value)
    )
    if contract.surveys:
        query = query.where(Interview.survey.in_(contract.surveys))
    for column, left_out in (
        (Interview.area, without.areas),
        (Interview.site, without.sites),
        (Interview.region, without.regions),
        (Interview.week, without.weeks),
        (Interview.mode, without.modes),
    ):
        if left_out:
            query = query.where(column.not_in(left_out))
    values: dict[str, dict[int, Count]] = defaultdict(dict)
    for item, value, n, weight, squares in await session.execute(query):
        if value is not None:  # the query leaves them out; a type checker cannot know
            values[item][value] = Count(n, float(weight), float(squares))
    return {item: Tally(counts) for item, counts in sorted(values.items())}


def kept(tallies: Tallies) -> dict[str, Any]:
    """As JSON keeps them."""
    return {
        item: {
            str(value): [count.n, count.weight, count.squares]
            for value, count in sorted(tally.values.items())
        }
        for item, tally in sorted(tallies.items())
    }


def tallies_of(inputs: Mapping[str, Any]) -> Tallies:
    """From what was kept."""
    return {
        item: Tally({int(value): Count(int(n), float(w), float(w2)) for value, (n, w, w2) in values.items()})
        for item, values in inputs.items()
    }


def numbers(tallies: Tallies) -> dict[str, dict[int, int]]:
    """How many answers of each value; weights' sums may differ in the last bit from one query to another."""
    return {
        item: {value: count.n for value, count in sorted(tally.values.items())}
        for item, tally in sorted(tallies.items())
    }
