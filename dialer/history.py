"""Earlier calls to numbers and to customers, as the gate counts them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from dialer.dispositions import DEFAULT, Disposition, read_dispositions
from dialer.gate import PastCall
from dialer.models import Attempt, AttemptState, Campaign
from dialer.retry import REFUSED_BY_NETWORK
from values import BadInputError

LOOK_BACK = timedelta(days=61)
"""The longest rest after a refusal is 60 days, caps reach 30; one more for the called party's midnight."""
MOST = 200
"""Of one number or customer no more calls than these, the latest, are looked at: no limit counts so far."""

NO_CONVERSATION = frozenset({"machine", "message_left", "fax", "screening", "abandoned"})
"""Outcomes of answered calls in which nobody was spoken to."""
ABANDONED = "abandoned"
DECLINED = frozenset({"not_interested", "declined", "do_not_call", "opted_out"})
"""Outcomes and dispositions with which a customer said no, whatever the campaign's own words say."""
MACHINE = "MACHINE"
"""The switch's word for a machine that was detected."""

Calls = dict[str, list[PastCall]]


async def calls_to(session: AsyncSession, numbers: Collection[str], now: datetime) -> Calls:
    """Calls by number, the latest first; those that no network took are none."""
    return await _calls(session, Attempt.number, numbers, now)


async def calls_of(session: AsyncSession, customers: Collection[str], now: datetime) -> Calls:
    """Calls by customer, to whichever of their numbers."""
    return await _calls(session, Attempt.customer_id, customers, now)


async def _calls(
    session: AsyncSession, whose: InstrumentedAttribute[str], keys: Collection[str], now: datetime
) -> Calls:
    found: Calls = {}
    wanted = sorted(key for key in keys if key)
    if not wanted:
        return found
    rows = (await session.execute(_latest(whose), {"wanted": wanted, "since": now - LOOK_BACK})).all()
    own = {row.campaign for row in rows if row.disposition and row.disposition not in DECLINED}
    no = await _saying_no(session, own)
    for row in rows:
        said = {row.outcome, row.disposition}
        abandoned = row.outcome == ABANDONED
        call = PastCall(
            row.committed,
            row.purpose,
            conversation=row.answered is not None and not said & NO_CONVERSATION,
            in_flight=row.state is not AttemptState.DONE,
            attempt=row.id,
            abandoned=abandoned,
            machine=row.amd == MACHINE,
            declined=bool(said & DECLINED) or (row.campaign, row.disposition) in no,
        )
        found.setdefault(row.whose, []).append(call)
    return found


async def _saying_no(session: AsyncSession, campaigns: Collection[str]) -> frozenset[tuple[str, str]]:
    """Campaigns' own words with which a customer says no, as the campaigns have them now."""
    if not campaigns:
        return frozenset()
    query = select(Campaign.name, Campaign.dispositions).where(Campaign.name.in_(sorted(campaigns)))
    return frozenset(
        (name, word.name)
        for name, own in await session.execute(query)
        for word in _words(own)
        if word.says_no
    )


def _words(own: Sequence[Mapping[str, Any]]) -> Sequence[Disposition]:
    """The gate answers for all the same when a campaign's words cannot be read: by the house's."""
    try:
        return read_dispositions(own)
    except BadInputError:
        return DEFAULT


_COLUMNS = (
    Attempt.id,
    Attempt.campaign,
    Attempt.committed,
    Attempt.purpose,
    Attempt.answered,
    Attempt.state,
    Attempt.outcome,
    Attempt.disposition,
    Attempt.amd,
)


@cache  # so that SQLAlchemy need not work out each time what it is compiled to
def _latest(whose: InstrumentedAttribute[str]) -> Select[Any]:
    """The last calls to each of `wanted`, numbers or customers, after `since`: both are parameters."""
    nth = func.row_number().over(partition_by=whose, order_by=Attempt.committed.desc())
    counted = (Attempt.committed > bindparam("since"), Attempt.outcome != REFUSED_BY_NETWORK)
    rows = (
        select(whose.label("whose"), *_COLUMNS, nth.label("nth"))
        .where(whose.in_(bindparam("wanted", expanding=True)), *counted)
        .subquery()
    )
    return select(rows).where(rows.c.nth <= MOST).order_by(rows.c.nth)
