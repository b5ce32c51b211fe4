"""Events come in once each; what cannot be so is named by place, id and field."""

from datetime import timedelta

import pytest

from customers.models import CustomerNumber, LineType
from customers.seed import id_of, number_of
from tests.proactive.events.conftest import Town
from values.testing import EPOCH

pytestmark = pytest.mark.database


async def test_an_event_that_comes_again_is_taken_once(town: Town) -> None:
    first = await town.tell({"id": "a"}, {"id": "b"}, {"id": "a"})
    again = await town.tell({"id": "b"}, {"id": "c"})
    assert (first.accepted, first.repeated, first.refused) == (["a", "b"], ["a"], [])
    assert (again.accepted, again.repeated, again.refused) == (["c"], ["b"], [])
    assert await town.states() == {"a": "pending", "b": "pending", "c": "pending"}


async def test_another_event_under_the_same_id_is_a_conflict(town: Town) -> None:
    await town.tell({"id": "a"})
    taken = await town.tell(
        {"id": "a", "order": "o2"},
        {"id": "a", "at": EPOCH - timedelta(seconds=1)},
        {"id": "x"},
        {"id": "x", "customer": id_of(4)},
    )
    assert taken.accepted == ["x"]
    assert [(each.place, each.id, each.field, each.error) for each in taken.refused] == [
        (0, "a", "id", "conflict"), (1, "a", "id", "conflict"), (3, "x", "id", "conflict"),
    ]  # fmt: skip
    assert (await town.events())["a"].key == "o1"


async def test_strange_dates_and_strangers_are_named_and_the_others_taken(town: Town) -> None:
    taken = await town.tell(
        {"id": "old", "at": EPOCH.replace(year=1970)},
        {"id": "far", "at": EPOCH.replace(year=2099)},
        {"id": "plan", "type": "order.planned", "kind": "la", "planned": "2099-01-01"},
        {"id": "who", "customer": "nobody"},
        {"id": "good"},
        {"id": "number", "number": "+393299999999"},
    )
    assert taken.accepted == ["good"]
    assert [(each.place, each.id, each.field, each.error) for each in taken.refused] == [
        (0, "old", "at", "bad-input"),
        (1, "far", "at", "bad-input"),
        (2, "plan", "planned", "bad-input"),
        (3, "who", "customer", "unknown-customer"),
        (5, "number", "number", "unknown-customer"),
    ]
    assert taken.refused[4].reason == "nobody has the number •••••••••999 now"


async def test_a_number_finds_its_customer_unless_several_share_it(town: Town) -> None:
    shared = "+390611111111"
    async with town.db.write() as session:
        for i in (5, 6):
            session.add(
                CustomerNumber(number=shared, customer_id=id_of(i), valid_from=EPOCH - timedelta(days=9),
                               valid_to=None, zone="Europe/Rome", line_type=LineType.LANDLINE)
            )  # fmt: skip
    taken = await town.tell({"id": "a", "number": number_of(7)}, {"id": "b", "number": shared})
    assert taken.accepted == ["a"]
    assert (await town.events())["a"].customer_id == id_of(7)
    assert "shared by 2 customers" in taken.refused[0].reason


async def test_thousands_come_at_once_and_keep_their_order(town: Town) -> None:
    taken = await town.tell(*({"id": f"e{i}", "order": f"o{i}"} for i in range(2500)))
    assert len(taken.accepted) == 2500
    rows = sorted((await town.events()).values(), key=lambda row: row.seq)
    assert [row.id for row in rows] == [f"e{i}" for i in range(2500)]
