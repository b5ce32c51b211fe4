"""A whole telco with its town: people are rung and ring, and the exact ones do what their numbers say."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from customers import FaultStatus
from customers.seed import id_of, number_of
from store import OutboxEvent
from tests.rig import Loopback
from tests.system.scenarist import a_fault
from tests.system.telco import Telco, running_telco
from tests.system.test_by_hand import FLOW, placed

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def telco(loopback: Loopback) -> Iterator[Telco]:
    settings = {"city": "on", "city_calls_a_minute": "40", "city_repair_seconds": "2"}
    with running_telco(loopback, **settings) as running:
        yield running


OUTCOMES = {
    1: {"fixed"},
    2: {"not_fixed"},
    3: {"busy"},
    4: {"no_answer"},
    5: {"silence", "hangup"},  # a machine keys nothing, and ends when its tape is full
    6: {"hangup"},
    7: {"silence"},
}


async def restored_faults(telco: Telco) -> dict[int, str]:
    """A fault for each of the exact people that was repaired without their hearing of it."""
    async with telco.db() as db, db.write() as session:
        made = {last: await a_fault(session, id_of(last), FaultStatus.RESTORED) for last in OUTCOMES}
        session.add_all(made.values())
        return {last: fault.id for last, fault in made.items()}


async def was(telco: Telco, fault: str, status: FaultStatus) -> bool:
    """Whether a fault has come to stand so."""
    told = select(OutboxEvent.id).where(
        OutboxEvent.kind == f"customers.fault_{status}", OutboxEvent.key == fault
    )
    async with telco.db() as db, db.read() as session:
        return await session.scalar(told) is not None


async def test_the_exact_people_do_what_their_numbers_say(telco: Telco) -> None:
    faults = await restored_faults(telco)

    async def ring(last: int) -> tuple[int, dict[str, Any]]:
        given = ("--with", "language=en", "--with", f"fault_id={faults[last]}", "--ring", "20")
        words = (number_of(last), "--flow", FLOW, "--wait", "--timeout", "150", *given)
        return last, (await placed(telco, *words))[1]

    told = dict(await asyncio.gather(*(ring(last) for last in OUTCOMES)))
    assert {last: one["outcome"] in OUTCOMES[last] for last, one in told.items()} == dict.fromkeys(
        OUTCOMES, True
    ), told
    assert [len(one["attempts"]) for one in told.values()] == [1] * len(OUTCOMES)
    for last, status in ((1, FaultStatus.CLOSED), (2, FaultStatus.REOPENED)):
        story = await asyncio.to_thread(telco.api, f"calls/{told[last]['attempts'][0]['id']}")
        assert [step["keys"] for step in story["trace"] if step["keys"]] == ["1", str(last)]
        # the town repairs at once what has priority, so a fault itself may have been restored again by now
        assert await was(telco, faults[last], status)


async def test_the_town_rings_0611_and_is_rung_back_about_its_faults(telco: Telco) -> None:
    async def both_ways() -> bool:
        inbound = await telco.calls(direction="inbound", state="ended", outcome="resolved")
        outbound = await telco.calls(direction="outbound", flow=FLOW, outcome="fixed")
        return bool(inbound) and bool(outbound)

    await telco.until(both_ways, within=120)
    (found, *_) = await telco.calls(direction="inbound", outcome="resolved")
    assert found["customer_id"]
    assert found["dialled"] == "0611"
