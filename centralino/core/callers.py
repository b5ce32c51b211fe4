"""Who is on the line, before the first word is said."""

import asyncio
from dataclasses import dataclass
from functools import lru_cache

import structlog

from customers import CustomerCard, Customers
from store import StoreUnavailableError
from values import BadInputError, CallId, PhoneNumber, Scalar, parse_phone

log = structlog.get_logger(__name__)

LOOK_UP_SECONDS = 1.0
"""A caller waits no longer for being recognised; then they are a stranger like others."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller as the flow gets to know them."""

    number: str
    """E.164 where it can be told; '' when withheld."""
    card: CustomerCard | None

    @property
    def variables(self) -> dict[str, Scalar]:
        """What a flow is started with."""
        return {
            "caller": self.number,
            "known": self.card is not None,
            "customer_id": self.card.id if self.card else "",
            "customer_name": self.card.name if self.card else "",
        }


async def recognise(customers: Customers, shown: str, country: str, call_id: CallId) -> Caller:
    """Look up a caller by the number the network shows. Of several owners we know none."""
    number = number_of(shown, country)
    if number is None:
        return Caller(shown, None)
    try:
        async with asyncio.timeout(LOOK_UP_SECONDS):
            owners = await customers.who_rings(number)
    except (StoreUnavailableError, TimeoutError) as problem:
        log.warning("call.caller_unknown", call=call_id, reason=type(problem).__name__)
        owners = ()
    return Caller(number, owners[0] if len(owners) == 1 else None)


@lru_cache(maxsize=4096)
def number_of(shown: str, country: str) -> PhoneNumber | None:
    """The number in E.164; None for what is no number in use."""
    try:
        return parse_phone(shown, country)
    except BadInputError:
        return None
