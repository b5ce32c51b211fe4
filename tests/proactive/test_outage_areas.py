"""An outage known by its area alone, or by names nobody knows: whom it touches, what is told of it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from customers.models import Customer, Fault, Line
from customers.seed import id_of
from proactive.events import BusinessEvent
from proactive.outages import Outage, OutageFault
from tests.proactive.network import Network, connected

pytestmark = pytest.mark.database

ANNA = 31


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Network]:
    async with connected(database_url) as town:
        async with town.db.write() as session:
            for fault in await town.all(Fault):
                await session.delete(await session.get_one(Fault, fault.id))
        yield town


async def test_an_outage_known_by_its_area_alone_touches_the_lines_at_the_addresses_there(
    town: Network,
) -> None:
    rows = {row.id: row for row in await town.all(Customer)}
    fixed = {row.customer_id: row.id for row in await town.all(Line) if row.service != "mobile"}
    there = sorted(each for each in fixed if rows[each].region == "Roma")
    mobile_only = next(each for each in rows if each not in fixed and rows[each].region == "Roma")
    elsewhere = next(each for each in fixed if rows[each].region != "Roma")
    first = int(there[0].removeprefix("c"))

    async def heard(customer: str) -> bool:
        return bool((await town.processes.outages.told(town.call(first), customer))["concerned"])

    opened = {"type": "outage.opened", "outage": "o1", "cause": "power", "area": "roma"}
    await town.fault(first, "before", line=0, days_ago=1 / 24)
    assert await town.says(opened) == ["done"]
    assert (await latest(town)).result == {"touched": len(there)}
    during = {"type": "fault.opened", "fault": "during", "symptom": "no_line", "customer": there[1]}
    await town.says({**during, "line": fixed[there[1]]})
    assert {row.fault_id for row in await town.all(OutageFault)} == {"before", "during"}
    assert await heard(there[-1])
    assert (await heard(mobile_only), await heard(elsewhere)) == (False, False)
    town.later(hours=2)
    ends = (town.clock.now() + timedelta(hours=1)).isoformat()
    assert await town.says({**opened, "expected_end": ends}) == ["done"]  # the network gives it an end
    town.later(hours=1)
    await town.says({"type": "outage.restored", "outage": "o1"})
    assert not await heard(there[-1])
    asked = await town.contacts()
    assert sorted(row.customer_id for row in asked) == there
    assert {row.fields["fault_id"] for row in asked} == {"before", "during", ""}


async def test_a_province_keeps_its_name_whatever_is_said_of_its_outage_later(town: Network) -> None:
    opened = {"type": "outage.opened", "outage": "o1", "cause": "power"}

    async def area() -> str:
        (outage,) = await town.all(Outage)
        return str(outage.area)

    await town.says({**opened, "area": "roma"})
    ends = (town.clock.now() + timedelta(hours=1)).isoformat()
    for again in ({"area": "ROMA"}, {}, {"area": "Testaccio", "customers": [id_of(ANNA)]}):
        assert await town.says({**opened, **again, "expected_end": ends}) == ["done"]
        assert await area() == "Roma"


async def test_the_words_for_an_area_stay_until_there_are_others(town: Network) -> None:
    opened = {"type": "outage.opened", "outage": "o1", "cause": "power", "customers": [id_of(ANNA)]}
    said = []
    for words in ({"area": "Testaccio"}, {}, {"area": "Testaccio e Ostiense"}):
        assert await town.says({**opened, **words}) == ["done"]
        said += [str(each.area) for each in await town.all(Outage)]
    assert said == ["Testaccio", "Testaccio", "Testaccio e Ostiense"]


async def test_a_province_is_one_in_whichever_letters_its_addresses_write_it(town: Network) -> None:
    fixed = {row.customer_id for row in await town.all(Line) if row.service != "mobile"}
    there = sorted(row.id for row in await town.all(Customer) if row.region == "Roma" and row.id in fixed)
    async with town.db.write() as session:
        (await session.get_one(Customer, there[0])).region = "ROMA"
    for number, area in enumerate(("Roma", "ROMA", "roma")):
        opened = {"type": "outage.opened", "outage": f"o{number}", "cause": "power", "area": area}
        assert await town.says(opened) == ["done"]
        assert (await latest(town)).result == {"touched": len(there)}
    assert [row.area for row in await town.all(Outage)] == ["Roma", "ROMA", "Roma"]


async def test_an_area_that_names_nobody_is_refused_with_the_provinces_there_are(town: Network) -> None:
    opened = {"type": "outage.opened", "outage": "o1", "cause": "power"}
    assert await town.says({**opened, "area": "Rome"}) == ["refused"]
    assert "no customer lives in a province 'Rome'; did you mean 'Roma'?; there are" in await town.why()
    assert await town.says(opened) == ["refused"]
    assert "it touches nobody: name its area, or lines or customers" in await town.why()
    assert await town.all(Outage) == []
    known = {**opened, "customers": [id_of(ANNA)]}
    assert await town.says({**known, "area": "Testaccio"}) == ["done"]  # beside names it is words
    assert await town.says({**opened, "area": "Testaccio e Ostiense"}) == ["done"]  # new words for it
    assert (await latest(town)).result == {"touched": 1}


async def test_what_an_outage_names_that_nobody_knows_is_told_with_the_event(town: Network) -> None:
    opened = {"type": "outage.opened", "outage": "o1", "cause": "power"}
    lines = [(await town.lines(id_of(ANNA)))[0], *(f"x{number:02}" for number in range(30))]
    assert await town.says({**opened, "lines": lines, "customers": ["nobody"]}) == ["done"]
    assert (await latest(town)).result == {
        "touched": 1,
        "unknown": {"count": 31, "lines": lines[1:21], "customers": ["nobody"]},
    }


async def latest(town: Network) -> BusinessEvent:
    found: BusinessEvent = max(await town.all(BusinessEvent), key=lambda row: row.seq)
    return found
