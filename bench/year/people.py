"""The year's customers: plain rows, each with a mobile number and a fixed line."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import insert

from customers import Channel, LineStatus, LineType, Tier
from customers.models import (
    Consent,
    Customer,
    CustomerNumber,
    Line,
)
from customers.names import FAMILY, GIVEN
from customers.seed import code_of, id_of, number_of
from store import Base, Database

LANGUAGES: Final = ("it", "it", "it", "it", "it", "it", "it", "it", "en", "ru")
JOINED: Final = datetime(2005, 1, 1, tzinfo=UTC)
_TIERS: Final = tuple(Tier)
_CHUNK: Final = 5000


def line_of(place: int) -> str:
    """The id of a customer's fixed line."""
    return f"l{place:07d}f"


async def settle(db: Database, places: range) -> None:
    """Have these customers."""
    for first in range(places.start, places.stop, _CHUNK):
        some = range(first, min(first + _CHUNK, places.stop))
        async with db.write() as session:
            for model, rows in _rows(some):
                await session.execute(insert(model.__table__), rows)  # type: ignore[arg-type]


def _rows(places: range) -> Iterator[tuple[type[Base], list[dict[str, Any]]]]:
    yield Customer, [_customer(place) for place in places]
    yield (
        CustomerNumber,
        [
            {
                "number": number_of(place),
                "customer_id": id_of(place),
                "valid_from": JOINED,
                "valid_to": None,
                "zone": "Europe/Rome",
                "line_type": LineType.MOBILE,
            }
            for place in places
        ],
    )
    yield (
        Line,
        [
            {
                "id": line_of(place),
                "customer_id": id_of(place),
                "service": "adsl",
                "status": LineStatus.ACTIVE,
                "activated": JOINED,
                "contract_until": date(2010, 12, 31),
            }
            for place in places
        ],
    )
    yield (
        Consent,
        [
            {
                "id": f"{id_of(place)}-survey",
                "customer_id": id_of(place),
                "purpose": "survey",
                "channel": Channel.VOICE,
                "given_at": JOINED,
                "withdrawn_at": None,
                "source": "contract",
            }
            for place in places
        ],
    )


def _customer(place: int) -> dict[str, Any]:
    language = LANGUAGES[place % len(LANGUAGES)]
    given, family = GIVEN[language], FAMILY[language]
    return {
        "id": id_of(place),
        "name": f"{given[place % len(given)]} {family[place // 7 % len(family)]}",
        "code": code_of(place),
        "tier": _TIERS[place % len(_TIERS)],
        "language": language,
        "slow_speech": place % 25 == 0,
        "zone": "Europe/Rome",
    }
