"""Monthly volumes as people see them: bars by process, reach, and what the calls are good for."""

import re

import pytest

from centralino.rooms import Rooms
from reports import Language
from tests.web.conftest import Enter
from tests.web.opinion import scene as opinions
from tests.web.opinion.test_opinion import seen
from tests.web.proactive.scene import worked
from users import Role
from values.testing import FixedClock
from web.proactive.drawing import draw

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.database
@SQLITE
async def test_a_year_of_proactive_care(rooms: Rooms, clock: FixedClock, enter: Enter) -> None:
    clock.instant = opinions.NOW
    rooms.db.clock = clock
    async with rooms.db.write() as session:
        await worked(rooms.db, session, opinions.NOW)
    susi = await enter(Role.SUPERVISOR)
    page = await seen(susi, "/proactive")
    assert re.search(r"<title>Welcome call, Mar: \d+</title>", page)
    assert "fewer calls to care" in page
    fault = page.split('<th scope="row">Repair check')[1].split("</tr>")[0]
    assert re.search(r"7\d\.\d\u00a0%", fault)  # about three of four are reached
    cells = [re.sub(r"<.*?>", "", each) for each in fault.split("<td")[1:]]
    contacts, back, over, _, reached = (int(each.partition(">")[2].replace(",", "")) for each in cells[:5])
    assert over < contacts - back  # some are still to be called, and count in no share
    assert f"{100 * reached / over:.1f}\u00a0%" in cells[5]
    assert "Nobody was called for this." in await seen(susi, "/proactive", year="2024")
    for year in ("MMXX", "020260", "1999", "2101", "0001"):
        assert (await susi.get(f"/proactive?year={year}")).status == 400
    olga = await enter(Role.OPERATIONS, name="olga", language="it")
    assert "meno chiamate al servizio" in await seen(olga, "/proactive")
    assert (await (await enter(Role.AGENT)).get("/proactive")).status == 403


@pytest.mark.unit
def test_bars_stand_on_each_other_and_say_what_they_are() -> None:
    chart = draw(("one", "two"), ("Jan", "Feb"), ((1000, 0), (3000, 500)), Language.IT)
    first, second, third = chart.bars
    assert (first.said, second.said) == ("one, Jan: 1.000", "two, Jan: 3.000")
    assert second.y + second.height == pytest.approx(first.y, abs=0.2)
    assert second.height == pytest.approx(3 * first.height, abs=0.5)
    assert third.said == "two, Feb: 500"
    assert chart.words == "Jan 4.000; Feb 500"
    assert draw(("one",), ("Jan",), ((0,),), Language.EN).empty
