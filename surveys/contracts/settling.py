"""Contracts as they are kept, and partners' months as they are reckoned and closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store import insert_missing
from surveys.contracts.evidence import evidence, kept, numbers, tallies_of
from surveys.contracts.models import PartnerContract, PartnerSettlement
from surveys.contracts.reckoning import Reckoned, reckon
from surveys.contracts.terms import Contract
from surveys.figures.periods import By, ends, first_day
from values import BadInputError, CentralinoError, Money


class ContractStandsError(BadInputError):
    """A version of a contract is never changed."""

    error_id = "contract-stands"


class UnknownContractError(BadInputError):
    """There is no such contract."""

    error_id = "unknown-contract"


class MonthClosedError(CentralinoError):
    """The month is closed, and stays as it is."""

    error_id = "month-closed"


class MonthOpenError(CentralinoError):
    """The month cannot be closed before it is over and reckoned."""

    error_id = "month-open"


@dataclass(frozen=True, slots=True)
class Checked:
    """A settlement reckoned again from what was kept with it."""

    kept: Money
    again: Money
    same: bool
    """Money and every figure are the same."""
    answers_now: bool
    """Whether the interviews that are there today still give the same counts."""


async def put_contract(
    session: AsyncSession, contract: Contract, *, now: datetime, by: str
) -> PartnerContract:
    """Keep a version. The same once more changes nothing; raises `ContractStandsError` for another one."""
    found = await session.get(PartnerContract, (contract.name, contract.version))
    if found is not None:
        if Contract.kept(found.terms) != contract:
            words = (
                f"{contract.name} {contract.version} is kept already; give the changed one a higher version"
            )
            raise ContractStandsError(words, field="version")
        return found
    made = PartnerContract(
        name=contract.name,
        version=contract.version,
        partner=contract.partner,
        terms=contract.plain(),
        added=now,
        by=by,
    )
    session.add(made)
    await session.flush()
    return made


async def contracts(session: AsyncSession) -> Sequence[Contract]:
    """All that are kept, every version."""
    rows = await session.scalars(
        select(PartnerContract).order_by(PartnerContract.name, PartnerContract.version)
    )
    return [Contract.kept(row.terms) for row in rows]


async def contract_in(session: AsyncSession, name: str, month: str) -> Contract:
    """The version that holds in a month: the highest of those meant for it. Raises `UnknownContractError`."""
    first_day(month, By.MONTH, "month")
    rows = await session.scalars(
        select(PartnerContract).where(PartnerContract.name == name).order_by(PartnerContract.version.desc())
    )
    versions = [Contract.kept(row.terms) for row in rows]
    if not versions:
        raise UnknownContractError(f"there is no contract {name[:80]!r}", field="contract")
    for version in versions:
        if version.holds_in(month):
            return version
    raise UnknownContractError(f"no version of {name!r} holds in {month}", field="month")


async def tried(
    session: AsyncSession, contract: Contract, months: Sequence[str], invoice: int
) -> Sequence[tuple[str, Reckoned]]:
    """What months would come to by a contract that nobody has signed yet. Nothing is kept."""
    money = Money(invoice, contract.currency)
    return [(month, reckon(contract, await evidence(session, contract, month), money)) for month in months]


async def settle(
    session: AsyncSession, name: str, month: str, invoice: int, *, now: datetime, by: str
) -> PartnerSettlement:
    """Reckon a month, again as often as one likes until it is closed. `invoice` is in minor units.

    Raises `UnknownContractError` and `MonthClosedError`.
    """
    if invoice < 0:
        raise BadInputError("write the invoice in cents, 0 or more", field="invoice")
    contract = await contract_in(session, name, month)
    tallies = await evidence(session, contract, month)
    found = reckon(contract, tallies, Money(invoice, contract.currency))
    values = {
        "partner": contract.partner,
        "version": contract.version,
        "terms": contract.plain(),
        "inputs": {"tallies": kept(tallies)},
        "invoice": invoice,
        "currency": contract.currency,
        "result": told(found),
        "minor": found.money.minor,
        "reckoned": now,
        "by": by,
    }
    fresh = {"contract": name, "month": month, "closed": None, "closed_by": "", **values}
    await insert_missing(session, PartnerSettlement, [fresh])
    row = await settlement(session, name, month, lock=True)
    if row.closed is not None:
        raise MonthClosedError(f"{month} of {name} was closed by {row.closed_by}, and stays as it is")
    for column, value in values.items():
        setattr(row, column, value)
    await session.flush()
    return row


async def close(session: AsyncSession, name: str, month: str, *, now: datetime, by: str) -> PartnerSettlement:
    """Close a month that is over: from here on nothing changes it. Closing it again changes nothing.

    Raises `MonthOpenError` before it is over, or when it was not reckoned since.
    """
    row = await settlement(session, name, month, lock=True)
    if row.closed is not None:
        return row
    over = ends(month, By.MONTH)
    if now < over:
        raise MonthOpenError(f"{month} goes on until {over.isoformat()}; close it then")
    if row.reckoned < over:
        raise MonthOpenError(f"{month} was reckoned before it was over; reckon it again, and close it then")
    row.closed, row.closed_by = now, by
    await session.flush()
    return row


async def check(session: AsyncSession, name: str, month: str) -> Checked:
    """Reckon a month again from the terms and counts that are kept with it."""
    row = await settlement(session, name, month)
    contract = Contract.kept(row.terms)
    tallies = tallies_of(row.inputs["tallies"])
    again = reckon(contract, tallies, Money(row.invoice, row.currency))
    now = numbers(await evidence(session, contract, month))
    stored = Money(row.minor, row.currency)
    same = again.money == stored and told(again) == dict(row.result)
    return Checked(stored, again.money, same, now == numbers(tallies))


async def settlement(
    session: AsyncSession, name: str, month: str, *, lock: bool = False
) -> PartnerSettlement:
    """What a month came to. Raises `UnknownContractError` when it was never reckoned."""
    row = await session.get(
        PartnerSettlement, (name, month), with_for_update=lock or None, populate_existing=lock
    )
    if row is None:
        raise UnknownContractError(f"{month[:20]} of {name[:80]!r} was never reckoned", field="month")
    return row


async def settlements(session: AsyncSession, *, partner: str | None = None) -> Sequence[PartnerSettlement]:
    """All months, the latest first; of one partner if named."""
    query = select(PartnerSettlement).order_by(PartnerSettlement.month.desc(), PartnerSettlement.contract)
    if partner is not None:
        query = query.where(PartnerSettlement.partner == partner)
    return (await session.scalars(query)).all()


def told(found: Reckoned) -> Mapping[str, Any]:
    """A result as it is kept and shown."""
    return {
        "index": str(found.index),
        "percent": str(found.percent),
        "minor": found.money.minor,
        "indicators": [
            {
                "indicator": part.term.indicator.value,
                "weight": str(part.term.weight),
                "n": part.n,
                "value": part.estimate.value if part.estimate else None,
                "low": part.estimate.low if part.estimate else None,
                "high": part.estimate.high if part.estimate else None,
                "score": part.score,
                "why": part.why.value,
            }
            for part in found.parts
        ],
    }
