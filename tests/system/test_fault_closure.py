"""A repaired line, a call, an answer: the whole way of a proactive call."""

import pytest
from sqlalchemy import select

from customers import Customers, FaultStatus
from customers.models import Fault
from customers.seed import number_of
from dialer.models import Attempt, Contact
from ivr.speech.testing import tone_of
from tests.sip import Call, SipPhone, refuses
from tests.system.telco import Telco
from values import SystemClock

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(240)]

FIXED = (
    "è stato riparato. Se la linea funziona prema 1. Se non funziona prema 2. "
    "Se vuole parlare con noi prema 3."
)
THANKS = "Grazie. Chiudiamo la segnalazione. Arrivederci."
SORRY = (
    "Ci dispiace. Riapriamo la segnalazione con priorità, un tecnico la contatterà. "
    "A lavoro finito la richiameremo. Arrivederci."
)
IS_IT_YOU = "Se è lei, prema 1. Altrimenti prema 2."


async def repair(telco: Telco) -> Fault:
    """An Italian speaker's open fault is repaired, as the network's own systems would tell us."""
    async with telco.db() as db, db.write() as session:
        customers = Customers(db)
        for fault in await customers.faults_with_status(session, FaultStatus.OPEN):
            card = (await customers.find_by_ids(session, [fault.customer_id]))[fault.customer_id]
            if card.language == "it" and not card.slow_speech:
                await customers.set_fault_status(
                    session, [fault.id], FaultStatus.RESTORED, at=SystemClock().now()
                )
                found = await session.get_one(Fault, fault.id)
                session.expunge(found)
                return found
    raise AssertionError("there is no open fault left to repair")


async def status_of(telco: Telco, fault_id: str) -> FaultStatus:
    async with telco.db() as db, db.read() as session:
        found = await session.scalar(select(Fault.status).where(Fault.id == fault_id))
    assert found is not None
    return found


async def talk(call: Call, answer: str, reply: str) -> None:
    await call.answer()
    await call.hears(tone_of(IS_IT_YOU), within=20)
    await call.press("1")
    await call.hears(tone_of(FIXED), within=20)
    await call.press(answer)
    await call.hears(tone_of(reply))


def number_of_customer(customer_id: str) -> str:
    return number_of(int(customer_id.removeprefix("c")))


async def rung(telco: Telco, carrier: SipPhone, number: str) -> Call:
    """The call that reached a number, also when it came before we asked."""

    def there() -> list[Call]:
        return [call for call in carrier.calls if call.incoming and call.dialled == number]

    await telco.until(there, within=90)
    return there()[0]


@pytest.mark.parametrize(
    ("key", "words", "status", "outcome"),
    [("1", THANKS, FaultStatus.CLOSED, "fixed"), ("2", SORRY, FaultStatus.REOPENED, "not_fixed")],
)
async def test_the_customers_answer_closes_or_reopens_the_fault(
    telco: Telco, carrier: SipPhone, key: str, words: str, status: FaultStatus, outcome: str
) -> None:
    async def behave(call: Call) -> None:
        await talk(call, key, words)

    carrier.on_call = behave
    fault = await repair(telco)
    call = await rung(telco, carrier, number_of_customer(fault.customer_id))
    await call.hung_up(within=60)
    story = await telco.ended_call(number=number_of_customer(fault.customer_id))
    assert (story["outcome"], story["goal"], story["direction"]) == (outcome, True, "outbound")
    assert story["call_id"] == story["attempt_id"]
    assert await status_of(telco, fault.id) is status


async def test_busy_is_tried_again_later_and_never_at_once(telco: Telco, carrier: SipPhone) -> None:
    carrier.on_call = refuses(486)
    fault = await repair(telco)
    number = number_of_customer(fault.customer_id)
    story = await telco.ended_call(number=number, within=30)
    assert (story["outcome"], story["cause"], story["sip_cause"]) == ("busy", 17, "486")

    async def planned() -> bool:
        async with telco.db() as db, db.read() as session:
            contact = await session.scalar(select(Contact).where(Contact.customer_id == fault.customer_id))
            attempts = list(await session.scalars(select(Attempt).where(Attempt.number == number)))
        assert contact is not None
        return (
            contact.state == "ready"
            and len(attempts) == 1
            and attempts[0].outcome == "busy"
            and (contact.not_before - attempts[0].committed).total_seconds() > 60
        )

    await telco.until(planned)
    assert len([call for call in carrier.calls if call.incoming]) == 1
    assert await status_of(telco, fault.id) is FaultStatus.RESTORED
