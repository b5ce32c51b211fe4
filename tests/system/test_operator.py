"""A caller presses 0: the operator's telephone rings and they talk; without it a call-back is offered."""

from collections.abc import AsyncIterator

import pytest

from customers.seed import number_of
from ivr.speech.testing import tone_of
from tests.sip import Call, Login, SipPhone, answers, never, refuses, tone
from tests.system.hours import set_hours
from tests.system.scenarist import login
from tests.system.telco import Telco
from tests.system.test_service_0611 import MAIN

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(180)]

CALL_BACK = "Se vuole che la richiamiamo al numero da cui chiama prema 1. A un altro numero, prema 2."
CLOSED = "I nostri operatori rispondono dalle 8 alle 22, nel fine settimana dalle 9 alle 20."
CALLER_SAYS, OPERATOR_SAYS = 1100.0, 1900.0


@pytest.fixture
async def operator(telco: Telco) -> AsyncIterator[SipPhone]:
    """The operator's telephone at work, during opening hours."""
    await set_hours(telco, are_open=True)
    async with SipPhone(telco.loopback.city, login=login(telco)) as phone:
        assert await phone.register(f"sip:{telco.loopback.node}:5060") == 200
        yield phone
        await phone.register(f"sip:{telco.loopback.node}:5060", expires=0)


async def at_the_menu(telco: Telco, carrier: SipPhone, caller: str) -> Call:
    call = await (await carrier.call(telco.service, caller=caller)).answered()
    await call.hears(tone_of(MAIN))
    return call


@pytest.mark.parametrize("caller_ends", [True, False])
async def test_the_caller_and_the_operator_talk_and_either_may_end_it(
    telco: Telco, carrier: SipPhone, operator: SipPhone, caller_ends: bool
) -> None:
    caller = number_of(51 + caller_ends)
    operator.on_call = answers(after=0.5)
    call = await at_the_menu(telco, carrier, caller)
    await call.press("0")
    await telco.until(lambda: bool(operator.calls))
    talking = await operator.calls[0].answered()
    for _ in range(2):
        await talking.say(tone(OPERATOR_SAYS, 0.6), wait=False)
        await call.hears(OPERATOR_SAYS)
        await call.say(tone(CALLER_SAYS, 0.6), wait=False)
        await talking.hears(CALLER_SAYS)
    if caller_ends:
        call.hangup()
        await talking.hung_up()
    else:
        talking.hangup()
        await call.hung_up()
    story = await telco.ended_call(number=caller)
    assert [step["how"] for step in story["trace"] if step["path"] == "ring_operator"][-1:] == (
        ["hangup"] if caller_ends else ["talked"]
    )
    if not caller_ends:
        assert (story["outcome"], story["goal"]) == ("talked_to_operator", True)
    (talk,) = [part for part in story["segments"] if part["kind"] == "talk"]
    assert talk["party"] == "operator"
    assert talk["ended"] > talk["began"]
    assert not any(leg["one_way"] for leg in story["legs"])


@pytest.mark.parametrize("behaviour", [refuses(486), never()], ids=["busy", "never"])
async def test_an_operator_who_cannot_talk_means_an_offer_to_call_back(
    telco: Telco, carrier: SipPhone, operator: SipPhone, behaviour: object
) -> None:
    operator.on_call = behaviour  # type: ignore[assignment]
    call = await at_the_menu(telco, carrier, number_of(53))
    await call.press("0")
    await call.hears(tone_of(CALL_BACK), within=40)


async def test_without_the_operator_s_telephone_a_call_back_is_offered(
    telco: Telco, carrier: SipPhone
) -> None:
    await set_hours(telco, are_open=True)
    call = await at_the_menu(telco, carrier, number_of(54))
    await call.press("0")
    await call.hears(tone_of(CALL_BACK), within=20)


async def test_outside_the_hours_nobody_is_rung(telco: Telco, carrier: SipPhone, operator: SipPhone) -> None:
    await set_hours(telco, are_open=False)
    call = await at_the_menu(telco, carrier, number_of(55))
    await call.press("0")
    await call.hears(tone_of(CLOSED))
    await call.hears(tone_of(CALL_BACK))
    assert operator.calls == []


async def test_only_the_secret_lets_a_telephone_be_the_operator(telco: Telco) -> None:
    async with SipPhone(telco.loopback.city, login=Login("operator", "guessed")) as phone:
        assert await phone.register(f"sip:{telco.loopback.node}:5060") in {401, 403}
