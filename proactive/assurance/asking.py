"""Whom to ask after repairs: one call a customer, however many faults of theirs were repaired."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from customers import FaultCard
from dialer import waiting, withdraw
from messages.sms import withdraw_texts
from proactive.assurance.models import CheckState, RepairCheck
from proactive.assurance.policy import Policy
from proactive.facts import REPAIR_DONE
from proactive.rules import Effect, Fact
from store import insert_missing
from values import CustomerId

CAMPAIGN: Final = "fault_closure"
TOGETHER: Final = "asked_together"
"""The outcome of a contact whose question another one asks with its own."""
ELSEWHERE: Final = "settled_elsewhere"
_CHUNK: Final = 400

Enact = Callable[[AsyncSession, Sequence[Fact], datetime], Awaitable[Mapping[str, Sequence[Effect]]]]
"""Have the rules decide facts and carry it out; what came of each, by the fact's id (`Rulings.enact`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """Something of a customer's that works again, as the network says."""

    customer_id: CustomerId
    opened: datetime
    restored: datetime
    fault_id: str = ""
    """'' for who was touched by an outage without a fault of their own."""
    outage_id: str = ""

    @property
    def id(self) -> str:
        """One repair, however often it is told."""
        if not self.fault_id:
            return f"outage-{self.outage_id}-{self.customer_id}"
        return f"repair-{self.fault_id}-{int(self.restored.timestamp())}"


def repaired(fault: FaultCard, outage_id: str = "") -> Repaired:
    """The latest repair of a fault."""
    return Repaired(
        customer_id=fault.customer_id,
        opened=fault.opened_at,
        restored=fault.restored_at or fault.opened_at,
        fault_id=fault.id,
        outage_id=outage_id,
    )


def text_id(ask: str) -> str:
    """The text that follows a call nobody answered."""
    return f"text-{ask}"


class Asking:
    """Opens the questions, and takes them back when nobody need ask any more."""

    def __init__(self, enact: Enact, policy: Policy) -> None:
        self._enact = enact
        self._policy = policy

    async def ask(self, session: AsyncSession, repairs: Sequence[Repaired], now: datetime) -> None:
        """Ask about repairs, each once; what is still to be asked of the same customer joins the new call."""
        fresh = await _fresh(session, repairs)
        if not fresh:
            return
        await _repaired_again(session, fresh, now)
        before = await _still_asked(session, list({each.customer_id for each in fresh}))
        grouped = _by_customer(fresh)
        facts = [_fact(theirs, before.get(customer, ())) for customer, theirs in grouped.items()]
        effects = await self._enact(session, facts, now)
        called = {ask for ask, found in effects.items() if any(each.contact_id for each in found)}
        await self._join(session, [fact for fact in facts if fact.id in called], before, now)
        rows = [
            self._row(each, fact.id, fact.id in called, effects.get(fact.id, ()), now)
            for fact in facts
            for each in grouped[CustomerId(fact.customer_id)]
        ]
        for first in range(0, len(rows), _CHUNK):
            await insert_missing(session, RepairCheck, rows[first : first + _CHUNK])

    async def settle(self, session: AsyncSession, results: Mapping[str, str], now: datetime) -> None:
        """These faults were settled, each with a result: nobody need ask or write any more."""
        wanted = RepairCheck.fault_id.in_(list(results)), RepairCheck.state != CheckState.DONE
        found = (await session.scalars(select(RepairCheck).where(*wanted).order_by(RepairCheck.id))).all()
        for check in found:
            check.state, check.result, check.done_at = CheckState.DONE, results[check.fault_id], now
        await session.flush()
        await take_back(session, {check.ask for check in found}, ELSEWHERE, now)

    async def _join(
        self,
        session: AsyncSession,
        facts: Sequence[Fact],
        before: Mapping[CustomerId, Sequence[RepairCheck]],
        now: datetime,
    ) -> None:
        """Checks that are still asked about move to the new contact, and the earlier contacts go."""
        asks: set[str] = set()
        for fact in facts:
            joined = before.get(CustomerId(fact.customer_id), ())
            asks |= {check.ask for check in joined}
            for check in joined:
                check.ask = fact.id
        await session.flush()
        if asks:
            await withdraw(session, sorted(asks), TOGETHER, now)

    def _row(
        self, each: Repaired, ask: str, called: bool, effects: Sequence[Effect], now: datetime
    ) -> dict[str, Any]:
        """Whom no rule has called is not asked, and the rule that closes holds all the same."""
        open_ = called or bool(each.fault_id)
        return {
            "id": each.id,
            "ask": ask,
            "fault_id": each.fault_id,
            "customer_id": each.customer_id,
            "outage_id": each.outage_id,
            "opened": each.opened,
            "restored": each.restored,
            "state": CheckState.ASKING if called else CheckState.WAITING if open_ else CheckState.DONE,
            "result": "" if called else effects[0].decision.result.value if effects else "no_rule",
            "close_at": now + self._policy.patience if open_ and not called else None,
            "done_at": None if open_ else now,
        }


def _fact(theirs: Sequence[Repaired], joined: Sequence[RepairCheck]) -> Fact:
    """What the rules are told of one customer's repairs."""
    about: Sequence[Repaired | RepairCheck] = [*theirs, *joined]
    faults = sorted({each.fault_id for each in about if each.fault_id})
    ask = min(each.id for each in theirs)
    restored = max(each.restored for each in theirs)
    return Fact(
        id=ask,
        type=REPAIR_DONE,
        at=restored,
        customer_id=theirs[0].customer_id,
        key=ask,
        values={
            "ask": ask,
            "faults": " ".join(faults),
            "opened": min(each.opened for each in about),
            "restored": restored,
            "several": len(faults) > 1,
            "outage": next((each.outage_id for each in theirs if each.outage_id), ""),
        },
    )


