"""What a session says to Asterisk, command by command, and what it makes of the answers."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs

from agi import CommandError, RecordingError, Session
from ivr.ports import Conversation
from tests.agi.peer import Peer, heading, serving, talk
from values import ANY_KEY, BadInputError, HangupError, Keyed, KeyedEnd, Money, Sound, TransferEnd

pytestmark = pytest.mark.unit

A, B, C = (Sound("", f"/prompts/{name}") for name in "abc")
ANY = '"0123456789*#"'


def collecting(
    sounds: Sequence[Sound] = (),
    *,
    most: int = 4,
    first: float = 5.0,
    between: float = 2.0,
    end: str = "#",
    barge_in: str = ANY_KEY,
    private: bool = False,
) -> Callable[[Session], Awaitable[Keyed]]:
    return lambda session: session.collect(
        sounds,
        max_digits=most,
        first_digit=first,
        between_digits=between,
        terminator=end,
        barge_in=barge_in,
        private=private,
    )


FULL, ENDED, TIMEOUT = KeyedEnd.FULL, KeyedEnd.TERMINATOR, KeyedEnd.TIMEOUT

COLLECTIONS: list[tuple[str, Callable[[Session], Awaitable[Keyed]], list[tuple[str, str]], Keyed]] = [
    (
        "a menu is one command",
        collecting([A], most=1),
        [("GET DATA /prompts/a 5000 1", "200 result=3")],
        Keyed("3", FULL),
    ),
    (
        "no key at all",
        collecting([A], most=1),
        [("GET DATA /prompts/a 5000 1", "200 result= (timeout)")],
        Keyed("", TIMEOUT),
    ),
    (
        "two times, two commands",
        collecting([A]),
        [("GET DATA /prompts/a 5000 1", "200 result=1"), ('GET DATA "" 2000 3', "200 result=234")],
        Keyed("1234", FULL),
    ),
    (
        "one time, one command",
        collecting([A], first=2.0),
        [("GET DATA /prompts/a 2000 4", "200 result=12")],
        Keyed("12", ENDED),
    ),
    (
        "the rest does not come",
        collecting(),
        [('GET DATA "" 5000 1', "200 result=1"), ('GET DATA "" 2000 3', "200 result=2 (timeout)")],
        Keyed("12", TIMEOUT),
    ),
    (
        "several prompts",
        collecting([A, B, C], most=1),
        [
            ('EXEC Background "/prompts/a&/prompts/b,n,,agi-no-such-context"', "200 result=0"),
            ("GET DATA /prompts/c 5000 1", "200 result=9"),
        ],
        Keyed("9", FULL),
    ),
    (
        "a key in the first of several prompts",
        collecting([A, B], most=2),
        [(f"STREAM FILE /prompts/a {ANY}", "200 result=49 endpos=8"), ('GET DATA "" 2000 1', "200 result=2")],
        Keyed("12", FULL),
    ),
    (
        "a terminator in a prompt",
        collecting([A, B]),
        [(f"STREAM FILE /prompts/a {ANY}", "200 result=35 endpos=8")],
        Keyed("", ENDED),
    ),
    (
        "no barge-in",
        collecting([A, B], most=1, barge_in=""),
        [
            ('EXEC Playback "/prompts/a&/prompts/b,noanswer"', "200 result=0"),
            ('GET DATA "" 5000 1', "200 result=7"),
        ],
        Keyed("7", FULL),
    ),
    (
        "some keys barge in",
        collecting([A, B], most=1, barge_in="12"),
        [
            ('STREAM FILE /prompts/a "12"', "200 result=0 endpos=800"),
            ('STREAM FILE /prompts/b "12"', "200 result=50 endpos=8"),
        ],
        Keyed("2", FULL),
    ),
    (
        "a star ends",
        collecting(end="*", most=3),
        [('GET DATA "" 5000 1', "200 result=1"), ('GET DATA "" 2000 1', "200 result=*")],
        Keyed("1", ENDED),
    ),
    (
        "a hash that does not end is a key",
        collecting(end="", most=2),
        [('GET DATA "" 5000 1', "200 result="), ('GET DATA "" 2000 1', "200 result=")],
        Keyed("##", FULL),
    ),
    (
        "a sound that is missing",
        collecting([A], most=1),
        [
            ("GET DATA /prompts/a 5000 1", "200 result=-1"),
            ("NOOP", "200 result=0"),
            ('GET DATA "" 5000 1', "200 result=1"),
        ],
        Keyed("1", FULL),
    ),
]


@pytest.mark.parametrize(
    ("scene", "exchange", "expected"),
    [each[1:] for each in COLLECTIONS],
    ids=[each[0] for each in COLLECTIONS],
)
async def test_collecting(
    scene: Callable[[Session], Awaitable[Keyed]], exchange: list[tuple[str, str]], expected: Keyed
) -> None:
    assert await talk(scene, *exchange) == expected


async def test_private_keys_are_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with capture_logs() as logs:
        keyed = await talk(
            collecting([A, B], private=True),
            (f"STREAM FILE /prompts/a {ANY}", "200 result=-1"),
            ("NOOP", "200 result=0"),
            ("GET DATA /prompts/b 5000 1", "200 result=8"),
            ('GET DATA "" 2000 3', "200 result=642"),
        )
    assert keyed == Keyed("8642", FULL)
    written = str(logs) + caplog.text
    assert "sound_missing" in written
    assert "642" not in written


PLAYS: list[tuple[str, Sequence[Sound], str, list[tuple[str, str]], str]] = [
    ("nothing", [Sound("only words")], ANY_KEY, [], ""),
    ("one", [A], "", [('STREAM FILE /prompts/a ""', "200 result=0 endpos=80")], ""),
    (
        "many",
        [A, B, C],
        "",
        [('EXEC Playback "/prompts/a&/prompts/b&/prompts/c,noanswer"', "200 result=0")],
        "",
    ),
    ("one, stopped", [A], "5*", [('STREAM FILE /prompts/a "5*"', "200 result=42 endpos=80")], "*"),
    (
        "many, stopped",
        [A, B],
        ANY_KEY,
        [('EXEC Background "/prompts/a&/prompts/b,n,,agi-no-such-context"', "200 result=35")],
        "#",
    ),
    (
        "a space in a name",
        [Sound("", "my prompts/a")],
        "",
        [('STREAM FILE "my prompts/a" ""', "200 result=0 endpos=80")],
        "",
    ),
]


@pytest.mark.parametrize(
    ("sounds", "keys", "exchange", "expected"), [each[1:] for each in PLAYS], ids=[each[0] for each in PLAYS]
)
async def test_playing(
    sounds: Sequence[Sound], keys: str, exchange: list[tuple[str, str]], expected: str
) -> None:
    assert await talk(lambda session: session.play(sounds, keys=keys), *exchange) == expected


async def test_a_long_list_is_split_to_what_asterisk_can_read() -> None:
    sounds = [Sound("", f"/a/rather/long/path/to/a/prompt/{number:04}") for number in range(60)]
    heard: list[str] = []

    async def scene(session: Session) -> None:
        await session.play(sounds)

    async with serving(scene) as server, Peer(server) as peer:
        await peer.send(heading())
        while line := (await peer._reader.readline()).decode():
            assert len(line) < 2048
            heard += line.split('"')[1].removesuffix(",noanswer").split("&")
            await peer.send(b"200 result=0\n")
    assert heard == [sound.path for sound in sounds]


BAD: dict[str, tuple[Callable[[Session], Awaitable[object]], str]] = {
    "line break in a value": (lambda session: session.set_variable("note", "a\nHANGUP"), "note"),
    "return in a value": (lambda session: session.mark("note", "a\rb"), "note"),
    "NUL in a value": (lambda session: session.mark("note", "a\0b"), "note"),
    "a value past the end": (lambda session: session.mark("note", "x" * 3000), "2000 bytes"),
    "line break in a name": (lambda session: session.get_variable("a\nb"), "name"),
    "two words in a name": (lambda session: session.set_variable("a b", "c"), "name"),
    "a name that runs code": (lambda session: session.get_variable("SHELL(rm -rf /)"), "name"),
    "line break in a path": (lambda session: session.play([Sound("", "a\nb")]), "sound path"),
    "two paths in one": (lambda session: session.play([Sound("", "a&b")]), "sound path"),
    "keys that are none": (lambda session: session.play([A], keys="1a"), "keys"),
    "a comma in an argument": (lambda session: session.execute("Dial", "PJSIP/a,20"), "Dial argument 1"),
    "no application": (lambda session: session.execute("Dial PJSIP/a"), "app"),
    "a number as target": (lambda session: session.transfer("39@trunk", ring_seconds=5), "target"),
    "a list of channels": (lambda session: session.bridge("PJSIP/a&PJSIP/b"), "channel"),
    "no place to park": (lambda session: session.bridge("PJSIP/a-1", park="x)"), "park"),
    "a path as recording": (
        lambda session: session.record("../../etc/x", max_seconds=1, silence_seconds=1),
        "name",
    ),
    "a language with more": (lambda session: session.set_language("it)"), "language"),
    "letters as digits": (lambda session: session.say_digits("12; x"), "digits"),
    "too much to say": (lambda session: session.say_number(10**12), "number"),
}


@pytest.mark.parametrize("what", BAD)
async def test_is_refused_before_asterisk_sees_it(what: str) -> None:
    scene, named = BAD[what]
    with pytest.raises(BadInputError, match=named):
        await talk(scene)


SAID: list[tuple[Callable[[Session], Awaitable[object]], list[tuple[str, ...]], Any]] = [
    (
        lambda s: s.set_variable("a", 'x "y" \\z'),
        [('SET VARIABLE a "x \\"y\\" \\\\z"', "200 result=1")],
        None,
    ),
    (lambda s: s.set_variable("a", ""), [('SET VARIABLE a ""', "200 result=1")], None),
    (
        lambda s: s.get_variable("a"),
        [("GET VARIABLE a", "200 result=1 (one (two) three)")],
        "one (two) three",
    ),
    (lambda s: s.get_variable("a"), [("GET VARIABLE a", "200 result=0")], ""),
    (lambda s: s.set_language("ru"), [("SET VARIABLE CHANNEL(language) ru", "200 result=1")], None),
    (lambda s: s.execute("NoOp"), [("EXEC NoOp", "200 result=0")], "0"),
    (lambda s: s.execute("Nix", "a", "b c"), [('EXEC Nix "a,b c"', "200 result=-2")], "-2"),
    (lambda s: s.say_number(-5), [('SAY NUMBER -5 ""', "200 result=0")], ""),
    (lambda s: s.say_digits("12*", keys="9"), [('SAY DIGITS 12* "9"', "200 result=57")], "9"),
    (
        lambda s: s.say_money(Money(7250), unit="euro", cents="cents"),
        [
            ('SAY NUMBER 72 ""', "200 result=0"),
            ('STREAM FILE euro ""', "200 result=0 endpos=1"),
            ('SAY NUMBER 50 ""', "200 result=0"),
            ('STREAM FILE cents ""', "200 result=0 endpos=1"),
        ],
        "",
    ),
    (
        lambda s: s.transfer("operator", ring_seconds=20),
        [
            ('EXEC Dial "PJSIP/operator,20,gb(leg^s^1)"', "200 result=0"),
            ("GET VARIABLE DIALSTATUS", "200 result=1 (BUSY)"),
        ],
        TransferEnd.BUSY,
    ),
    (
        lambda s: s.bridge("PJSIP/agent-0000002a"),
        [
            ('EXEC Bridge "PJSIP/agent-0000002a,F(agent-park^s^park)"', "200 result=0"),
            ("GET VARIABLE BRIDGERESULT", "200 result=1 (SUCCESS)"),
        ],
        True,
    ),
    (
        lambda s: s.bridge("PJSIP/agent-0000002a"),
        [
            ('EXEC Bridge "PJSIP/agent-0000002a,F(agent-park^s^park)"', "200 result=0"),
            ("GET VARIABLE BRIDGERESULT", "200 result=1 (NONEXISTENT)"),
        ],
        False,
    ),
    (  # it is just leaving another bridge
        lambda s: s.bridge("PJSIP/agent-0000002a"),
        [
            ('EXEC Bridge "PJSIP/agent-0000002a,F(agent-park^s^park)"', "200 result=0"),
            ("GET VARIABLE BRIDGERESULT", "200 result=1 (FAILURE)"),
            ('EXEC Bridge "PJSIP/agent-0000002a,F(agent-park^s^park)"', "200 result=0"),
            ("GET VARIABLE BRIDGERESULT", "200 result=1 (FAILURE)"),
            ('EXEC Bridge "PJSIP/agent-0000002a,F(agent-park^s^park)"', "200 result=0"),
            ("GET VARIABLE BRIDGERESULT", "200 result=1 (SUCCESS)"),
        ],
        True,
    ),
    (lambda s: s.execute("NoOp"), [("EXEC NoOp", "100 result=0 Trying...", "200 result=0")], "0"),
]


@pytest.mark.parametrize(("scene", "exchange", "expected"), SAID)
async def test_said_and_understood(
    scene: Callable[[Session], Awaitable[object]], exchange: list[tuple[str, ...]], expected: object
) -> None:
    assert await talk(scene, *exchange) == expected


GONE: dict[str, tuple[str, ...]] = {
    "before the answer": ("HANGUP", "200 result=-1"),
    "instead of the answer": ("HANGUP",),
    "a dead channel": ("511 Command Not Permitted on a dead channel or intercept routine",),
    "after the answer": ("200 result=-1", "HANGUP"),
}


@pytest.mark.parametrize("how", GONE)
async def test_the_caller_is_gone(how: str) -> None:
    async def scene(session: Session) -> None:
        try:
            await session.play([A])
        finally:
            assert session.over
            with pytest.raises(HangupError):
                await session.get_variable("a")
            await session.hangup()

    script = [('STREAM FILE /prompts/a ""', *GONE[how])]
    with pytest.raises(HangupError):
        await talk(scene, *script)


async def test_the_connection_breaks_in_the_middle_of_a_command() -> None:
    ends: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def scene(session: Session) -> None:
        try:
            await session.collect([A], max_digits=1, first_digit=5, between_digits=5)
        except HangupError:
            ends.set_result("hangup")

    async with serving(scene) as server, Peer(server) as peer:
        await peer.send(heading())
        await peer.hears("GET DATA /prompts/a 5000 1")
        peer.leave()
        assert await asyncio.wait_for(ends, 5) == "hangup"


async def test_gone_tells_of_the_hang_up_while_nothing_is_asked() -> None:
    async def scene(session: Session) -> bool:
        await session.answer()
        await session.gone()
        return session.over

    assert await talk(scene, ("ANSWER", "200 result=0", "HANGUP"))


async def test_refused_commands_say_which_but_not_with_what() -> None:
    for answers, code in (
        (("510 Invalid or unknown command",), 510),
        (
            ("520-Invalid command syntax.  Proper usage follows:", "Usage: SET", "520 End of proper usage."),
            520,
        ),
    ):
        with pytest.raises(CommandError) as refused:
            await talk(
                lambda session: session.set_variable("pin", "4711"), ("SET VARIABLE pin 4711", *answers)
            )
        assert refused.value.code == code
        assert "SET VARIABLE" in str(refused.value)
        assert "4711" not in str(refused.value)


async def test_flows_can_talk_through_it() -> None:
    async def scene(session: Session) -> str:
        line: Conversation = session  # mypy proves the rest
        return await line.play([A])

    assert await talk(scene, ('STREAM FILE /prompts/a ""', "200 result=0 endpos=1")) == ""


async def test_answering_twice_is_one_command() -> None:
    async def scene(session: Session) -> None:
        await session.answer()
        await session.answer()

    await talk(scene, ("ANSWER", "200 result=0"))


async def test_commands_of_two_tasks_go_one_at_a_time() -> None:
    async def scene(session: Session) -> list[str]:
        return list(await asyncio.gather(session.get_variable("a"), session.get_variable("b")))

    assert await talk(
        scene,
        ("GET VARIABLE a", "200 result=1 (1)"),
        ("GET VARIABLE b", "200 result=1 (2)"),
    ) == ["1", "2"]


async def test_a_command_given_up_is_waited_for() -> None:
    given_up = asyncio.Event()

    async def scene(session: Session) -> str:
        playing = asyncio.create_task(session.play([A]))
        await given_up.wait()
        playing.cancel()
        return await session.get_variable("a")

    done: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def handler(session: Session) -> None:
        done.set_result(await scene(session))

    async with serving(handler) as server, Peer(server) as peer:
        await peer.send(heading())
        await peer.hears('STREAM FILE /prompts/a ""')
        given_up.set()
        for _ in range(20):  # turns of the loop, in which a session that does not wait would have asked
            await asyncio.sleep(0)
        await peer.send(b"200 result=0 endpos=800\n")
        await peer.hears("GET VARIABLE a", "200 result=1 (after)")
        assert await asyncio.wait_for(done, 5) == "after"


async def test_a_key_that_comes_with_the_next_command_is_kept() -> None:
    async def scene(session: Session) -> tuple[str, Keyed]:
        await session.answer()
        session.listen(before=float("inf"))
        await session.mark("note", "x")
        return await session.play([A], keys="1"), await collecting([A], most=1)(session)

    assert await talk(
        scene,
        ("ANSWER", "200 result=0"),
        ("WAIT FOR DIGIT -1",),
        ("SET VARIABLE note x", "200 result=49", "200 result=1"),
        ("GET DATA /prompts/a 5000 1", "200 result=2"),
    ) == ("1", Keyed("2", FULL))


async def test_an_idle_session_gathers_keys_pressed_ahead() -> None:
    async def scene(session: Session) -> Keyed:
        await session.answer()
        session.listen(before=float("inf"))
        while session._line.ahead != "12":  # noqa: ASYNC110  (no event tells of it)
            await asyncio.sleep(0.001)
        return await collecting([A], most=3)(session)

    assert await talk(
        scene,
        ("ANSWER", "200 result=0"),
        ("WAIT FOR DIGIT -1", "200 result=49"),
        ("WAIT FOR DIGIT -1", "200 result=50"),
        ("WAIT FOR DIGIT -1",),
        ("NOOP", "200 result=1", "200 result=0"),
        ('GET DATA "" 2000 1', "200 result=3"),
    ) == Keyed("123", FULL)


async def test_gathering_goes_on_after_a_command_that_wants_no_keys() -> None:
    async def scene(session: Session) -> str:
        await session.answer()
        session.listen(before=float("inf"))
        await session.mark("note", "x")
        while not session._line.ahead:  # noqa: ASYNC110  (no event tells of it)
            await asyncio.sleep(0.001)
        await session.flush()
        return await session.play([A], keys="5")

    assert (
        await talk(
            scene,
            ("ANSWER", "200 result=0"),
            ("WAIT FOR DIGIT -1",),
            ("SET VARIABLE note x", "200 result=1", "200 result=1"),
            ("WAIT FOR DIGIT -1", "200 result=53"),
            ("WAIT FOR DIGIT -1",),
            ("NOOP", "200 result=1", "200 result=0"),
            ('STREAM FILE /prompts/a "5"', "200 result=0 endpos=80"),
        )
        == ""
    )


async def test_recording_tells_what_was_made() -> None:
    async def scene(session: Session) -> tuple[str, float, str]:
        made = await session.record("r1", max_seconds=10, silence_seconds=2.5)
        return made.path.name, made.seconds, made.key

    async def handler(session: Session) -> None:
        done.set_result(await scene(session))

    done: asyncio.Future[tuple[str, float, str]] = asyncio.get_running_loop().create_future()
    async with serving(handler) as server, Peer(server) as peer:
        await peer.send(heading())
        line = (await peer._reader.readline()).decode()
        assert line.endswith(f"/r1 wav {ANY} 10000 0 BEEP s=3\n")
        await peer.send(b"200 result=35 (dtmf) endpos=12000\n")
        assert await asyncio.wait_for(done, 5) == ("r1.wav", 1.5, "#")


async def test_a_recording_that_failed() -> None:
    async def handler(session: Session) -> None:
        with pytest.raises(RecordingError, match="writefile"):
            await session.record("r1", max_seconds=10, silence_seconds=0, beep=False, stop_keys="")
        done.set_result(None)

    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    async with serving(handler) as server, Peer(server) as peer:
        await peer.send(heading())
        await peer._reader.readline()
        await peer.send(b"200 result=-1 (writefile)\n")
        await peer.hears("NOOP", "200 result=0")
        await asyncio.wait_for(done, 5)


async def test_a_recording_cut_short_by_the_hang_up_is_kept() -> None:
    async def handler(session: Session) -> None:
        with pytest.raises(HangupError):
            await session.record("r1", max_seconds=10, silence_seconds=0)
        done.set_result([(made.path.name, made.seconds) for made in session.recordings])

    done: asyncio.Future[list[tuple[str, float]]] = asyncio.get_running_loop().create_future()
    async with serving(handler) as server, Peer(server) as peer:
        await peer.send(heading())
        await peer._reader.readline()
        await peer.send(b"200 result=-1 (hangup) endpos=20000\n")
        assert await asyncio.wait_for(done, 5) == [("r1.wav", 2.5)]
