"""Two of our telephones ring each other."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.sip import (
    PCMU,
    Call,
    CallState,
    NotHeardError,
    RefusedError,
    SipPhone,
    answers,
    never,
    refuses,
    tone,
)
from tests.sip.digest import Login, answer_challenge

pytestmark = pytest.mark.unit

HOST = "127.0.30.5"


@pytest.fixture
async def anna() -> AsyncIterator[SipPhone]:
    async with SipPhone(HOST, user="anna") as phone:
        yield phone


@pytest.fixture
async def bruno() -> AsyncIterator[SipPhone]:
    async with SipPhone(HOST, user="bruno") as phone:
        yield phone


async def test_they_talk_and_the_one_who_was_called_hangs_up(anna: SipPhone, bruno: SipPhone) -> None:
    async def greet(call: Call) -> None:
        await call.answer()
        await call.say(tone(1004, 0.3))
        await call.receives("1#")
        call.hangup()

    bruno.on_call = greet
    call = await (await anna.call(bruno.contact, caller="+393290000017")).answered()
    await call.hears(1004)
    await call.press("1#")
    await call.hung_up()
    assert bruno.calls[0].digits == "1#"
    assert bruno.calls[0].caller == "+393290000017"


async def test_equal_keys_in_a_row_are_counted(anna: SipPhone, bruno: SipPhone) -> None:
    call = await (await anna.call(bruno.contact)).answered()
    await call.press("1122*0")
    await bruno.calls[0].receives("1122*0")
    call.hangup()
    await bruno.calls[0].hung_up()


async def test_busy_and_other_refusals(anna: SipPhone, bruno: SipPhone) -> None:
    for status in (486, 404, 503, 603):
        bruno.on_call = refuses(status)
        call = await anna.call(bruno.contact)
        assert await call.refused() == status
    with pytest.raises(RefusedError, match="status 603"):
        await call.answered()


async def test_ringing_in_vain(anna: SipPhone, bruno: SipPhone) -> None:
    bruno.on_call = never()
    call = await anna.call(bruno.contact)
    await call.ringing()
    with pytest.raises(NotHeardError, match="ringing, not up"):
        await call.answered(within=0.1)
    call.hangup()
    await bruno.calls[0].hung_up()
    assert bruno.calls[0].state is CallState.OVER


async def test_answered_after_a_while_and_keys_pressed_by_itself(anna: SipPhone, bruno: SipPhone) -> None:
    bruno.on_call = answers(
        after=0.1, says=tone(440, 0.2), presses="5", presses_after=0.05, hangs_up_after=0.1
    )
    call = await anna.call(bruno.contact)
    await call.ringing()
    await call.answered()
    await call.hears(440)
    await call.receives("5")
    await call.hung_up()


async def test_silence_and_sound_are_told_apart(anna: SipPhone, bruno: SipPhone) -> None:
    bruno.on_call = answers(says=tone(440, 0.3))
    call = await (await anna.call(bruno.contact)).answered()
    with pytest.raises(NotHeardError, match="a tone of 900 Hz"):
        await call.hears(900, within=0.4)
    await call.silence(0.2)
    with pytest.raises(NotHeardError):
        await call.hears(within=0.1)


async def test_different_laws_find_each_other(anna: SipPhone) -> None:
    async with SipPhone(HOST, codecs=(PCMU,)) as american:
        american.on_call = answers(says=tone(700, 0.3))
        call = await (await anna.call(american.contact)).answered()
        await call.hears(700)


async def test_many_at_once_on_one_address() -> None:
    async with SipPhone(HOST) as phone, SipPhone(HOST) as other:
        calls = [await phone.call(other.contact) for _ in range(20)]
        await asyncio.gather(*(call.answered() for call in calls))
        assert len(other.calls) == 20
    assert all(call.state is CallState.OVER for call in phone.calls)


async def test_what_goes_wrong_in_a_behaviour_is_heard_of(anna: SipPhone) -> None:
    async def confused(call: Call) -> None:
        raise ValueError("no idea")

    async def ring_somebody_confused() -> None:
        async with SipPhone(HOST) as phone:
            phone.on_call = confused
            await anna.call(phone.contact)
            await phone.rings()
            await asyncio.sleep(0)

    with pytest.raises(ValueError, match="no idea"):
        await ring_somebody_confused()


async def test_options_are_answered(anna: SipPhone, bruno: SipPhone) -> None:
    assert await anna.options(bruno.contact) == 200


def test_the_digest_of_the_standard() -> None:
    # the example of RFC 2617, section 3.5, without its quality of protection
    challenge = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    answer = answer_challenge(challenge, Login("Mufasa", "Circle Of Life"), "GET", "/dir/index.html")
    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in answer
