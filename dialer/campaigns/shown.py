"""Which number a call shows: from the campaign's pool, for one customer always the same. Pure."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Protocol


class Showing(Protocol):
    """A campaign, as far as its shown numbers go."""

    @property
    def caller_id(self) -> str:
        """The number without a pool."""
        ...

    @property
    def caller_ids(self) -> Sequence[str]:
        """The pool."""
        ...


class Shown(Protocol):
    """A contact, as far as it matters here."""

    @property
    def customer_id(self) -> str:
        """Whose contact it is, '' when nobody knows."""
        ...

    @property
    def number(self) -> str:
        """The number that is called."""
        ...


def shown_number(campaign: Showing, contact: Shown) -> str:
    """The number that this customer sees, at every attempt and in every campaign with the same pool.

    Each number of the pool is weighed by a hash of it and the customer, and the heaviest is shown: customers
    are spread evenly, and a number that joins or leaves the pool changes only its own share of them. A
    customer nobody knows by an id is known by the number called.
    """
    pool = campaign.caller_ids
    if not pool:
        return campaign.caller_id
    who = contact.customer_id or contact.number
    return max(pool, key=lambda number: (_weight(who, number), number))


def _weight(who: str, number: str) -> bytes:
    return blake2b(f"{who}|{number}".encode(errors="replace"), digest_size=8).digest()
