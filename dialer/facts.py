"""What the gate has to know, read in the transaction that commits the attempts."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.gate import Candidate, Facts, PastCall, Purpose, Suppression
from dialer.models import Attempt, AttemptState, DoNotCall
from dialer.retry import REFUSED_BY_NETWORK

LOOK_BACK = timedelta(days=31)
"""Caps reach 30 days back; one more for the called party's midnight."""

NO_CONVERSATION = frozenset({"machine"})
"""Outcomes of answered calls in which nobody was spoken to."""

_ONE_GATE = 0x43454E54
"""The advisory lock under which PostgreSQL's gates are asked one after the other."""

Consents = Callable[[AsyncSession, Sequence[tuple[str, Purpose]]], Awaitable[frozenset[tuple[str, Purpose]]]]
"""Which of these (customer, purpose) have consented; the wiring takes it from the customers' room."""


async def no_consents(
    _session: AsyncSession, _asked: Sequence[tuple[str, Purpose]]
) -> frozenset[tuple[str, Purpose]]:
    """Nobody has consented to anything."""
    return frozenset()


async def one_at_a_time(session: AsyncSession) -> None:
    """Make gates that share a database wait for each other until this transaction ends.

    Two nodes that count a number's calls at once would both find room for the last one. SQLite has one writer
    anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_GATE})


async def gather(
    session: AsyncSession, candidates: Sequence[Candidate], consents: Consents, now: datetime
) -> Facts:
    """All facts about a batch of candidates, in three queries."""
    numbers = sorted({candidate.number for candidate in candidates})
    suppressions: dict[str, list[Suppression]] = {}
    for number, entry in await session.execute(
        select(DoNotCall.number, DoNotCall.purpose).where(DoNotCall.number.in_(numbers))
    ):
        suppressions.setdefault(number, []).append(entry)
    history: dict[str, list[PastCall]] = {}
    calls = await session.execute(
        select(
            Attempt.number,
            Attempt.committed,
            Attempt.purpose,
            Attempt.answered,
            Attempt.state,
            Attempt.outcome,
        )
        .where(Attempt.number.in_(numbers), Attempt.committed > now - LOOK_BACK)
        .where(Attempt.outcome != REFUSED_BY_NETWORK)
    )
    for number, at, purpose, answered, state, outcome in calls:
        talked = answered is not None and outcome not in NO_CONVERSATION
        call = PastCall(at, purpose, conversation=talked, in_flight=state is not AttemptState.DONE)
        history.setdefault(number, []).append(call)
    asked = sorted({(each.customer_id, each.purpose) for each in candidates if each.customer_id})
    return Facts(suppressions, history, await consents(session, asked))
