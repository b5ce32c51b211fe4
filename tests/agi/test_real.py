"""A SIP phone rings a real Asterisk, which hands the call to our server."""

import asyncio
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agi import RecordingError, Session
from centralino.accounts import service_account
from tests.agi.stage import HIGH, LOW, MIDDLE, Stage, until
from tests.rig import Loopback, NodeRig
from tests.sip import Call, Login, SipPhone, answers, never, refuses, tone
from values import ANY_KEY, BadInputError, HangupError, Keyed, KeyedEnd, Money, Recorded, Sound, TransferEnd

pytestmark = pytest.mark.asterisk

LONG = 60.0
"""Seconds nobody waits for in these tests."""


@pytest.fixture
async def stage(node: NodeRig, loopback: Loopback) -> AsyncIterator[Stage]:
    recordings = node.plan.home / "recordings"
    recordings.mkdir(exist_ok=True)
    service_account().own(recordings)
    async with Stage(node, loopback, recordings) as made:
        yield made


def collect(
    session: Session,
    *sounds: Sound,
    most: int = 4,
    first: float = LONG,
    between: float = LONG,
    end: str = "#",
    barge_in: str = ANY_KEY,
) -> Awaitable[Keyed]:
    return session.collect(
        sounds, max_digits=most, first_digit=first, between_digits=between, terminator=end, barge_in=barge_in
    )


async def test_the_call_is_told_whole(stage: Stage) -> None:
    async def scene(session: Session) -> tuple[str, ...]:
        await session.answer()
        await session.answer()
        return session.route, session.caller_id, session.dialled, session.language, str(session.env)

    call = await stage.call(scene)
    route, caller, dialled, language, env = await stage.outcome()
    assert (route, caller, dialled, language) == ("inbound", "+393290000017", "0611", "it")
    assert stage.node.plan.agi_secret not in env
    await call.hung_up()


async def test_prompts_are_heard_in_turn(stage: Stage) -> None:
    async def scene(session: Session) -> tuple[str, str]:
        await session.answer()
        one = await session.play([stage.sound(LOW)])
        return one, await session.play([stage.sound(MIDDLE), stage.sound(HIGH), stage.sound(LOW)])

    call = await stage.call(scene)
    for hertz in (LOW, MIDDLE, HIGH, LOW):
        await call.hears(hertz)
    assert await stage.outcome() == ("", "")


@pytest.mark.parametrize("count", [1, 3])
async def test_a_key_stops_the_playing(stage: Stage, count: int) -> None:
    async def scene(session: Session) -> str:
        await session.answer()
        return await session.play([stage.sound(LOW, 20.0)] * count, keys=ANY_KEY)

    call = await (await stage.call(scene)).answered()
    await call.hears(LOW)
    await call.press("*")
    assert await stage.outcome(within=15) == "*"


@pytest.mark.parametrize("count", [1, 2])
async def test_only_listed_keys_stop_it(stage: Stage, count: int) -> None:
    async def scene(session: Session) -> tuple[str, Keyed]:
        await session.answer()
        stopped = await session.play([stage.sound(LOW, 3.0)] * count, keys="12")
        return stopped, await collect(session, stage.sound(HIGH, 3.0), barge_in="34", most=2)

    call = await (await stage.call(scene)).answered()
    await call.hears(LOW)
    await call.press("92")
    await call.hears(HIGH)
    await call.press("91")
    await call.press("34")
    assert await stage.outcome() == ("2", Keyed("34", KeyedEnd.FULL))


async def test_barge_in_off_plays_to_the_end_and_drops_keys(stage: Stage) -> None:
    async def scene(session: Session) -> Keyed:
        await session.answer()
        return await collect(session, stage.sound(LOW, 0.8), stage.sound(HIGH, 0.5), barge_in="", most=2)

    call = await (await stage.call(scene)).answered()
    await call.hears(LOW)
    await call.press("77")
    await call.hears(HIGH)
    await call.silence(0.4)
    await call.press("12")
    assert await stage.outcome() == Keyed("12", KeyedEnd.FULL)


