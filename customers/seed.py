"""A plausible telco to start with: people, numbers, lines, bills, orders and faults, the same each time.

Customer i depends on the seed and on i alone, so a smaller town is the beginning of a larger one, and tests
and the city know whom they will meet: the number is `number_of(i)`, the id `id_of(i)`, the code `code_of(i)`.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from customers.faults import FaultStatus
from customers.models import (
    Channel,
    Consent,
    Customer,
    CustomerNumber,
    Fault,
    Invoice,
    InvoiceState,
    Line,
    LineStatus,
    LineType,
    Order,
    OrderStatus,
    Tier,
)
from customers.names import FAMILY, GIVEN
from store import Base, insert_missing
from values import CustomerId, PhoneNumber

MOST = 10_000_000
BATCH = 1000
DAY = date(2026, 11, 20)
"""The day from which the seed's people look back and ahead."""
HOUSEHOLD = 40
"""One in so many shares the landline of the customer before (39 that of 38, 79 that of 78 …)."""
SLOW_SPEECH, AT_HOME, FIBRE, LANDLINE, SECOND_THOUGHTS, OVERDUE, ORDERS, FAULTY, UNBOUND = (
    0.04, 0.985, 0.6, 0.35, 0.1, 0.35, 0.08, 0.06, 0.33,
)  # fmt: skip
"""How many of them there are, as shares of one."""
REGIONS = {
    "Roma": 22, "Milano": 18, "Napoli": 15, "Torino": 11, "Palermo": 8, "Bari": 7, "Bologna": 6, "Genova": 5,
    "Firenze": 5, "Catania": 3,
}  # fmt: skip
"""Where they live, and how many of a hundred."""
LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)

_TABLES: tuple[type[Base], ...] = (Customer, CustomerNumber, Line, Consent, Invoice, Order, Fault)
_Rows = dict[type[Base], list[dict[str, Any]]]


def number_of(i: int) -> PhoneNumber:
    """The mobile number of customer i (0 … 9,999,999)."""
    if not 0 <= i < MOST:
        raise ValueError(f"customers go from 0 to {MOST - 1}, not {i}")
    return PhoneNumber(f"+39329{i:07d}")


def landline_of(i: int) -> PhoneNumber:
    """The landline of customer i, for those who have one."""
    return PhoneNumber(f"+3906{70_000_000 + i:08d}")


def id_of(i: int) -> CustomerId:
    """The id of customer i."""
    return CustomerId(f"c{i:07d}")


def code_of(i: int) -> str:
    """The six digits on the bill of customer i."""
    return f"{(i * 7919 + 104_729) % 1_000_000:06d}"


async def seed(session: AsyncSession, count: int = 10_000, seed: int = 2009, *, day: date = DAY) -> int:
    """Put the first `count` customers into the database; how many were new. What is there is left alone.

    The caller commits. About two seconds for ten thousand.
    """
    new = 0
    for first in range(0, count, BATCH):
        numbers = range(first, min(first + BATCH, count))
        ids = [id_of(i) for i in numbers]
        there = set((await session.execute(select(Customer.id).where(Customer.id.in_(ids)))).scalars())
        missing = [i for i in numbers if id_of(i) not in there]
        rows: _Rows = {table: [] for table in _TABLES}
        for i in missing:
            _person(rows, i, seed, day)
        for table in _TABLES:
            await insert_missing(session, table, rows[table])
        new += len(missing)
    return new


def _person(rows: _Rows, i: int, seed: int, day: date) -> None:
    chance = Random(seed * MOST + i)
    language = chance.choices(("it", "en", "ru"), (80, 12, 8))[0]
    joined = _at(day) - timedelta(days=chance.randrange(400, 3000))
    rows[Customer].append(
        {
            "id": id_of(i),
            "name": f"{chance.choice(GIVEN[language])} {chance.choice(FAMILY[language])}",
            "code": code_of(i),
            "tier": chance.choices(tuple(Tier), (55, 28, 13, 4))[0],
            "language": language,
            "slow_speech": chance.random() < SLOW_SPEECH,
            "zone": "Europe/Rome"
            if chance.random() < AT_HOME
            else chance.choice(("Europe/London", "Asia/Dubai")),
            "region": _region(i, seed),
        }
    )
    rows[CustomerNumber].extend(_numbers(i, chance, joined))
    fixed = f"l{i:07d}f"
    lines = [(f"l{i:07d}m", "mobile")] + ([(fixed, "fibre")] if chance.random() < FIBRE else [])
    rows[Line].extend(
        {
            "id": line,
            "customer_id": id_of(i),
            "service": service,
            "status": LineStatus.ACTIVE,
            "activated": joined,
            "contract_until": _contract(i, seed, place, day),
        }
        for place, (line, service) in enumerate(lines)
    )
    rows[Consent].extend(_consents(i, chance, joined))
    rows[Invoice].extend(_invoices(i, chance, day))
    rows[Order].extend(_orders(i, chance, day))
    rows[Fault].extend(_faults(i, chance, day, lines[-1][0]))


