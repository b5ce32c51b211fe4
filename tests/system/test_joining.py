"""A campaign with an agent on a whole telco: a talk that is kept, nobody free, a core that dies meanwhile."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from calls.models import Recording
from dialer import CampaignPlan, Gate, Mode, NewContact, Purpose, enqueue, load_profiles, set_up
from dialer.models import Attempt, AttemptState, DoNotCall
from tests.rig import Loopback
from tests.sip import Behaviour, Call, Login, SipPhone, tone
from tests.system.telco import Telco, running_telco
from values import PhoneNumber, SystemClock, new_id

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(300)]

AGENT, CUSTOMER = 1004, 1500
CAMPAIGN = "spring"


@pytest.fixture(scope="module")
def telco(loopback: Loopback) -> Iterator[Telco]:
    with running_telco(loopback) as running:
        yield running


@pytest.fixture
async def anna(telco: Telco) -> AsyncIterator[SipPhone]:
    """An agent at her telephone, signed in and ready."""
    done = await telco.run("agents", "phones")
    (secret,) = [line for line in done.stdout.splitlines() if '"password"' in line][:1]
    login = Login("agent01", secret.partition(": ")[2].strip(' ",'))
    async with SipPhone(telco.loopback.city, login=login) as phone:
        phone.on_call = whistles(AGENT)
        assert await phone.register(f"sip:{telco.loopback.node}:5060") == 200
        assert (await telco.run("agents", "add", "anna", "--phone", "agent01")).returncode == 0
        await telco.tell("anna", "sign-in")
        await is_now(telco, "ready")
        yield phone
        await telco.tell("anna", "sign-out")


def whistles(hertz: float) -> Behaviour:
    """Answers and whistles until the end."""

    async def behave(call: Call) -> None:
        await call.answer()
        while True:
            await call.say(tone(hertz, 0.5))

    return behave


async def is_now(telco: Telco, state: str) -> None:
    async def so() -> bool:
        listed = await asyncio.to_thread(telco.api, "agents")
        return [each["state"] for each in listed["agents"]] == [state]

    await telco.until(so, within=30, what=f"Anna's being {state}")


async def call(telco: Telco, number: str) -> None:
    """Have the campaign call somebody."""
    plan = CampaignPlan(
        name=CAMPAIGN, flow="care.service_0611", purpose=Purpose.MARKETING, profile="none",
        caller_id="+390650000611", mode=Mode.PROGRESSIVE, record=True, wrap_seconds=1.0,
    )  # fmt: skip
    who = NewContact(
        campaign=CAMPAIGN,
        event_id=new_id("e"),
        customer_id="",
        number=PhoneNumber(number),
        fields={"language": "it"},
    )
    async with telco.db() as db, db.write() as session:
        await set_up(session, Gate(load_profiles(), country="IT"), plan)
        await enqueue(session, [who], SystemClock().now())


async def attempt(telco: Telco, number: str, within: float = 30.0) -> Attempt:
    """The attempt of a number, once it is over."""
    found: list[Attempt] = []

    async def over() -> bool:
        async with telco.db() as db, db.read() as session:
            query = select(Attempt).where(Attempt.number == number, Attempt.state == AttemptState.DONE)
            found[:] = await session.scalars(query)
        return bool(found)

    await telco.until(over, within=within, what=f"the end of the attempt of {number}")
    return found[0]


async def test_customer_and_agent_talk_and_it_is_kept(
    telco: Telco, carrier: SipPhone, anna: SipPhone
) -> None:
    number = "+393290000101"
    carrier.on_call = whistles(CUSTOMER)
    ringing = asyncio.ensure_future(carrier.rings(within=30))
    await call(telco, number)
    customer = await ringing
    await customer.hears(AGENT, within=15)
    await anna.calls[-1].hears(CUSTOMER)
    customer.hangup()
    made = await attempt(telco, number)
    assert (made.outcome, made.agent) == ("talked", "anna")
    assert made.answered is not None
    assert made.joined is not None
    assert made.released is not None
    assert made.answered <= made.joined < made.released
    rows: list[Recording] = []

    async def kept() -> bool:
        async with telco.db() as db, db.read() as session:
            rows[:] = await session.scalars(select(Recording).where(Recording.call_id == made.id))
        return bool(rows)

    await telco.until(kept, within=40, what="the recording")
    file = Path(rows[0].path)
    assert file.name == made.recording
    assert number[1:] not in file.name
    asked = ["-v", "error", "-show_entries", "stream=codec_name,channels", "-of", "csv=p=0"]
    probed = subprocess.run(["ffprobe", *asked, file], capture_output=True, text=True, check=True)  # noqa: S603, S607, ASYNC221
    assert probed.stdout.strip() == "opus,2"


async def test_who_finds_nobody_free_can_opt_out_at_once(
    telco: Telco, carrier: SipPhone, anna: SipPhone
) -> None:
    number = "+393290000102"
    answer = asyncio.Event()

    async def later(call: Call) -> None:
        await call.ring()
        await answer.wait()
        await call.answer()

    carrier.on_call = later
    ringing = asyncio.ensure_future(carrier.rings(within=30))
    await call(telco, number)
    customer = await ringing
    await telco.tell("anna", "pause")
    await is_now(telco, "paused")
    answer.set()
    await customer.answered()
    await customer.hears(lasts=0.3)
    await customer.press("9")
    await customer.hung_up(within=20)
    made = await attempt(telco, number)
    assert (made.outcome, made.agent, made.joined) == ("abandoned", "", None)
    async with telco.db() as db, db.read() as session:
        barred = list(await session.scalars(select(DoNotCall).where(DoNotCall.number == number)))
    assert [entry.purpose.value for entry in barred] == ["marketing"]


async def test_a_talk_outlives_the_core_and_is_written_down(
    telco: Telco, carrier: SipPhone, anna: SipPhone
) -> None:
    number = "+393290000103"
    carrier.on_call = whistles(CUSTOMER)
    ringing = asyncio.ensure_future(carrier.rings(within=30))
    await call(telco, number)
    customer = await ringing
    await customer.hears(AGENT, within=15)
    before = telco.pid("core")
    telco.kill("core")
    await customer.hears(AGENT)
    await telco.back("core", before=before)
    await customer.hears(AGENT)
    await telco.ready()
    anna.calls[-1].hangup()
    await customer.hung_up(within=20)
    made = await attempt(telco, number, within=60)
    assert made.outcome == "talked"