@pytest.mark.parametrize("count", [0, 1, 3])
async def test_the_first_key_of_an_answer_stops_the_question(stage: Stage, count: int) -> None:
    asked = asyncio.Event()

    async def scene(session: Session) -> Keyed:
        await session.answer()
        asked.set()  # whoever waits for it goes on when the command is sent
        return await collect(session, *[stage.sound(LOW, 20.0)] * count, between=0.5)

    call = await (await stage.call(scene)).answered()
    await asked.wait()
    if count:
        await call.hears(LOW)
    await call.press("1234")
    assert await stage.outcome(within=15) == Keyed("1234", KeyedEnd.FULL)


@pytest.mark.parametrize(
    ("first", "between", "keys", "expected"),
    [
        (LONG, 0.3, "12", Keyed("12", KeyedEnd.TIMEOUT)),
        (0.3, LONG, "", Keyed("", KeyedEnd.TIMEOUT)),
        (LONG, LONG, "12#", Keyed("12", KeyedEnd.TERMINATOR)),
        (LONG, 0.4, "12#", Keyed("12", KeyedEnd.TERMINATOR)),
        (LONG, LONG, "#", Keyed("", KeyedEnd.TERMINATOR)),
        (LONG, 0.4, "#", Keyed("", KeyedEnd.TERMINATOR)),
    ],
)
async def test_waiting_for_keys(
    stage: Stage, first: float, between: float, keys: str, expected: Keyed
) -> None:
    async def scene(session: Session) -> Keyed:
        await session.answer()
        return await collect(session, stage.sound(LOW, 0.3), first=first, between=between)

    call = await (await stage.call(scene)).answered()
    await call.hears(LOW)
    await call.silence(0.1)
    if keys:
        await call.press(keys)
    assert await stage.outcome() == expected


@pytest.mark.parametrize(
    ("end", "keys", "expected"),
    [
        ("*", "12*", Keyed("12", KeyedEnd.TERMINATOR)),
        ("*", "1#2*", Keyed("1#2", KeyedEnd.TERMINATOR)),
        ("", "1#2*", Keyed("1#2*", KeyedEnd.FULL)),
    ],
)
async def test_other_terminators(stage: Stage, end: str, keys: str, expected: Keyed) -> None:
    async def scene(session: Session) -> Keyed:
        await session.answer()
        return await collect(session, stage.sound(LOW, 3.0), end=end)

    call = await (await stage.call(scene)).answered()
    await call.hears(LOW)
    await call.press(keys)
    assert await stage.outcome() == expected


@pytest.mark.parametrize("flush", [False, True])
async def test_keys_pressed_ahead_are_kept_until_flushed(stage: Stage, *, flush: bool) -> None:
    ready = asyncio.Event()

    async def scene(session: Session) -> Keyed:
        await session.answer()
        await ready.wait()  # as while an action takes its time
        if flush:
            await session.flush()
        return await collect(session, stage.sound(LOW, 0.5), most=3, between=0.3, first=0.3)

    call = await (await stage.call(scene)).answered()
    await stage.gathers()
    await call.press("12")
    await stage.gathered("12")
    ready.set()
    if flush:
        await call.hears(LOW)
        assert await stage.outcome() == Keyed("", KeyedEnd.TIMEOUT)
    else:
        assert await stage.outcome() == Keyed("12", KeyedEnd.TIMEOUT)