def _region(i: int, seed: int) -> str:
    """The province of the address, by a chance of its own as well."""
    return Random((seed * MOST + i) * 3).choices(list(REGIONS), list(REGIONS.values()))[0]


def _contract(i: int, seed: int, place: int, day: date) -> date | None:
    """A third is bound by nothing any more. By a chance of its own, so that the rest of a town stays."""
    chance = Random((seed * MOST + i) * 2 + place)
    return None if chance.random() < UNBOUND else day + timedelta(days=chance.randrange(10, 700))


def _numbers(i: int, chance: Random, joined: datetime) -> Iterator[dict[str, Any]]:
    yield _number(i, number_of(i), LineType.MOBILE, joined)
    place = i % HOUSEHOLD
    if place == HOUSEHOLD - 1:  # lives with the one before
        yield _number(i, landline_of(i - 1), LineType.LANDLINE, joined)
    elif place == HOUSEHOLD - 2 or chance.random() < LANDLINE:
        yield _number(i, landline_of(i), LineType.LANDLINE, joined)
    if place == 0 and i:  # had the number of the one before, who took it over
        yield _number(i, number_of(i - 1), LineType.MOBILE, datetime(2005, 1, 1, tzinfo=UTC), until=LONG_AGO)


def _number(
    i: int, number: PhoneNumber, kind: LineType, since: datetime, *, until: datetime | None = None
) -> dict[str, Any]:
    row = {"number": number, "customer_id": id_of(i), "valid_from": since, "valid_to": until}
    return row | {"zone": "Europe/Rome", "line_type": kind}


def _consents(i: int, chance: Random, joined: datetime) -> Iterator[dict[str, Any]]:
    for purpose, share in (("marketing", 0.4), ("survey", 0.6)):
        said = chance.random()
        if said > share + 0.3:
            continue  # was never asked
        given = joined if said < share else None
        withdrawn = joined if given is None else None
        if given and chance.random() < SECOND_THOUGHTS:
            withdrawn = given + timedelta(days=45)
        row = {
            "id": f"{id_of(i)}-{purpose}",
            "customer_id": id_of(i),
            "purpose": purpose,
            "channel": Channel.VOICE,
        }
        yield row | {"given_at": given, "withdrawn_at": withdrawn, "source": "contract"}


def _invoices(i: int, chance: Random, day: date) -> Iterator[dict[str, Any]]:
    pays = chance.choices((InvoiceState.PAID, InvoiceState.OPEN, InvoiceState.PARTLY_PAID), (80, 17, 3))[0]
    overdue = pays is not InvoiceState.PAID and chance.random() < OVERDUE
    newest = day - timedelta(days=chance.randrange(35, 70) if overdue else chance.randrange(2, 20))
    for age in range(3):
        amount = chance.randrange(990, 9990, 10)
        state = pays if age == 0 else InvoiceState.PAID
        still_open = {InvoiceState.PAID: 0, InvoiceState.OPEN: amount}.get(state, amount // 2)
        issued = newest - timedelta(days=61 * age)
        row = {
            "id": f"i{i:07d}-{age}",
            "customer_id": id_of(i),
            "issued": issued,
            "due": issued + timedelta(days=25),
        }
        yield row | {"currency": "EUR", "amount_minor": amount, "open_minor": still_open, "state": state}


def _orders(i: int, chance: Random, day: date) -> Iterator[dict[str, Any]]:
    if chance.random() > ORDERS:
        return
    status = chance.choice(
        (OrderStatus.RECEIVED, OrderStatus.IN_PROGRESS, OrderStatus.PLANNED, OrderStatus.DONE)
    )
    planned = {
        OrderStatus.PLANNED: day + timedelta(days=chance.randrange(1, 21)),
        OrderStatus.DONE: day - timedelta(days=chance.randrange(1, 15)),
    }.get(status)
    row = {
        "id": f"o{i:07d}",
        "customer_id": id_of(i),
        "kind": chance.choice(("activation", "move", "upgrade")),
    }
    yield row | {
        "status": status,
        "placed": _at(day) - timedelta(days=chance.randrange(16, 40)),
        "planned": planned,
    }


def _faults(i: int, chance: Random, day: date, line_id: str) -> Iterator[dict[str, Any]]:
    if chance.random() > FAULTY:
        return
    status = chance.choices((FaultStatus.OPEN, FaultStatus.RESTORED, FaultStatus.CLOSED), (50, 30, 20))[0]
    opened = _at(day) - timedelta(hours=chance.randrange(30, 150))
    restored = None if status is FaultStatus.OPEN else opened + timedelta(hours=chance.randrange(4, 24))
    closed = restored + timedelta(hours=2) if restored and status is FaultStatus.CLOSED else None
    symptom = chance.choice(("no_line", "slow", "drops", "noise"))
    row = {
        "id": f"f{i:07d}",
        "customer_id": id_of(i),
        "line_id": line_id,
        "symptom": symptom,
        "status": status,
    }
    yield row | {"opened_at": opened, "restored_at": restored, "closed_at": closed, "reopened_at": None}


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC)
