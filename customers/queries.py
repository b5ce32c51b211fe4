"""The questions asked on the way of a call, built once; each takes a whole batch."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import BindParameter, bindparam, func, or_, select

from customers.faults import FaultStatus
from customers.models import (
    Consent,
    Customer,
    CustomerNumber,
    Fault,
    Invoice,
    Order,
    OrderStatus,
)

T = TypeVar("T")

_NUMBERS: BindParameter[Any] = bindparam("numbers", expanding=True)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_AT = bindparam("at", type_=CustomerNumber.valid_from.type)

_CARD = (Customer.id, Customer.name, Customer.tier, Customer.language, Customer.slow_speech, Customer.zone)
_VALID = (
    CustomerNumber.valid_from <= _AT,
    or_(CustomerNumber.valid_to.is_(None), CustomerNumber.valid_to > _AT),
)

CARDS_BY_NUMBER = (
    select(CustomerNumber.number, *_CARD)
    .join(Customer, Customer.id == CustomerNumber.customer_id)
    .where(CustomerNumber.number.in_(_NUMBERS), *_VALID)
    .order_by(CustomerNumber.number, CustomerNumber.valid_from, Customer.id)
)

KNOWN_IDS = select(Customer.id).where(Customer.id.in_(_IDS))
CARDS_BY_ID = select(*_CARD).where(Customer.id.in_(_IDS))

NUMBERS_BY_ID = (
    select(CustomerNumber.customer_id, CustomerNumber.number, CustomerNumber.zone, CustomerNumber.line_type)
    .where(CustomerNumber.customer_id.in_(_IDS), *_VALID)
    .order_by(CustomerNumber.customer_id, CustomerNumber.line_type.desc(), CustomerNumber.number)
)
"""Mobiles come first: they ring where the customer is."""

BALANCES = (
    select(
        Invoice.customer_id,
        Invoice.currency,
        func.sum(Invoice.open_minor).label("open_minor"),
        func.min(Invoice.due).label("due"),
        func.count().label("invoices"),
    )
    .where(Invoice.customer_id.in_(_IDS), Invoice.open_minor > 0)
    .group_by(Invoice.customer_id, Invoice.currency)
)

_newest = (
    select(
        Invoice.id,
        func.row_number()
        .over(partition_by=Invoice.customer_id, order_by=(Invoice.issued.desc(), Invoice.id.desc()))
        .label("place"),
    )
    .where(Invoice.customer_id.in_(_IDS))
    .subquery()
)
LATEST_INVOICES = (
    select(
        Invoice.customer_id,
        Invoice.id,
        Invoice.issued,
        Invoice.due,
        Invoice.currency,
        Invoice.amount_minor,
        Invoice.open_minor,
        Invoice.state,
    )
    .join(_newest, _newest.c.id == Invoice.id)
    .where(_newest.c.place <= bindparam("most"))
    .order_by(Invoice.customer_id, _newest.c.place)
)

_FAULT = (
    Fault.id,
    Fault.customer_id,
    Fault.line_id,
    Fault.symptom,
    Fault.status,
    Fault.opened_at,
    Fault.restored_at,
    Fault.closed_at,
    Fault.reopened_at,
)
OPEN_FAULTS = (
    select(*_FAULT)
    .where(Fault.customer_id.in_(_IDS), Fault.status != FaultStatus.CLOSED)
    .order_by(Fault.customer_id, Fault.opened_at.desc(), Fault.id)
)
FAULTS_BY_ID = select(*_FAULT).where(Fault.id.in_(_IDS))
FAULTS_BY_STATUS = (
    select(*_FAULT)
    .where(Fault.status == bindparam("status", type_=Fault.status.type))
    .order_by(Fault.opened_at, Fault.id)
    .limit(bindparam("most"))
)

OPEN_ORDERS = (
    select(Order.id, Order.customer_id, Order.kind, Order.status, Order.placed, Order.planned)
    .where(Order.customer_id.in_(_IDS), Order.status.not_in([OrderStatus.DONE, OrderStatus.CANCELLED]))
    .order_by(Order.customer_id, Order.placed.desc(), Order.id)
)

CONSENTS = (
    select(Consent.customer_id, Consent.given_at, Consent.withdrawn_at)
    .where(
        Consent.customer_id.in_(_IDS),
        Consent.purpose == bindparam("purpose"),
        Consent.channel == bindparam("channel", type_=Consent.channel.type),
    )
    .order_by(Consent.customer_id, func.coalesce(Consent.withdrawn_at, Consent.given_at))
)


def padded(keys: Sequence[T]) -> list[T]:
    """Keys, the last repeated up to a power of two.

    So few different statements reach the database that it and its driver remember them all.
    """
    if not keys:
        return []
    size = 1 << (len(keys) - 1).bit_length()
    return [*keys, *[keys[-1]] * (size - len(keys))]