async def test_commands_pass_while_keys_are_gathered(stage: Stage) -> None:
    done: asyncio.Queue[str] = asyncio.Queue()

    async def scene(session: Session) -> tuple[str, str, Keyed]:
        await session.answer()
        await stage.gathers()
        await session.set_variable("CENTRALINO_NOTE", "one")
        done.put_nowait("set")
        await stage.gathered("5")
        note = await session.get_variable("CENTRALINO_NOTE")
        done.put_nowait("got")
        await stage.gathered("56")
        return note, await session.play([stage.sound(LOW)], keys="5"), await collect(session, most=1)

    call = await (await stage.call(scene)).answered()
    for command, key in (("set", "5"), ("got", "6")):
        assert await done.get() == command
        await stage.gathers()  # again, though a command came between
        await call.press(key)
    assert await stage.outcome() == ("one", "5", Keyed("6", KeyedEnd.FULL))


async def test_a_missing_sound_stops_nothing(stage: Stage) -> None:
    nothing = Sound("nothing", "/nowhere/nothing")

    async def scene(session: Session) -> Keyed:
        await session.answer()
        await session.play([nothing])
        await session.play([nothing, stage.sound(LOW)])
        return await collect(session, nothing, most=1)

    call = await (await stage.call(scene)).answered()
    await call.hears(LOW)
    await call.silence(0.2)
    await call.press("8")
    assert await stage.outcome() == Keyed("8", KeyedEnd.FULL)


async def test_values_travel_unharmed(stage: Stage) -> None:
    hostile = ['a "quoted" \\ word', "${SHELL(id)}", "però — да", "(one) (two", "", "x,y;z&w"]

    async def scene(session: Session) -> list[str]:
        await session.answer()
        back = []
        for value in hostile:
            await session.mark("note", value)
            back.append(await session.get_variable("note"))
        for value in ("a\nHANGUP", "a\rb", "a\0b"):
            with pytest.raises(BadInputError, match="note"):
                await session.mark("note", value)
        assert await session.get_variable("never_set") == ""
        return back

    await stage.call(scene)
    assert await stage.outcome() == hostile


async def test_asterisk_speaks_for_itself(stage: Stage) -> None:
    begun: asyncio.Queue[str] = asyncio.Queue()

    async def scene(session: Session) -> list[str]:
        await session.answer()
        await session.set_language("en")
        noon = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
        stopped = [await session.say_number(3), await session.say_digits("7")]
        for key, say in (
            ("1", lambda: session.say_number(21_734, keys="1")),
            ("2", lambda: session.say_digits("1234567", keys="2")),
            ("3", lambda: session.say_money(Money(123_456), keys="3")),
            ("4", lambda: session.say_time(noon, zone="Europe/Rome", keys="4")),
            ("5", lambda: session.say_date(noon.date(), keys="5")),
        ):
            begun.put_nowait(key)
            stopped.append(await say())
        return stopped

    call = await (await stage.call(scene)).answered()
    await call.hears(lasts=0.2)
    for key in "12345":
        assert await begun.get() == key
        call.voice.ear.forget()  # what was said before it
        await call.hears(lasts=0.2)
        await call.press(key)
    assert await stage.outcome() == ["", "", *"12345"]


async def test_recording_until_a_key(stage: Stage) -> None:
    async def scene(session: Session) -> Recorded:
        await session.answer()
        return await session.record("message-1", max_seconds=20, silence_seconds=5)

    call = await (await stage.call(scene)).answered()
    await call.hears()  # the beep
    await call.silence(0.2)
    await call.say(tone(LOW, 1.0))
    await call.press("#")
    made = await stage.outcome()
    assert made.key == "#"
    assert 0.8 < made.seconds < 5
    with wave.open(str(made.path)) as file:
        assert file.getnframes() == round(made.seconds * 8000)


async def test_recording_until_silence_and_its_limit(stage: Stage) -> None:
    async def scene(session: Session) -> list[Recorded]:
        await session.answer()
        return [
            await session.record("quiet", max_seconds=LONG, silence_seconds=1, beep=False, stop_keys=""),
            await session.record("short", max_seconds=0.6, silence_seconds=0, beep=False),
        ]

    call = await (await stage.call(scene)).answered()
    await call.say(tone(LOW, 0.5))
    quiet, short = await stage.outcome()
    assert (quiet.key, short.key) == ("", "")
    assert quiet.seconds > 0.3
    assert 0.3 < short.seconds < 2


