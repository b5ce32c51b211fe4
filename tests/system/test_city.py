"""A whole telco with its town: people are rung and ring, and the exact ones do what their numbers say."""

import asyncio
from collections.abc import Iterator

import pytest

from centralino.city import PEOPLE
from city import read_people
from customers.seed import number_of
from tests.rig import Loopback
from tests.system.telco import Telco, running_telco
from tests.system.test_by_hand import FLOW, placed

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def telco(loopback: Loopback) -> Iterator[Telco]:
    settings = {"city": "on", "city_calls_a_minute": "40", "city_repair_seconds": "2"}
    with running_telco(loopback, **settings) as running:
        yield running


OUTCOMES = {
    1: ("fixed", "not_noted"),  # the fault asked about is none of theirs
    2: ("not_fixed", "not_noted"),
    3: ("busy",),
    4: ("no_answer",),
    5: ("silence", "hangup"),  # a machine says nothing and keys nothing
    6: ("hangup",),
    7: ("silence", "hangup"),
}


async def test_the_exact_people_do_what_their_numbers_say(telco: Telco) -> None:
    people = read_people(PEOPLE)

    async def ring(last: int) -> tuple[int, str, list[str]]:
        given = ("--with", "language=en", "--with", "fault_id=none", "--ring", "20", "--timeout", "150")
        _, told = await placed(telco, number_of(last), "--flow", FLOW, "--wait", *given)
        return last, told["outcome"], [attempt["sip_cause"] for attempt in told["attempts"]]

    told = await asyncio.gather(*(ring(last) for last in OUTCOMES))
    for last, outcome, causes in told:
        assert outcome in OUTCOMES[last], (last, outcome, people.called_at(number_of(last)))
        assert len(causes) == 1
    for last in (1, 2):
        story = await telco.ended_call(number=number_of(last))
        keys = [step["keys"] for step in story["trace"] if step["keys"]]
        assert keys == ["1", str(last)]


async def test_the_town_rings_0611_and_is_rung_back_about_its_faults(telco: Telco) -> None:
    async def both_ways() -> bool:
        inbound = await telco.calls(direction="inbound", state="ended", outcome="resolved")
        outbound = await telco.calls(direction="outbound", flow=FLOW, outcome="fixed")
        return bool(inbound) and bool(outbound)

    await telco.until(both_ways, within=120)
    (found, *_) = await telco.calls(direction="inbound", outcome="resolved")
    assert found["customer_id"]
    assert found["dialled"] == "0611"
