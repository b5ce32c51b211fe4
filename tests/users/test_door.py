"""Signing in: with the right password, the wrong one, too many wrong ones, and a one-time code."""

import asyncio

import pyotp
import pytest

from store import Database
from tests.redis_server import RedisServer
from tests.users.conftest import PASSWORD
from users import (
    CodeNeededError,
    DeedFilter,
    Door,
    LockedError,
    Session,
    SessionsAwayError,
    SignInError,
    WaitError,
    change_user,
    deeds,
    renew_recovery,
    user_named,
)
from values.testing import FixedClock

pytestmark = pytest.mark.database

HOME = "192.0.2.7"


async def enter(door: Door, name: str = "anna", password: str = PASSWORD, code: str = "") -> Session:
    _, session = await door.sign_in(name, password, code=code, address=HOME, browser="a test")
    return session


async def told(database: Database) -> list[tuple[str, str]]:
    async with database.read() as session:
        page = await deeds(session, DeedFilter())
    return [(deed.by, deed.did) for deed in page.deeds]


async def test_the_right_password_begins_a_session_and_is_written_down(
    door: Door, database: Database
) -> None:
    session = await enter(door, " Anna ")
    assert session.user == "anna"
    assert [each.key for each in await door.sessions.of("anna")] == [session.key]
    assert await told(database) == [("anna", "signed.in")]
    async with database.read() as reading:
        assert (await user_named(reading, "anna")).last_seen is not None


async def test_a_wrong_password_and_a_wrong_name_are_told_alike(door: Door, database: Database) -> None:
    for name in ("anna", "nobody", "", "\0", "../x", "a" * 500):
        with pytest.raises(SignInError, match="do not go together"):
            await enter(door, name, "wrong")
    assert await told(database) == [("anna", "sign-in.refused")]


async def test_after_five_failures_even_the_right_password_has_to_wait_and_then_opens(
    door: Door, clock: FixedClock
) -> None:
    for _ in range(5):
        with pytest.raises(SignInError):
            await enter(door, "anna", "wrong")
    with pytest.raises(WaitError) as refused:
        await enter(door)
    assert refused.value.seconds == 30
    assert (await enter(door, "ada")).user == "ada"  # nobody else waits for it
    clock.move(31)
    assert (await enter(door)).user == "anna"
    with pytest.raises(SignInError):  # it is forgotten now
        await enter(door, "anna", "wrong")


async def test_each_further_failure_doubles_the_wait(door: Door, clock: FixedClock) -> None:
    for _ in range(5):
        with pytest.raises(SignInError):
            await enter(door, "nobody-here", "wrong")
    waits = []
    for _ in range(3):
        with pytest.raises(WaitError) as refused:
            await enter(door, "nobody-here", "wrong")
        waits.append(refused.value.seconds)
        clock.move(refused.value.seconds + 1)
        with pytest.raises(SignInError):
            await enter(door, "nobody-here", "wrong")
    assert waits == [30, 60, 120]


async def test_a_rush_of_tries_is_counted_like_one_after_the_other(door: Door) -> None:
    tries = await asyncio.gather(
        *(enter(door, "anna", f"wrong {number}") for number in range(12)), return_exceptions=True
    )
    kinds = [type(each) for each in tries]
    assert kinds.count(SignInError) == 5
    assert kinds.count(WaitError) == 7


async def test_one_address_cannot_try_name_after_name(door: Door) -> None:
    for number in range(20):
        with pytest.raises(SignInError):
            await enter(door, f"name{number}", "wrong")
    with pytest.raises(WaitError):
        await enter(door)


async def test_who_is_locked_out_stays_out_until_let_in(door: Door, database: Database) -> None:
    async with database.write() as session:
        await change_user(session, "anna", locked=True)
    with pytest.raises(LockedError):
        await enter(door)
    with pytest.raises(SignInError):  # who does not know the password is not told
        await enter(door, "anna", "wrong")


async def test_a_one_time_code_is_wanted_and_counts_once(
    door: Door, database: Database, clock: FixedClock
) -> None:
    secret = pyotp.random_base32()
    async with database.write() as session:
        await change_user(session, "anna", totp=secret)
        recovery = await renew_recovery(session, await user_named(session, "anna"))
    with pytest.raises(CodeNeededError):
        await enter(door)
    code = pyotp.TOTP(secret).at(clock.now())
    assert (await enter(door, code=code)).user == "anna"
    with pytest.raises(SignInError, match="used already"):
        await enter(door, code=code)
    clock.move(30)
    assert (await enter(door, code=pyotp.TOTP(secret).at(clock.now()))).user == "anna"
    assert len(recovery) == 10
    assert (await enter(door, code=recovery[3].upper())).user == "anna"
    with pytest.raises(SignInError):
        await enter(door, code=recovery[3])


async def test_guessing_codes_leads_to_waiting_too(door: Door, database: Database) -> None:
    async with database.write() as session:
        await change_user(session, "anna", totp=pyotp.random_base32())
    for _ in range(5):
        with pytest.raises(SignInError):
            await enter(door, code="wrong")
    with pytest.raises(WaitError):
        await enter(door, code="wrong")


async def test_without_redis_nobody_signs_in_and_is_told_so(door: Door, redis_server: RedisServer) -> None:
    redis_server.stop()
    with pytest.raises(SessionsAwayError):
        await enter(door)


async def test_a_password_that_is_asked_again_counts_for_its_user_alone(
    door: Door, database: Database
) -> None:
    async with database.read() as session:
        anna, ada = await user_named(session, "anna"), await user_named(session, "ada")
    for _ in range(5):
        assert not await door.right_password(anna, "wrong")
    with pytest.raises(WaitError):
        await door.right_password(anna, PASSWORD)
    assert await door.right_password(ada, PASSWORD)