async def test_a_recording_that_cannot_be_written_is_an_error(stage: Stage, node: NodeRig) -> None:
    async def scene(session: Session) -> None:
        await session.answer()
        with pytest.raises(BadInputError, match="name"):
            await session.record("../escape", max_seconds=1, silence_seconds=0)
        Path(session._folder).rename(node.plan.home / "gone")
        try:
            with pytest.raises(RecordingError):
                await session.record("message", max_seconds=1, silence_seconds=0)
        finally:
            (node.plan.home / "gone").rename(session._folder)

    await stage.call(scene)
    await stage.outcome()


async def test_who_hangs_up_has_still_left_a_message(stage: Stage) -> None:
    kept: list[Recorded] = []

    async def scene(session: Session) -> None:
        await session.answer()
        try:
            await session.record("farewell", max_seconds=20, silence_seconds=5, beep=False)
        finally:
            kept.extend(session.recordings)

    call = await (await stage.call(scene)).answered()
    await call.say(tone(LOW, 1.0))
    call.hangup()
    with pytest.raises(HangupError):
        await stage.outcome()
    assert [made.path.name for made in kept] == ["farewell.wav"]
    assert kept[0].seconds > 0.5


Step = Callable[[Session, Stage], Awaitable[object]]
Seen = Callable[[Call, Stage, SipPhone], Awaitable[object]]


async def _heard(call: Call, _: Stage, __: SipPhone) -> None:
    await call.hears(LOW)


async def _prompt_over(call: Call, _: Stage, __: SipPhone) -> None:
    await call.hears(LOW)
    await call.silence(0.1)


async def _beep_over(call: Call, _: Stage, __: SipPhone) -> None:
    await call.hears()
    await call.silence(0.2)


async def _spoken(call: Call, _: Stage, __: SipPhone) -> None:
    await call.hears(lasts=0.2)


async def _rung(_: Call, __: Stage, operator: SipPhone) -> None:
    await until(lambda: bool(operator.calls))


async def _waits(_: Call, stage: Stage, __: SipPhone) -> None:
    await until(lambda: "!Wait!" in stage.node.cli("core show channels concise"))


async def _listens(_: Call, stage: Stage, __: SipPhone) -> None:
    await stage.gathers()


STEPS: dict[str, tuple[Step, Seen]] = {
    "play": (lambda session, stage: session.play([stage.sound(LOW, 20)]), _heard),
    "play several": (lambda session, stage: session.play([stage.sound(LOW, 20)] * 2), _heard),
    "play with keys": (
        lambda session, stage: session.play([stage.sound(LOW, 20)] * 2, keys=ANY_KEY),
        _heard,
    ),
    "collect in the prompt": (lambda session, stage: collect(session, stage.sound(LOW, 20)), _heard),
    "collect after the prompt": (
        lambda session, stage: collect(session, stage.sound(LOW, 0.3)),
        _prompt_over,
    ),
    "collect without barge-in": (
        lambda session, stage: collect(session, stage.sound(LOW, 20), barge_in=""),
        _heard,
    ),
    "collect some keys": (
        lambda session, stage: collect(session, stage.sound(LOW, 20), barge_in="1"),
        _heard,
    ),
    "record": (lambda session, _: session.record("cut", max_seconds=20, silence_seconds=0), _beep_over),
    "say": (lambda session, _: session.say_digits("1234567890" * 4), _spoken),
    "transfer": (lambda session, _: session.transfer("operator", ring_seconds=20), _rung),
    "wait": (lambda session, _: session.execute("Wait", "20"), _waits),
    "think, then speak": (lambda session, _: _think(session), _listens),
    "think, listening": (lambda session, _: session.gone(), _listens),
}
"""Each step, and by what one sees that it is under way."""


async def _think(session: Session) -> None:
    await session.gone()
    await session.get_variable("any")


