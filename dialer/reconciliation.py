"""What became of attempts nobody saw the end of: asked of the switch, of its records, and of our own.

An attempt is never placed again. What cannot be known is `interrupted`, and counts.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from calls.models import Call
from dialer.callrecords import CallRecord, read_call_records
from dialer.endings import TALKED
from dialer.models import Attempt
from dialer.placement import AttemptResult
from dialer.ports import DialEnd
from dialer.retry import INTERRUPTED
from values import AttemptId

log = structlog.get_logger(__name__)


_NEVER_ANSWERED = frozenset({DialEnd.BUSY.value, DialEnd.NO_ANSWER.value, DialEnd.REFUSED.value})
"""Outcomes a call's record also has when no flow ever ran in it."""


def judge(
    attempt_id: AttemptId,
    record: CallRecord | None,
    flow: tuple[str, bool] | None,
    now: datetime,
    *,
    talked: bool = False,
) -> AttemptResult:
    """How an attempt ended that is no longer on the line.

    `record` is the switch's, `flow` the outcome and goal our own call record holds. Where the switch saw no
    answer it is believed. An answered call whose flow left no outcome is interrupted: what was said in it is
    not known. One that had been joined with an agent has talked, and the agent can tell.
    """
    over = record.ended if record and record.ended else now
    answered = record.answered if record else None
    cause = record.cause if record else 0
    end = record.end if record else None
    if flow and end in {None, DialEnd.ANSWERED}:
        spoken = None if flow[0] in _NEVER_ANSWERED else answered or over
        return AttemptResult(attempt_id, flow[0], over, goal=flow[1], answered=spoken, cause=cause)
    unknown = TALKED if talked else INTERRUPTED
    outcome = unknown if end in {None, DialEnd.ANSWERED} else str(end)
    return AttemptResult(attempt_id, outcome, over, answered=answered, cause=cause)


async def flow_outcomes(session: AsyncSession, ids: Sequence[str]) -> dict[str, tuple[str, bool]]:
    """The outcomes that our own call records hold for these attempts (a call's id is its attempt's)."""
    rows = await session.execute(
        select(Call.call_id, Call.outcome, Call.goal).where(Call.call_id.in_(ids), Call.outcome != "")
    )
    return {row.call_id: (row.outcome, row.goal) for row in rows}


async def look_up(
    session: AsyncSession, ids: Sequence[AttemptId], records: Path | None, now: datetime
) -> list[AttemptResult]:
    """Judge attempts that are not on the line. `records` is Asterisk's call record file."""
    found: Mapping[str, CallRecord] = {}
    if records is not None:
        found = await asyncio.to_thread(read_call_records, records, frozenset(ids))
    flows = await flow_outcomes(session, ids)
    joined = set(
        await session.scalars(select(Attempt.id).where(Attempt.id.in_(ids), Attempt.joined.is_not(None)))
    )
    results = [judge(each, found.get(each), flows.get(each), now, talked=each in joined) for each in ids]
    for result in results:
        log.info(
            "dialer.reconciled",
            attempt=result.attempt_id,
            outcome=result.outcome,
            known=result.attempt_id in found,
        )
    return results
