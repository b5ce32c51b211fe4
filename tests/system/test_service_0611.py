"""Customers ring 0611 on a whole telco, and settle what they rang for."""

import pytest
from sqlalchemy import select

from care import CallbackRequest, ContactReason
from customers.seed import code_of, number_of
from ivr.speech.testing import tone_of
from tests.sip import SipPhone
from tests.system.telco import Telco

pytestmark = pytest.mark.asterisk

MAIN = (
    "Per la bolletta prema 1. Per un guasto, 2. Per una nuova attivazione, 3. "
    "Per parlare con un operatore, 0. Per cambiare lingua, English, po-russki, prema 9."
)
STRANGER = "Buongiorno, le diamo il benvenuto in Centralino."
NUMBER = "Digiti il numero della sua linea, poi prema cancelletto."
CODE = "Digiti il codice cliente che trova in bolletta, poi prema cancelletto."
ANYTHING = "Per altre informazioni prema 1. Per terminare prema 2, o riagganci."
GOODBYE = "Grazie per aver chiamato. Arrivederci."


async def test_a_known_customer_hears_the_bill_and_says_goodbye(telco: Telco, carrier: SipPhone) -> None:
    caller = number_of(17)
    call = await (await carrier.call(telco.service, caller=caller)).answered()
    await call.hears(tone_of(MAIN))
    await call.press("1")
    await call.hears(tone_of(ANYTHING), within=20)
    await call.press("2")
    await call.hears(tone_of(GOODBYE))
    await call.hung_up()
    story = await telco.ended_call(number=caller)
    assert (story["outcome"], story["goal"], story["customer_id"]) == ("resolved", True, "c0000017")
    paths = [step["path"] for step in story["trace"] if not step["path"].startswith("outage>")]
    assert paths[:6] == ["", "greet", "hello", "outage", "main", "save_reason"]
    assert story["legs"][0]["received"] > 0
    assert not story["legs"][0]["one_way"]
    async with telco.db() as db, db.read() as session:
        found = await session.scalar(select(ContactReason).where(ContactReason.call_id == story["call_id"]))
    assert found is not None
    assert (found.reason, found.customer_id) == ("billing", "c0000017")


async def test_a_stranger_proves_who_they_are_and_the_code_is_nowhere(
    telco: Telco, carrier: SipPhone
) -> None:
    call = await (await carrier.call(telco.service, caller="+390299900011")).answered()
    await call.hears(tone_of(STRANGER))
    await call.hears(tone_of(MAIN))
    await call.press("1")
    await call.hears(tone_of(NUMBER))
    await call.press(number_of(21).removeprefix("+39") + "#")
    await call.hears(tone_of(CODE))
    await call.press(code_of(21) + "#")
    await call.hears(tone_of(ANYTHING), within=20)
    call.hangup()
    story = await telco.ended_call(number="+390299900011")
    asked = next(step for step in story["trace"] if step["path"] == "identify>ask_code")
    assert set(asked["keys"]) <= {"•"}
    everything = str(story) + telco.log("core") + telco.log("asterisk")
    everything += "".join(
        path.read_text(errors="replace") for path in (telco.home / "asterisk" / "node1" / "log").rglob("*.*")
    )
    assert code_of(21) not in everything


async def test_without_an_operator_a_call_back_is_promised(telco: Telco, carrier: SipPhone) -> None:
    caller = number_of(33)
    call = await (await carrier.call(telco.service, caller=caller)).answered()
    await call.hears(tone_of(MAIN))
    await call.press("0")
    await call.hears(
        tone_of("Se vuole che la richiamiamo al numero da cui chiama prema 1. A un altro numero, prema 2."),
        within=20,
    )
    await call.press("1")
    await call.hears(tone_of("La richiameremo al più presto. Arrivederci."))
    story = await telco.ended_call(number=caller)
    assert story["outcome"] == "call_back"
    async with telco.db() as db, db.read() as session:
        wanted = await session.get(CallbackRequest, story["call_id"])
    assert wanted is not None
    assert (wanted.number, wanted.customer_id) == (caller, "c0000033")


@pytest.mark.parametrize(
    "caller",
    [
        "+39329'%3B%20DROP%20TABLE%20calls%3B--",
        "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "anonymous",
        "0" * 60,
        "+39329%0d%0aAction%3A%20Hangup",
    ],
)
async def test_hostile_caller_ids_are_only_strangers(telco: Telco, carrier: SipPhone, caller: str) -> None:
    begun = len(await telco.calls())
    call = await (await carrier.call(telco.service, caller=caller, name='x";<sip:evil>')).answered()
    await call.hears(tone_of(STRANGER))
    call.hangup()

    async def recorded() -> bool:
        return len(await telco.calls()) > begun

    await telco.until(recorded)
    latest = (await telco.calls())[0]
    assert latest["customer_id"] is None
    assert set(latest["caller"]) <= set("+0123456789")
