"""The database goes away under a running telco: callers hear so, nothing is lost, all goes on by itself."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from customers import FaultStatus
from customers.seed import number_of
from dialer.models import Attempt
from ivr.speech.testing import tone_of
from tests.databases import PostgresServer
from tests.rig import Loopback
from tests.sip import SipPhone
from tests.system.telco import Telco, running_telco
from tests.system.test_fault_closure import (
    FIXED,
    IS_IT_YOU,
    THANKS,
    number_of_customer,
    repair,
    rung,
    status_of,
)
from tests.system.test_outages import whole_trace
from tests.system.test_service_0611 import ANYTHING, MAIN, STRANGER

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(300)]

TROUBLE = "Ci scusi, in questo momento non riesco a leggere i suoi dati."
NOT_NOTED = "Ci scusi, non riesco a registrare la risposta. La richiameremo. Arrivederci."


@pytest.fixture(scope="module")
def telco(loopback: Loopback, postgres: PostgresServer) -> Iterator[Telco]:
    asyncio.run(postgres.execute("DROP DATABASE IF EXISTS telco"))
    asyncio.run(postgres.execute("CREATE DATABASE telco"))
    with running_telco(loopback, database_url=postgres.url("telco")) as running:
        yield running


@pytest.fixture
def power(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """The database server, to be halted; at the end it runs."""
    yield postgres
    if not postgres.runs:
        postgres.launch()


async def test_while_the_database_is_away_callers_hear_so_and_afterwards_everything_is_on_record(
    telco: Telco, carrier: SipPhone, power: PostgresServer
) -> None:
    fault = await repair(telco)
    number = number_of_customer(fault.customer_id)
    asked = await rung(telco, carrier, number)
    await asked.answered(within=20)
    await asked.hears(tone_of(IS_IT_YOU), within=20)
    await asked.press("1")
    caller = await (await carrier.call(telco.service, caller=number_of(51))).answered(within=20)
    await caller.hears(tone_of(MAIN), within=20)
    await asked.hears(tone_of(FIXED), within=20)
    processes = {part: telco.pid(part) for part in ("core", "web")}

    await asyncio.to_thread(power.halt)
    await telco.missing("database")
    await caller.press("1")
    await caller.hears(tone_of(TROUBLE), within=20)
    caller.hangup()
    await asked.press("1")
    await asked.hears(tone_of(NOT_NOTED), within=20)
    await asked.hung_up(within=20)
    new = await (await carrier.call(telco.service, caller=number_of(52))).answered(within=20)
    await new.hears(tone_of(STRANGER), within=20)
    await new.hears(tone_of(MAIN), within=20)
    new.hangup()
    await telco.until(lambda: telco.logged("core", "dialer.stopped"), what="the dialler's pause")
    await telco.until(lambda: telco.logged("core", "calls.journal.database_away"), what="a line in the log")

    await asyncio.to_thread(power.launch)
    await telco.ready()
    await telco.until(lambda: telco.logged("core", "dialer.resumed"), within=30, what="the dialler's return")
    for who, outcome, last in (
        (number_of(51), "", "trouble"),
        (number_of(52), "", "main"),
        (number, "not_noted", "not_noted"),
    ):
        story = await telco.ended_call(number=who, within=30)
        assert (story["state"], story["outcome"]) == ("ended", outcome)
        assert last in [step.path for step in await whole_trace(telco, story["call_id"])]

    async def told() -> bool:
        async with telco.db() as db, db.read() as session:
            attempts = list(await session.scalars(select(Attempt).where(Attempt.number == number)))
        return [each.outcome for each in attempts] == ["not_noted"]

    await telco.until(told, within=30, what="the attempt's outcome")
    assert await status_of(telco, fault.id) is FaultStatus.RESTORED
    assert len(telco.logged("core", "calls.journal.database_away")) == 1

    known = await (await carrier.call(telco.service, caller=number_of(53))).answered(within=20)
    await known.hears(tone_of(MAIN), within=20)
    await known.press("1")
    await known.hears(tone_of(ANYTHING), within=20)
    known.hangup()
    other = await repair(telco)
    called = await rung(telco, carrier, number_of_customer(other.customer_id))
    await called.answered(within=20)
    await called.hears(tone_of(IS_IT_YOU), within=20)
    await called.press("1")
    await called.hears(tone_of(FIXED), within=20)
    await called.press("1")
    await called.hears(tone_of(THANKS), within=20)
    assert {part: telco.pid(part) for part in processes} == processes
