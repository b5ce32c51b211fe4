"""Counting contacts, calls and calls to care: whole periods in a few statements, alike on both databases."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Float, and_, case, exists, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from customers import ContactDirection
from customers.models import ContactHistory
from dialer.models import Attempt, Contact, ContactState
from proactive.rules import Result, RuleDecision
from proactive.volumes.differences import Pair
from proactive.volumes.figures import PROCESSES, WINDOW_DAYS, Effect, Volume
from proactive.volumes.months import Month

TAKEN_BACK: Final = frozenset(
    {"replaced", "asked_together", "repaired_again", "settled_elsewhere", "withdrawn", "erased"}
)
"""Outcomes of contacts that were ended before their call, since there was no more reason for it."""
NO_PERSON: Final = frozenset({"machine", "screening", "no_answer", "busy", "refused", "rejected"})
"""Outcomes of calls that no person answered, whatever the line did."""
NOBODY: Final = (0, 0, 0, 0, 0, 0)
"""What is counted of a month without contacts."""


class Days(FunctionElement[float]):
    """Days from one time's column to another's."""

    type = Float()
    inherit_cache = True


@compiles(Days, "sqlite")
def _sqlite(element: Days, compiler: SQLCompiler, **words: Any) -> str:
    begin, end = (compiler.process(each, **words) for each in element.clauses)
    return f"(julianday({end}) - julianday({begin}))"


@compiles(Days, "postgresql")
def _postgresql(element: Days, compiler: SQLCompiler, **words: Any) -> str:
    begin, end = (compiler.process(each, **words) for each in element.clauses)
    return f"(CAST(EXTRACT(EPOCH FROM ({end} - {begin})) AS DOUBLE PRECISION) / 86400.0)"


async def volumes_in(session: AsyncSession, months: Sequence[Month]) -> Sequence[Volume]:
    """Every process in every month."""
    month = case(*((Contact.created < each.until, place) for place, each in enumerate(months)), else_=-1)
    ours = (
        Contact.campaign.in_(PROCESSES),
        Contact.created >= months[0].since,
        Contact.created < months[-1].until,
    )
    open_ = Contact.state != ContactState.DONE
    taken_back = and_(Contact.outcome.in_(TAKEN_BACK), Contact.attempts == 0)
    back = and_(Contact.state == ContactState.DONE, taken_back)
    settled = and_(Contact.state == ContactState.DONE, not_(taken_back))
    spoken = (
        select(Attempt.contact_id)
        .join(Contact, Attempt.contact_id == Contact.id)
        .where(*ours, Attempt.answered.is_not(None), Attempt.outcome.not_in(NO_PERSON))
        .distinct()
        .subquery()
    )
    # who listened to the end was there, whatever became of the call's record
    there = or_(spoken.c.contact_id.is_not(None), Contact.goal)

    def tally(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    counted = await session.execute(
        select(
            Contact.campaign,
            month.label("month"),
            func.count(),
            tally(back),
            tally(open_),
            func.sum(Contact.attempts),
            tally(and_(settled, there)),
            tally(and_(settled, Contact.goal)),
        )
        .outerjoin(spoken, spoken.c.contact_id == Contact.id)
        .where(*ours)
        .group_by(Contact.campaign, month)
    )
    found = {(campaign, place): [int(each) for each in counts] for campaign, place, *counts in counted}
    return [
        _volume(process, each.name, found.get((process, place), NOBODY))
        for process in PROCESSES
        for place, each in enumerate(months)
    ]


def _volume(process: str, month: str, counts: Sequence[int]) -> Volume:
    contacts, taken_back, open_, attempts, reached, understood = counts
    return Volume(
        process=process,
        month=month,
        contacts=contacts,
        taken_back=taken_back,
        open=open_,
        attempts=attempts,
        reached=reached,
        understood=understood,
    )


async def effects_in(
    session: AsyncSession, since: datetime, until: datetime, now: datetime
) -> Sequence[Effect]:
    """What each process was good for, of decisions whose window is over.

    Only those are compared who were drawn: whoever could not have been left alone, since no rule left anybody
    alone then, stands in neither group. Each customer counts by their first decision, beside those decided
    at the same share; who is in both groups, since the share has changed, is left out.
    """
    closes = min(until, now - timedelta(days=WINDOW_DAYS))
    theirs = [RuleDecision.campaign, RuleDecision.customer_id]
    drawn = (
        select(
            *theirs,
            RuleDecision.result,
            RuleDecision.share,
            RuleDecision.decided.label("since"),
            func.row_number()
            .over(partition_by=theirs, order_by=[RuleDecision.decided, RuleDecision.id])
            .label("place"),
            func.min(RuleDecision.result).over(partition_by=theirs).label("one"),
            func.max(RuleDecision.result).over(partition_by=theirs).label("other"),
        )
        .where(
            RuleDecision.campaign.in_(PROCESSES),
            RuleDecision.decided >= since,
            RuleDecision.decided < closes,
            RuleDecision.result.in_([Result.CONTACT, Result.CONTROL]),
            RuleDecision.share > 0,
        )
        .subquery()
    )
    decided = select(drawn).where(drawn.c.place == 1, drawn.c.one == drawn.c.other).subquery()
    after = Days(decided.c.since, ContactHistory.at)
    rang = exists().where(
        ContactHistory.customer_id == decided.c.customer_id,
        ContactHistory.direction == ContactDirection.INBOUND,
        ContactHistory.at > decided.c.since,
        after <= WINDOW_DAYS,
    )
    groups = decided.c.campaign, decided.c.share, decided.c.result
    rows = await session.execute(
        select(*groups, func.count(), func.sum(case((rang, 1), else_=0))).group_by(*groups)
    )
    counts: dict[str, dict[float, dict[Result, tuple[int, int]]]] = {}
    for campaign, share, result, all_, again in rows:
        counts.setdefault(campaign, {}).setdefault(share, {})[Result(result)] = int(again), int(all_)
    return [
        Effect(process, [_pair(counts[process][share]) for share in sorted(counts[process])])
        for process in PROCESSES
        if process in counts
    ]


def _pair(groups: Mapping[Result, tuple[int, int]]) -> Pair:
    return Pair(*groups.get(Result.CONTACT, (0, 0)), *groups.get(Result.CONTROL, (0, 0)))
