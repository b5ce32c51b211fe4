"""Sessions: how long they last, how they are revoked, and what a lost Redis does to them."""

from contextlib import suppress

import pytest

from store import LiveStore
from tests.redis_server import RedisServer
from users import Sessions, SessionsAwayError
from values.testing import FixedClock

pytestmark = pytest.mark.database

MINUTE = 60.0


@pytest.fixture
def sessions(live: LiveStore, clock: FixedClock) -> Sessions:
    return Sessions(live, clock)


async def begin(sessions: Sessions, user: str = "anna") -> str:
    cookie, _ = await sessions.begin(user, address="192.0.2.7", browser="a test")
    return cookie


async def test_a_session_is_found_by_its_cookie_alone(sessions: Sessions, live: LiveStore) -> None:
    cookie = await begin(sessions)
    found = await sessions.find(cookie)
    assert found is not None
    assert (found.user, found.address) == ("anna", "192.0.2.7")
    for wrong in ("", cookie[:-1], cookie + "x", found.key, "x" * 1000, "\ud800"):
        assert await sessions.find(wrong) is None
    assert cookie not in str(await live.fields("centralino:sessions:anna"))  # Redis knows no way in


async def test_it_ends_an_hour_after_the_last_click(sessions: Sessions, clock: FixedClock) -> None:
    cookie = await begin(sessions)
    for _ in range(5):
        clock.move(50 * MINUTE)
        assert await sessions.find(cookie) is not None
    clock.move(61 * MINUTE)
    assert await sessions.find(cookie) is None


async def test_who_only_watches_is_not_at_work(sessions: Sessions, clock: FixedClock) -> None:
    cookie = await begin(sessions)
    clock.move(50 * MINUTE)
    assert await sessions.find(cookie, touch=False) is not None
    clock.move(11 * MINUTE)
    assert await sessions.find(cookie) is None


async def test_it_ends_twelve_hours_after_it_began_whatever_was_clicked(
    sessions: Sessions, clock: FixedClock
) -> None:
    cookie = await begin(sessions)
    for _ in range(23):
        clock.move(31 * MINUTE)
        assert await sessions.find(cookie) is not None
    clock.move(31 * MINUTE)
    assert await sessions.find(cookie) is None


async def test_it_is_revoked_at_once_also_from_another_process(
    sessions: Sessions, live: LiveStore, clock: FixedClock
) -> None:
    here, there, others = await begin(sessions), await begin(sessions), await begin(sessions, "ada")
    mine = await sessions.find(here)
    assert mine is not None
    elsewhere = Sessions(live, clock)
    assert await elsewhere.end_all("anna", but=mine.key) == 1
    assert await sessions.find(there) is None
    assert await sessions.find(here) is not None
    assert await elsewhere.end_all("anna") == 1
    assert await sessions.find(here) is None
    assert await sessions.find(others) is not None


async def test_a_redis_that_is_away_or_started_anew_signs_nobody_out(
    sessions: Sessions, live: LiveStore, redis_server: RedisServer, clock: FixedClock
) -> None:
    cookie, revoked = await begin(sessions), await begin(sessions)
    gone = await sessions.find(revoked)
    assert gone is not None
    await sessions.end(gone)
    redis_server.stop()
    assert await sessions.find(cookie) is not None
    await redis_server.start()
    clock.move(2)
    assert await sessions.find(cookie) is not None
    assert await Sessions(live, clock).find(cookie) is not None  # it is written down again
    assert await sessions.find(revoked) is None


async def test_whoever_signs_in_first_after_redis_was_lost_signs_nobody_else_out(
    sessions: Sessions, redis_server: RedisServer, clock: FixedClock
) -> None:
    working, revoked = await begin(sessions), await begin(sessions, "bruno")
    await sessions.end_all("bruno")
    redis_server.stop()
    await redis_server.start()
    signed_in = False
    while not signed_in:  # a busy machine takes its time to find Redis again
        clock.move(2)
        with suppress(SessionsAwayError):
            signed_in = bool(await begin(sessions, "ada"))
    assert await sessions.find(working) is not None
    assert await sessions.find(revoked) is None
