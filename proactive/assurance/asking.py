"""Whom to ask after repairs: one call a customer, however many faults of theirs were repaired."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from customers import CustomerCard, Customers, FaultCard
from dialer import NewContact, enqueue, withdraw
from messages.sms import withdraw_texts
from proactive.assurance.models import CheckState, RepairCheck
from proactive.assurance.policy import Policy
from store import insert_missing
from values import CustomerId, PhoneNumber, local_day

CAMPAIGN: Final = "fault_closure"
TOGETHER: Final = "asked_together"
"""The outcome of a contact whose question another one asks with its own."""
ELSEWHERE: Final = "settled_elsewhere"
_CHUNK: Final = 400


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

    def __init__(self, customers: Customers, policy: Policy) -> None:
        self._customers = customers
        self._policy = policy

    async def ask(self, session: AsyncSession, repairs: Sequence[Repaired], now: datetime) -> None:
        """Ask about repairs, each once; what is still to be asked of the same customer joins the new call."""
        fresh = await _fresh(session, repairs)
        if not fresh:
            return
        ids = list({each.customer_id for each in fresh})
        await _repaired_again(session, fresh, now)
        cards = await self._customers.find_by_ids(session, ids)
        numbers = await self._customers.numbers_of(session, ids, now)
        before = await _still_asked(session, ids)
        contacts: list[NewContact] = []
        rows: list[dict[str, Any]] = []
        for customer_id, theirs in _by_customer(fresh).items():
            if customer_id not in cards:
                continue
            ask = min(each.id for each in theirs)
            joined = before.get(customer_id, ())
            reachable = numbers.get(customer_id, ())
            if reachable:
                number = reachable[0].number
                contacts.append(self._contact(ask, cards[customer_id], number, [*theirs, *joined], now))
            rows += [self._row(each, ask, bool(reachable), now) for each in theirs]
        await self._join(session, contacts, before, now)
        for first in range(0, len(rows), _CHUNK):
            await insert_missing(session, RepairCheck, rows[first : first + _CHUNK])
        await enqueue(session, contacts, now)

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
        contacts: Sequence[NewContact],
        before: Mapping[CustomerId, Sequence[RepairCheck]],
        now: datetime,
    ) -> None:
        """Checks that are still asked about move to the new contact, and the earlier contacts go."""
        asks: set[str] = set()
        for contact in contacts:
            joined = before.get(CustomerId(contact.customer_id), ())
            asks |= {check.ask for check in joined}
            for check in joined:
                check.ask = contact.event_id
        await session.flush()
        if asks:
            await withdraw(session, sorted(asks), TOGETHER, now)

    def _row(self, each: Repaired, ask: str, reachable: bool, now: datetime) -> dict[str, Any]:
        closes = now + self._policy.lives + self._policy.patience
        return {
            "id": each.id,
            "ask": ask,
            "fault_id": each.fault_id,
            "customer_id": each.customer_id,
            "outage_id": each.outage_id,
            "opened": each.opened,
            "restored": each.restored,
            "state": CheckState.ASKING if reachable else CheckState.WAITING,
            "result": "",
            "close_at": None
            if reachable
            else closes,  # nobody can ask them, and the rule closes all the same
            "done_at": None,
        }

    def _contact(
        self,
        ask: str,
        card: CustomerCard,
        number: PhoneNumber,
        about: Sequence[Repaired | RepairCheck],
        now: datetime,
    ) -> NewContact:
        faults = sorted({each.fault_id for each in about if each.fault_id})
        return NewContact(
            campaign=CAMPAIGN,
            event_id=ask,
            customer_id=card.id,
            number=number,
            zone=card.zone,
            fields={
                "customer_name": card.name,
                "fault_id": " ".join(faults),
                "ask": ask,
                "opened": local_day(min(each.opened for each in about), card.zone),
                "several": len(faults) > 1,
                "language": card.language,
                "slow": card.slow_speech,
            },
            expires=now + self._policy.lives,
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
    """What a contact is still to ask of these customers."""
    found: dict[CustomerId, list[RepairCheck]] = {}
    for first in range(0, len(ids), _CHUNK):
        some = ids[first : first + _CHUNK]
        wanted = RepairCheck.customer_id.in_(some), RepairCheck.state == CheckState.ASKING
        for check in await session.scalars(select(RepairCheck).where(*wanted).order_by(RepairCheck.id)):
            found.setdefault(CustomerId(check.customer_id), []).append(check)
    return found
