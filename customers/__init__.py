"""Who calls and is called: people, numbers, lines, consent, and mirrors of invoices, orders, faults. Floor 1.

`Customers` answers for whole batches in the caller's session; `customers.seed` makes a town to try with.
"""

from customers.cards import Balance, ContactNote, CustomerCard, FaultCard, InvoiceCard, NumberCard, OrderCard
from customers.faultbook import LineHeld, NewFault, lines_of, open_faults, whose_lines
from customers.faults import FaultChangeError, FaultStatus
from customers.geography import consenting_in, living_how_many, living_in, regions
from customers.lifetime import erase, forget, show
from customers.models import Channel, ContactDirection, InvoiceState, LineStatus, LineType, OrderStatus, Tier
from customers.orderbook import OrderWord, keep_orders, orders
from customers.portrait import ConsentSeen, ContactSeen, LineCard, Portrait, portrait
from customers.search import Found, search
from customers.service import Customers
from customers.trail import NumberHeld, Trail, trail_of

__all__ = [
    "Balance",
    "Channel",
    "ConsentSeen",
    "ContactDirection",
    "ContactNote",
    "ContactSeen",
    "CustomerCard",
    "Customers",
    "FaultCard",
    "FaultChangeError",
    "FaultStatus",
    "Found",
    "InvoiceCard",
    "InvoiceState",
    "LineCard",
    "LineHeld",
    "LineStatus",
    "LineType",
    "NewFault",
    "NumberCard",
    "NumberHeld",
    "OrderCard",
    "OrderStatus",
    "OrderWord",
    "Portrait",
    "Tier",
    "Trail",
    "consenting_in",
    "erase",
    "forget",
    "keep_orders",
    "lines_of",
    "living_how_many",
    "living_in",
    "open_faults",
    "orders",
    "portrait",
    "regions",
    "search",
    "show",
    "trail_of",
    "whose_lines",
]
