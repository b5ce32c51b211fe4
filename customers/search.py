"""Who is it: customers by a number, a part of a name, an invoice or their id."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from customers.cards import CustomerCard
from customers.models import Customer, CustomerNumber, Invoice
from values import BadInputError, CustomerId, PhoneNumber, parse_phone

MOST: Final = 20
FEWEST: Final = 2
"""Of so many letters at least: one letter is everybody."""
LONGEST: Final = 80
_A_NUMBER: Final = re.compile(r"\+?[0-9][0-9 ./()-]{3,}")
_DIGITS: Final = re.compile(r"[^0-9+]")


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody it may be, and a number to tell them from others of the name; '' when they have none."""

    card: CustomerCard
    number: str


async def search(
    session: AsyncSession, text: str, *, country: str, now: datetime, most: int = MOST
) -> Sequence[Found]:
    """Customers whose number, invoice or id this is, else those whose name has it; at most `most`.

    A number counts whole (as people of `country` write it) or by its last four or more digits. Raises
    `BadInputError` for a text that is too short or too long to look for.
    """
    wanted = " ".join(text.split())
    if not FEWEST <= len(wanted) <= LONGEST:
        raise BadInputError(f"write {FEWEST} to {LONGEST} letters or digits", field="q")
    ids = await _ids_exact(session, wanted)
    if not ids and _A_NUMBER.fullmatch(wanted):
        ids = await _by_number(session, wanted, country, now, most)
    if not ids:
        ids = await _by_name(session, wanted, most)
    return await _found(session, ids, now)


async def _ids_exact(session: AsyncSession, wanted: str) -> list[str]:
    """By id or invoice, as they stand on letters."""
    by_id = list(await session.scalars(select(Customer.id).where(Customer.id == wanted)))
    if by_id:
        return by_id
    return list(await session.scalars(select(Invoice.customer_id).where(Invoice.id == wanted)))


async def _by_number(session: AsyncSession, wanted: str, country: str, now: datetime, most: int) -> list[str]:
    row = CustomerNumber
    valid = (row.valid_from <= now, or_(row.valid_to.is_(None), row.valid_to > now))
    try:
        which = row.number == parse_phone(wanted, country)
    except BadInputError:
        which = row.number.endswith(_DIGITS.sub("", wanted).lstrip("+"), autoescape=True)
    query = select(row.customer_id).where(which, *valid).order_by(row.valid_from, row.customer_id).limit(most)
    return list(dict.fromkeys(await session.scalars(query)))


async def _by_name(session: AsyncSession, wanted: str, most: int) -> list[str]:
    """Every word has to be in the name; SQLite knows capitals only of Latin letters, so both are tried."""
    query = select(Customer.id).order_by(Customer.name, Customer.id).limit(most)
    for word in wanted.split():
        forms = dict.fromkeys((word, word.lower(), word.capitalize()))
        query = query.where(or_(*(Customer.name.icontains(form, autoescape=True) for form in forms)))
    return list(await session.scalars(query))


async def _found(session: AsyncSession, ids: Sequence[str], now: datetime) -> list[Found]:
    if not ids:
        return []
    people = {each.id: each for each in await session.scalars(select(Customer).where(Customer.id.in_(ids)))}
    row = CustomerNumber
    numbers: dict[str, str] = {}
    query = (
        select(row.customer_id, row.number)
        .where(
            row.customer_id.in_(ids), row.valid_from <= now, or_(row.valid_to.is_(None), row.valid_to > now)
        )
        .order_by(row.customer_id, row.line_type.desc(), row.number)
    )
    for customer_id, number in await session.execute(query):
        numbers.setdefault(customer_id, number)
    return [Found(_card(people[each]), PhoneNumber(numbers.get(each, ""))) for each in ids if each in people]


def _card(row: Customer) -> CustomerCard:
    return CustomerCard(CustomerId(row.id), row.name, row.tier, row.language, row.slow_speech, row.zone)
