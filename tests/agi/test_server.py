"""Hostile and broken peers hurt nobody but themselves."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from structlog.testing import capture_logs

from agi import Limits, Refusal, Server, Session
from tests.agi.peer import HOST, SECRET, Peer, heading, serving
from values import BadInputError, HangupError
from values.testing import FixedClock

pytestmark = pytest.mark.unit


async def ask(session: Session) -> None:
    await session.get_variable("note")


async def works(server: Server) -> None:
    """Another call goes through from beginning to end."""
    async with Peer(server) as peer:
        await peer.send(heading())
        await peer.hears("GET VARIABLE note", "200 result=1 (x)")
        assert await peer.closed()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  (counters have no events)
            await asyncio.sleep(0.001)


async def test_a_call_is_served_and_counted() -> None:
    async with serving(ask) as server:
        await works(server)
        await until(lambda: server.counters.now == 0)
        assert server.counters.total == 1
        assert not server.counters.refused
        assert server.sessions == []


async def test_a_wrong_secret_is_closed_counted_and_not_logged() -> None:
    async with serving(ask) as server:
        with capture_logs() as logs:
            for secret in ("guess-number-1", "", SECRET[:-1], SECRET + "x", "però"):
                async with Peer(server) as peer:
                    await peer.send(heading(secret=secret))
                    assert await peer.closed()
        assert server.counters.refused == {Refusal.SECRET: 5}
        assert server.counters.total == 0
        assert "guess" not in str(logs)
        assert SECRET not in str(logs)
        await works(server)


async def test_the_session_does_not_show_the_secret() -> None:
    seen: list[str] = []

    async def look(session: Session) -> None:
        seen.append(f"{session.env} {session.route} {session.query} {vars(session)}")

    async with serving(look) as server, Peer(server) as peer:
        await peer.send(heading(route="rejoin?step=menu&x=%20y"))
        assert await peer.closed()
    assert SECRET not in seen[0]
    assert "rejoin {'step': 'menu', 'x': ' y'}" in seen[0]


HOSTILE: dict[str, tuple[bytes, Refusal]] = {
    "a megabyte in one line": (b"agi_x: " + b"x" * 1_000_000, Refusal.HEADER_SIZE),
    "a megabyte in lines": (b"agi_x: 1234567890\n" * 60_000, Refusal.HEADER_SIZE),
    "many lines": (b"agi_x: 1\n" * 101, Refusal.HEADER_LINES),
    "another protocol": (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", Refusal.GARBAGE),
    "noise": (bytes(range(128, 256)) + b"\n\n", Refusal.GARBAGE),
    "nothing but an end": (b"\n", Refusal.SECRET),
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_is_refused(what: str) -> None:
    data, why = HOSTILE[what]
    async with serving(ask) as server, Peer(server) as good:
        await good.send(heading())
        async with Peer(server) as peer:
            await peer.send(data)
            assert await peer.closed()
        assert server.counters.refused == {why: 1}
        await good.hears("GET VARIABLE note", "200 result=0")
        assert await good.closed()


async def test_a_slow_heading_is_given_up() -> None:
    async with serving(ask, limits=Limits(header_seconds=0.05)) as server, Peer(server) as peer:
        await peer.send(b"agi_network: yes\n")
        assert await peer.closed()
        assert server.counters.refused == {Refusal.HEADER_TIMEOUT: 1}
        await works(server)


async def test_a_heading_may_come_byte_by_byte() -> None:
    async with serving(ask) as server, Peer(server) as peer:
        for byte in heading():
            await peer.send(bytes((byte,)))
            await asyncio.sleep(0)
        await peer.hears("GET VARIABLE note", "200 result=1 (x)")
        assert await peer.closed()


async def test_peers_that_connect_and_leave() -> None:
    async with serving(ask) as server:
        for _ in range(50):
            async with Peer(server) as peer:
                peer.leave()
        await until(lambda: server.counters.refused[Refusal.CLOSED_EARLY] == 50)
        await works(server)


async def test_invalid_utf8_is_taken_as_it_can_be() -> None:
    names: list[str] = []

    async def look(session: Session) -> None:
        names.append(session.env["agi_calleridname"])

    async with serving(look) as server, Peer(server) as peer:
        await peer.send(heading(agi_calleridname="Zoë").replace("ë".encode(), b"\xeb"))
        assert await peer.closed()
    assert names == ["Zo\ufffd"]


async def test_withheld_numbers_are_empty() -> None:
    seen: list[tuple[str, str]] = []

    async def look(session: Session) -> None:
        seen.append((session.caller_id, session.dialled))

    async with serving(look) as server, Peer(server) as peer:
        await peer.send(heading(agi_callerid="unknown", agi_dnid="unknown", agi_extension="s"))
        assert await peer.closed()
    assert seen == [("", "s")]


async def test_past_the_limit_calls_are_let_go_at_once() -> None:
    async with serving(ask, limits=Limits(sessions=1)) as server, Peer(server) as first:
        await first.send(heading())
        await first.hears("GET VARIABLE note")
        async with Peer(server) as second:
            assert await second.closed()
        assert server.counters.refused == {Refusal.FULL: 1}
        await first.send(b"200 result=0\n")
        assert await first.closed()
        await until(lambda: not server.sessions)
        await works(server)


async def test_a_session_past_its_time_is_let_go() -> None:
    async with serving(ask, limits=Limits(session_seconds=0.05)) as server, Peer(server) as peer:
        await peer.send(heading())
        await peer.hears("GET VARIABLE note")
        assert await peer.closed()
        assert server.counters.expired == 1


async def test_a_handler_that_fails_is_counted_and_its_call_let_go() -> None:
    async def fail(session: Session) -> None:
        raise ZeroDivisionError

    async with serving(fail) as server:
        with capture_logs() as logs:
            async with Peer(server) as peer:
                await peer.send(heading())
                assert await peer.closed()
        assert server.counters.failed == 1
        assert logs[0]["event"] == "agi.session_failed"
        assert logs[0]["call"] == "node1-1790000000.1"


GARBLED: dict[str, bytes] = {
    "no answer at all": b"hello there\n",
    "two answers": b"200 result=0\n200 result=0\n",
    "an answer without an end": b"200 result=" + b"x" * 70_000,
    "usage without an end": b"520-Usage:\n" + b"x" * 100 + b"\n" + b"more\n" * 20_000,
    "noise": bytes(range(128, 256)) + b"\n",
}


@pytest.mark.parametrize("what", GARBLED)
async def test_a_peer_that_loses_the_thread_is_a_hang_up(what: str) -> None:
    ends: list[str] = []

    async def twice(session: Session) -> None:
        try:
            await ask(session)
            if not ends:
                await session.gone()
                await ask(session)
        except HangupError:
            ends.append("hangup")

    async with serving(twice) as server, Peer(server) as peer:
        await peer.send(heading())
        await peer.hears("GET VARIABLE note")
        await peer.send(GARBLED[what])
        assert await peer.closed()
        await until(lambda: ends == ["hangup"])
        assert server.counters.garbled == 1
        await works(server)


async def test_stopping_lets_sessions_finish() -> None:
    async with serving(ask) as server, Peer(server) as peer:
        await peer.send(heading())
        await peer.hears("GET VARIABLE note")
        stopping = asyncio.create_task(server.stop(drain_seconds=5))
        await asyncio.sleep(0)
        await peer.send(b"200 result=1 (done)\n")
        await stopping
        assert await peer.closed()
        assert server.counters.now == 0


async def test_stopping_cancels_those_who_stay() -> None:
    ends: list[str] = []

    async def stay(session: Session) -> None:
        try:
            await ask(session)
        except asyncio.CancelledError:
            ends.append("cancelled")
            raise

    async with serving(stay) as server, Peer(server) as peer, Peer(server) as silent:
        await peer.send(heading())
        await peer.hears("GET VARIABLE note")
        await silent.send(b"agi_network: yes\n")
        await server.stop(drain_seconds=0.01)
        assert await peer.closed()
        assert await silent.closed()
    assert ends == ["cancelled"]
    assert server.counters.now == 0


async def test_round_trips_are_told_for_instant_commands_only() -> None:
    told: list[str] = []

    async def scene(session: Session) -> None:
        await session.answer()
        await session.set_variable("a", "b")
        await session.get_variable("a")
        await session.execute("Wait", "1")

    async with (
        serving(scene, observer=lambda verb, _: told.append(verb)) as server,
        Peer(server) as peer,
    ):
        await peer.send(heading())
        for command in ("ANSWER", "SET VARIABLE a b", "GET VARIABLE a", "EXEC Wait 1"):
            await peer.hears(command, "200 result=0")
        assert await peer.closed()
    assert told == ["SET VARIABLE", "GET VARIABLE"]


@pytest.mark.parametrize("secret", ["", "short", "with/slash/in/it", "with space", "così-segreto"])
def test_a_secret_must_fit_into_an_address(secret: str) -> None:
    async def nobody(session: Session) -> None: ...

    handler: Callable[[Session], Awaitable[None]] = nobody
    with pytest.raises(BadInputError, match="secret"):
        Server(HOST, 0, secret, handler, clock=FixedClock())
