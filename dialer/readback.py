"""After a restore: attempts that the switch placed and the database has forgotten are written down again.

A database brought back from a backup does not know the calls made since. The switch's own call records do:
each carries the attempt as its channel's id and the contact as its account code.
"""

from collections.abc import Mapping
from datetime import datetime

import structlog
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.callrecords import CallRecord
from dialer.endings import close_attempt, count_ended, count_try, decide
from dialer.gate import Gate
from dialer.models import Attempt, Campaign, Contact, ContactState
from dialer.placement import attempt_row
from dialer.reconciliation import judge
from values import AttemptId

log = structlog.get_logger(__name__)

_CHUNK = 400


async def read_back(
    session: AsyncSession, gate: Gate, known: Mapping[str, CallRecord], node: str, now: datetime
) -> int:
    """Write down each attempt of the call records that the database does not know; gives how many.

    It counts like any other, its outcome is what the switch saw, and its contact is decided by it. Calls of
    contacts that the database does not know either are passed over: nobody can ring those again.
    """
    forgotten = await _forgotten(session, known)
    written = 0
    for attempt_id, record in forgotten.items():
        contact = await session.get(Contact, record.contact)
        campaign = await session.get(Campaign, contact.campaign) if contact else None
        if contact is None or campaign is None:
            continue
        result = judge(AttemptId(attempt_id), record, None, now)
        row = attempt_row(contact, campaign, node=node, committed=record.began or now, attempt_id=attempt_id)
        await session.execute(insert(Attempt), [row])
        attempt = await session.get_one(Attempt, attempt_id)
        close_attempt(attempt, result, gate)
        count_try(contact, result)
        await count_ended(session, gate, [attempt])
        if contact.state is ContactState.READY:
            await decide(session, gate, [(contact, result)], now)
        written += 1
    if forgotten:
        log.warning("dialer.read_back", forgotten=len(forgotten), written=written)
    return written


async def _forgotten(session: AsyncSession, known: Mapping[str, CallRecord]) -> dict[str, CallRecord]:
    ids = list(known)
    there: set[str] = set()
    for first in range(0, len(ids), _CHUNK):
        there |= set(
            await session.scalars(select(Attempt.id).where(Attempt.id.in_(ids[first : first + _CHUNK])))
        )
    return {each: record for each, record in known.items() if each not in there}