@pytest.mark.parametrize("step", STEPS)
async def test_hanging_up_in_the_middle_of(stage: Stage, step: str) -> None:
    act, seen = STEPS[step]
    reached: list[str] = []

    async def scene(session: Session) -> None:
        await session.answer()
        reached.append("step")
        await act(session, stage)
        reached.append("after")
        await session.flush()

    async with SipPhone(
        stage.phone.host, login=Login("operator", stage.node.plan.operator_secret)
    ) as operator:
        operator.on_call = never()
        if step == "transfer":
            assert await operator.register(f"sip:{stage.node.plan.sip}") == 200
        call = await (await stage.call(scene)).answered()
        await until(lambda: bool(reached))
        await seen(call, stage, operator)
        call.hangup()
        with pytest.raises(HangupError):
            await stage.outcome(within=15)
        await operator.register(f"sip:{stage.node.plan.sip}", expires=0)
    assert reached == (["step", "after"] if step == "think, listening" else ["step"])
    assert stage.server.counters.failed == 0


async def test_everything_raises_after_the_hang_up(stage: Stage) -> None:
    async def scene(session: Session) -> int:
        await session.answer()
        await session.gone()
        calls: list[Callable[[], Awaitable[object]]] = [
            session.answer,
            session.flush,
            lambda: session.play([]),
            lambda: collect(session),
            lambda: session.mark("note", "x"),
            lambda: session.set_language("en"),
            lambda: session.record("late", max_seconds=1, silence_seconds=0),
            lambda: session.transfer("operator", ring_seconds=1),
            lambda: session.bridge("PJSIP/x-00000001"),
        ]
        raised = 0
        for each in calls:
            with pytest.raises(HangupError):
                await each()
            raised += 1
        await session.hangup()
        return raised

    call = await (await stage.call(scene)).answered()
    await stage.gathers()
    call.hangup()
    assert await stage.outcome() == 9


async def test_we_hang_up(stage: Stage) -> None:
    async def scene(session: Session) -> None:
        await session.answer()
        await session.hangup()
        assert session.over

    call = await (await stage.call(scene)).answered()
    await call.hung_up()
    await stage.outcome()


async def test_a_given_up_prompt_is_waited_for(stage: Stage) -> None:
    async def scene(session: Session) -> str:
        await session.answer()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await session.play([stage.sound(LOW, 1.0)])
        await session.set_variable("note", "kept")
        return await session.get_variable("note")

    await stage.call(scene)
    assert await stage.outcome() == "kept"


async def test_a_call_comes_back_to_a_restarted_server_under_its_id(stage: Stage) -> None:
    seen: list[str] = []
    up = asyncio.Event()

    async def scene(session: Session) -> str:
        seen.append(session.call_id)
        await session.answer()
        if session.route == "inbound":
            up.set()
            await session.play([stage.sound(LOW, 20)])
        return session.route

    call = await (await stage.call(scene)).answered()
    await up.wait()
    await stage.restart_server()
    assert await stage.outcome() == "rejoin"
    assert seen[0] == seen[1]
    await call.hung_up()


async def test_a_redirected_call_leaves_its_session_and_joins_under_its_id(stage: Stage) -> None:
    seen: list[tuple[str, str]] = []
    ends: asyncio.Queue[str] = asyncio.Queue()
    up: asyncio.Queue[str] = asyncio.Queue()

    async def scene(session: Session) -> None:
        seen.append((session.route, session.call_id))
        await session.answer()
        if session.route != "inbound":
            return
        up.put_nowait(session.channel)
        try:
            await session.play([stage.sound(LOW, 20)])
        except HangupError:
            ends.put_nowait("left")

    call = await (await stage.call(scene)).answered()
    await redirect(stage, await up.get(), "join")
    assert await asyncio.wait_for(ends.get(), 5) == "left"
    await call.hung_up()
    assert seen == [("inbound", seen[0][1]), ("join", seen[0][1])]


