"""How the asking went: response by period and row, and where interviews were broken off."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from surveys.figures.columns import narrowed, path_columns, period_column
from surveys.figures.hiding import Path
from surveys.figures.questions import Question
from surveys.figures.rates import Dispositions
from surveys.models import Answer, Interview, InterviewState


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """One period of one row, or of all together."""

    period: str
    path: Path
    dispositions: Dispositions
    total: bool = False


@dataclass(frozen=True, slots=True)
class BreakOff:
    """Of one question: how many got to it, and how many broke off there."""

    item: str
    reached: int
    broken: int

    @property
    def rate(self) -> float | None:
        """Broken off there ÷ those who got to it; None of nobody."""
        return self.broken / self.reached if self.reached else None


async def fieldwork(session: AsyncSession, asked: Question) -> Sequence[Fieldwork]:
    """What became of those drawn; a month has those invited in it. Behind a period's rows comes its sum."""
    period = period_column(asked, Interview.invited)
    keys = [period, *path_columns(asked)]
    query = select(*keys, Interview.state, func.count()).group_by(*keys, Interview.state)
    rows: dict[tuple[str, Path], dict[InterviewState, int]] = defaultdict(lambda: defaultdict(int))
    sums: dict[str, dict[InterviewState, int]] = defaultdict(lambda: defaultdict(int))
    for where, *path, state, n in await session.execute(narrowed(query, asked, Interview.invited)):
        rows[where, tuple(path)][state] += n
        sums[where][state] += n
    found: list[Fieldwork] = []
    for each in asked.periods:
        mine = sorted((path, counts) for (where, path), counts in rows.items() if where == each)
        if asked.path:
            found += [Fieldwork(each, path, Dispositions.of(counts)) for path, counts in mine]
        found.append(Fieldwork(each, (), Dispositions.of(sums[each]), total=True))
    return found


async def break_offs(session: AsyncSession, asked: Question) -> Sequence[BreakOff]:
    """Where interviews were broken off, over all periods asked for; the question that loses the most first.

    Who got to a question has answered or skipped it, or hung up when it was asked.
    """
    begun = (InterviewState.COMPLETE, InterviewState.PARTIAL)
    answered = (
        select(Answer.item, func.count())
        .join(Interview, Interview.id == Answer.interview)
        .where(Interview.state.in_(begun))
        .group_by(Answer.item)
    )
    # those who hung up at a question without having answered it
    left = (
        select(Interview.last_item, func.count(), func.count(Answer.interview))
        .outerjoin(Answer, (Answer.interview == Interview.id) & (Answer.item == Interview.last_item))
        .where(Interview.state == InterviewState.PARTIAL, Interview.last_item != "")
        .group_by(Interview.last_item)
    )
    moment = Interview.finished
    reached: dict[str, int] = defaultdict(int)
    broken: dict[str, int] = defaultdict(int)
    for item, n in await session.execute(narrowed(answered, asked, moment)):
        reached[item] += n
    for item, n, had_answered in await session.execute(narrowed(left, asked, moment)):
        broken[item] = n
        reached[item] += n - had_answered
    found = [BreakOff(item, reached[item], broken[item]) for item in sorted(reached)]
    return sorted(found, key=lambda each: -(each.rate or 0.0))