async def take_back(session: AsyncSession, asks: set[str], why: str, now: datetime) -> None:
    """Withdraw the contacts and texts about which nothing is open any more."""
    if not asks:
        return
    open_ = set(
        await session.scalars(
            select(RepairCheck.ask).where(RepairCheck.ask.in_(asks), RepairCheck.state != CheckState.DONE)
        )
    )
    gone = sorted(asks - open_)
    await withdraw(session, gone, why, now)
    await withdraw_texts(session, [text_id(ask) for ask in gone], why, now)


def _by_customer(repairs: Sequence[Repaired]) -> dict[CustomerId, list[Repaired]]:
    grouped: dict[CustomerId, list[Repaired]] = {}
    for each in repairs:
        grouped.setdefault(each.customer_id, []).append(each)
    return grouped


async def _fresh(session: AsyncSession, repairs: Sequence[Repaired]) -> list[Repaired]:
    """Those nobody has told of before."""
    by_id = {each.id: each for each in repairs}
    ids = list(by_id)
    for first in range(0, len(ids), _CHUNK):
        known = select(RepairCheck.id).where(RepairCheck.id.in_(ids[first : first + _CHUNK]))
        for found in await session.scalars(known):
            del by_id[found]
    return list(by_id.values())


async def _repaired_again(session: AsyncSession, fresh: Sequence[Repaired], now: datetime) -> None:
    """What was still asked of earlier repairs of these faults is asked no more."""
    faults = [each.fault_id for each in fresh if each.fault_id]
    asks: set[str] = set()
    for first in range(0, len(faults), _CHUNK):
        some = faults[first : first + _CHUNK]
        earlier = (
            update(RepairCheck)
            .where(RepairCheck.fault_id.in_(some), RepairCheck.state != CheckState.DONE)
            .values(state=CheckState.DONE, result="repaired_again", done_at=now)
            .returning(RepairCheck.ask)
        )
        asks |= set(await session.scalars(earlier))
    await take_back(session, asks, "repaired_again", now)


async def _still_asked(
    session: AsyncSession, ids: Sequence[CustomerId]
) -> dict[CustomerId, list[RepairCheck]]:
    """What a contact is still to ask of these customers. One that is in a call now asks its own itself."""
    asked: list[RepairCheck] = []
    for first in range(0, len(ids), _CHUNK):
        some = ids[first : first + _CHUNK]
        wanted = RepairCheck.customer_id.in_(some), RepairCheck.state == CheckState.ASKING
        asked += await session.scalars(select(RepairCheck).where(*wanted).order_by(RepairCheck.id))
    uncalled = await waiting(session, sorted({check.ask for check in asked})) if asked else frozenset()
    found: dict[CustomerId, list[RepairCheck]] = {}
    for check in asked:
        if check.ask in uncalled:
            found.setdefault(CustomerId(check.customer_id), []).append(check)
    return found