async def redirect(stage: Stage, channel: str, context: str) -> None:
    """Send a channel elsewhere, as the core does by AMI."""
    account = stage.node.plan.ami_account
    reader, writer = await asyncio.open_connection(account.at.host, account.at.port)
    actions = (
        {"Action": "Login", "Username": account.user, "Secret": account.secret},
        {"Action": "Redirect", "Channel": channel, "Context": context, "Exten": "s", "Priority": "1"},
        {"Action": "Logoff"},
    )
    for action in actions:
        text = "".join(f"{name}: {value}\r\n" for name, value in action.items())
        writer.write(text.encode() + b"\r\n")
    said = (await asyncio.wait_for(reader.read(), 5)).decode()
    assert said.count("Response: Success") == 2, said
    writer.close()


@pytest.fixture
async def operator(stage: Stage) -> AsyncIterator[SipPhone]:
    registrar = f"sip:{stage.node.plan.sip}"
    async with SipPhone(stage.phone.host, login=Login("operator", stage.node.plan.operator_secret)) as phone:
        assert await phone.register(registrar) == 200
        yield phone
        assert await phone.register(registrar, expires=0) == 200


async def test_transfer_to_the_operator_and_back(stage: Stage, operator: SipPhone) -> None:
    async def scene(session: Session) -> TransferEnd:
        await session.answer()
        end = await session.transfer("operator", ring_seconds=10)
        await session.play([stage.sound(HIGH)])
        return end

    operator.on_call = answers(says=tone(MIDDLE, 0.5), hangs_up_after=0.3)
    call = await (await stage.call(scene)).answered()
    await call.hears(MIDDLE)
    await call.hears(HIGH)
    assert await stage.outcome() is TransferEnd.TALKED


async def test_transfers_that_fail(stage: Stage, operator: SipPhone) -> None:
    async def scene(session: Session) -> list[TransferEnd]:
        await session.answer()
        ends = []
        for behaviour in (refuses(486), never(), refuses(503)):
            operator.on_call = behaviour
            ends.append(await session.transfer("operator", ring_seconds=1))
        ends.append(await session.transfer("nobody", ring_seconds=1))
        with pytest.raises(BadInputError, match="target"):
            await session.transfer("+390000@trunk", ring_seconds=1)
        return ends

    await stage.call(scene)
    assert await stage.outcome() == [
        TransferEnd.BUSY,
        TransferEnd.NO_ANSWER,
        TransferEnd.FAILED,
        TransferEnd.FAILED,
    ]


async def test_two_callers_in_turn_talk_to_one_parked_agent(stage: Stage) -> None:
    parked: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    talks: asyncio.Queue[bool] = asyncio.Queue()

    async def scene(session: Session) -> None:
        await session.answer()
        if not parked.done():
            await session.execute("Goto", "agent-park", "s", "1")
            parked.set_result(session.channel)
            return
        while "holding" not in stage.node.cli("bridge show all"):  # noqa: ASYNC110  (Asterisk sends no event here)
            await asyncio.sleep(0.05)
        talks.put_nowait(await session.bridge(await parked))

    agent = await (await stage.call(scene)).answered()
    await parked
    for _ in range(2):
        caller = await (await stage.call(scene)).answered()
        await caller.say(tone(MIDDLE, 1.0), wait=False)
        await agent.hears(MIDDLE)
        await agent.say(tone(HIGH, 0.5), wait=False)
        await caller.hears(HIGH)
        caller.hangup()
        with pytest.raises(HangupError):
            await stage.outcome()
        assert agent.state.value == "up"
    caller = await (await stage.call(scene)).answered()
    await agent.say(tone(HIGH, 0.5), wait=False)
    await caller.hears(HIGH)
    agent.hangup()
    assert await asyncio.wait_for(talks.get(), 5)
    await caller.hung_up()
    missing = stage.node.cli("core show channels concise")
    assert "agent-park" not in missing
