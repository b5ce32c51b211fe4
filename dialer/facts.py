"""What the gate has to know, read in the transaction that commits the attempts."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sqlalchemy import or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.gate import AbandonCounts, Candidate, Facts, Gate, Held, Purpose, Suppression
from dialer.history import calls_of, calls_to
from dialer.models import DoNotCall, Exclusion, Hold, Register, RegisterEntry
from dialer.results.abandonment import abandon_counts
from dialer.results.law import Law
from dialer.spending import Spent, spent

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
    session: AsyncSession,
    candidates: Sequence[Candidate],
    consents: Consents,
    now: datetime,
    gate: Gate | None = None,
) -> Facts:
    """All facts about a batch of candidates, in a handful of queries however many they are.

    `gate` is whose budgets and laws tell which campaigns' money and abandoned calls are to be counted;
    without it they are not.
    """
    numbers = sorted({each.number for each in candidates if each.number})
    customers = sorted({each.customer_id for each in candidates if each.customer_id})
    asked = sorted({(each.customer_id, each.purpose) for each in candidates if each.customer_id})
    money = await spent(session, gate, candidates, now) if gate else Spent()
    return Facts(
        suppressions=await _suppressions(session, numbers),
        history=await calls_to(session, numbers, now),
        consents=await consents(session, asked),
        by_customer=await calls_of(session, customers, now),
        excluded=await _excluded(session, candidates, numbers),
        holds=await _holds(session, customers, now),
        registered=await _registered(session, numbers),
        registers={
            row.name: row.dated for row in await session.execute(select(Register.name, Register.dated))
        },
        spent=money.by_campaign,
        house_spent=money.house,
        abandoned=await _abandoned(session, gate, candidates, now) if gate else {},
    )


async def _suppressions(session: AsyncSession, numbers: Sequence[str]) -> dict[str, list[Suppression]]:
    found: dict[str, list[Suppression]] = {}
    query = select(DoNotCall.number, DoNotCall.purpose).where(DoNotCall.number.in_(numbers))
    for number, entry in await session.execute(query):
        found.setdefault(number, []).append(entry)
    return found


async def _excluded(
    session: AsyncSession, candidates: Sequence[Candidate], numbers: Sequence[str]
) -> frozenset[tuple[str, str]]:
    campaigns = {each.campaign for each in candidates if each.campaign}
    query = select(Exclusion.campaign, Exclusion.number).where(
        Exclusion.campaign.in_(campaigns), Exclusion.number.in_(numbers)
    )
    return frozenset((campaign, number) for campaign, number in await session.execute(query))


async def _holds(session: AsyncSession, customers: Sequence[str], now: datetime) -> dict[str, list[Held]]:
    found: dict[str, list[Held]] = {}
    query = select(Hold).where(Hold.customer_id.in_(customers), or_(Hold.until.is_(None), Hold.until > now))
    for hold in await session.scalars(query):
        held = Held(hold.purpose, hold.reason.value, hold.until)
        found.setdefault(hold.customer_id, []).append(held)
    return found


async def _registered(session: AsyncSession, numbers: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    query = (
        select(RegisterEntry.number, RegisterEntry.register)
        .join(
            Register, (Register.name == RegisterEntry.register) & (Register.edition == RegisterEntry.edition)
        )
        .where(RegisterEntry.number.in_(numbers))
    )
    for number, register in await session.execute(query):
        found.setdefault(number, []).append(register)
    return found


async def _abandoned(
    session: AsyncSession, gate: Gate, candidates: Sequence[Candidate], now: datetime
) -> dict[str, AbandonCounts]:
    found: dict[str, AbandonCounts] = {}
    for each in candidates:
        rule = gate.profile(each.profile).abandonment
        if rule is None or each.automated or not each.campaign or each.campaign in found:
            continue
        law = Law(rule=rule, zone=gate.house.zone, started=each.started)
        found[each.campaign] = await abandon_counts(session, each.campaign, law, now)
    return found
