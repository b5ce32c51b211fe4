"""A missed call, rung back: the caller hears who it was, goes on with it, and is never rung again for it."""

import pytest
from sqlalchemy import select

from customers import FaultStatus
from dialer.models import Contact, ContactState
from ivr.speech.testing import tone_of
from tests.sip import SipPhone, refuses
from tests.system.telco import Telco
from tests.system.test_fault_closure import (
    FIXED,
    IS_IT_YOU,
    THANKS,
    number_of_customer,
    repair,
    status_of,
)

pytestmark = pytest.mark.asterisk

CHOICE = (
    "Per proseguire ora prema 1. Per non ricevere più chiamate di questo tipo prema 2. "
    "Per parlare con un operatore prema 0."
)


async def contact_of(telco: Telco, customer_id: str) -> Contact:
    async with telco.db() as db, db.read() as session:
        return (await session.scalars(select(Contact).where(Contact.customer_id == customer_id))).one()


async def test_who_rings_back_goes_on_where_our_call_would_have(telco: Telco, carrier: SipPhone) -> None:
    carrier.on_call = refuses(486)
    fault = await repair(telco)
    number = number_of_customer(fault.customer_id)
    await telco.ended_call(number=number, within=30)

    async def waits() -> bool:
        return (await contact_of(telco, fault.customer_id)).state is ContactState.READY

    await telco.until(waits)
    before = (await contact_of(telco, fault.customer_id)).not_before

    shown = f"sip:+390650000611@{telco.loopback.node}:5060"
    call = await (await carrier.call(shown, caller=number)).answered()
    await call.hears(tone_of(CHOICE), within=30)
    assert (await contact_of(telco, fault.customer_id)).not_before > before  # nobody rings them meanwhile
    await call.press("1")
    await call.hears(tone_of(IS_IT_YOU), within=20)
    await call.press("1")
    await call.hears(tone_of(FIXED), within=20)
    await call.press("1")
    await call.hears(tone_of(THANKS), within=20)
    await call.hung_up(within=30)

    story = await telco.ended_call(number=number, direction="inbound")
    assert (story["outcome"], story["goal"]) == ("fixed", True)
    assert [step["seq"] for step in story["trace"]] == list(range(len(story["trace"])))
    assert {step["flow"] for step in story["trace"]} == {"care.ring_back", "proactive.fault_closure"}
    assert await status_of(telco, fault.id) is FaultStatus.CLOSED

    async def settled() -> bool:
        found = await contact_of(telco, fault.customer_id)
        return (found.state, found.outcome, found.goal) == (ContactState.DONE, "fixed", True)

    await telco.until(settled)
    assert len([each for each in carrier.calls if each.incoming and each.dialled == number]) == 1


async def test_a_stranger_who_rings_a_shown_number_comes_where_all_numbers_lead(
    telco: Telco, carrier: SipPhone
) -> None:
    shown = f"sip:+390650000611@{telco.loopback.node}:5060"
    call = await (await carrier.call(shown, caller="+390299123456")).answered()
    await telco.at_step("+390299123456", "main")
    call.hangup()
    story = await telco.ended_call(number="+390299123456")
    assert story["flow"] == "care.service_0611"
