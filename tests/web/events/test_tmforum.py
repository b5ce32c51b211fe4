"""TM Forum's notifications, whatever stands in whichever of their fields."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from proactive.events.reading import read_objects
from web.events.tmforum import order_event, ticket_event, translate

pytestmark = pytest.mark.unit

ODD: tuple[Any, ...] = (
    None,
    True,
    7,
    1e300,
    "x",
    "\0",
    "9" * 99,
    [],
    ["x"],
    [[]],
    {},
    {"x": 1},
    [{"role": 7}],
)
PARTY = [{"role": "Customer", "partyOrPartyRole": {"id": "k1", "@referredType": "Customer"}}]
ORDER = {
    "id": "o1", "state": "pending", "category": "LNA", "expectedCompletionDate": "2026-03-30T22:00:00Z",
    "relatedParty": PARTY, "productOrderItem": [{"product": {"id": "l3"}}],
}  # fmt: skip
TICKET = {
    "id": "t1", "status": "acknowledged", "ticketType": "no_line", "relatedParty": PARTY,
    "relatedEntity": [{"role": "line", "entity": {"id": "l3"}}],
}  # fmt: skip


def told(**event: Any) -> dict[str, Any]:
    return {"eventId": "e1", "eventTime": "2026-03-02T09:00:00Z", "source": {"id": "crm"}, "event": event}


def bent(whole: Any) -> Iterator[Any]:
    """The same with one field after the other bent out of shape."""
    if isinstance(whole, dict | list):
        for place in whole if isinstance(whole, dict) else range(len(whole)):
            for odd in (*ODD, *bent(whole[place])):
                other = deepcopy(whole)
                other[place] = odd
                yield other


@pytest.mark.parametrize(
    ("good", "one"),
    [
        (told(productOrder=ORDER), order_event),
        (told(productOrder=ORDER | {"state": "completed"}), order_event),
        (told(troubleTicket=TICKET), ticket_event),
    ],
)
def test_each_is_read_ignored_or_refused_by_its_place_and_the_good_one_is_read(good: Any, one: Any) -> None:
    every = [*bent(good), *ODD, good]
    found = translate(every, one)
    read = read_objects(found.events, found.places)
    places = {*read.places, *(each.place for each in (*found.refused, *read.refused))}
    assert len(places) + len(found.ignored) == len(every)
    assert len(every) - 1 in read.places
