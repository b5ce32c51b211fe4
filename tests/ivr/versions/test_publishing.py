"""Publishing, refusing, rolling back, and what calls get of it."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import text as sql

from ivr import FlowLibrary, FlowStore, NoTrace, Runner, RunResult, RunStart, UnknownFlowError, difference
from ivr.language import FlowError, load_flow, version_of
from ivr.player import TextVoice
from ivr.testing import SampleActions, ScriptedConversation
from ivr.versions import UnknownVersionError, What
from store import Database
from values import CallId
from values.testing import EPOCH, FixedClock

pytestmark = pytest.mark.database


def text_of(words: str = "Hello.", *, run: str = "", flow: str = "room.main", key: str = "1") -> str:
    middle = f"sub: {{run: {run}, next: bye}}" if run else "sub: {say: {en: Middle.}, next: bye}"
    return f"""
flow: {flow}
title: A try
languages: [en]
start: hello
give_up: bye
steps:
  hello: {{say: {{en: "{words}"}}, next: choose}}
  choose: {{menu: {{greeting: {{en: Keys.}}, choices: {{"{key}": sub}}}}}}
  {middle}
  bye: {{end: done}}
"""


def broken_text() -> str:
    return text_of().replace("next: choose", "next: nowhere")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def flows(database: Database, clock: FixedClock) -> FlowStore:
    return FlowStore(database, clock)


@pytest.fixture
async def library(database: Database, clock: FixedClock) -> FlowLibrary:
    return FlowLibrary(database, clock)


def call(library: FlowLibrary, line: ScriptedConversation, **more: Any) -> Any:
    runner = Runner(library, SampleActions([]), TextVoice(), FixedClock())
    return runner.run(line, RunStart(CallId("c1"), "room.main"), NoTrace(), **more)


async def test_what_is_published_is_what_callers_get(flows: FlowStore, library: FlowLibrary) -> None:
    assert not await library.refresh()
    change = await flows.publish(text_of(), by="anna", note="first")
    assert change.names == ("room.main",)
    assert await library.refresh()
    line = ScriptedConversation(["1"])
    result: RunResult = await call(library, line)
    assert result.outcome == "done"
    assert result.state.frames[0].version == version_of(text_of())
    [entry] = await flows.history("room.main")
    assert (entry.by, entry.note, entry.what, entry.at) == ("anna", "first", What.PUBLISH, EPOCH)


async def test_a_flow_with_errors_is_refused_and_the_old_version_goes_on(
    flows: FlowStore, library: FlowLibrary
) -> None:
    await flows.publish(text_of(), by="anna")
    with pytest.raises(FlowError) as refusal:
        await flows.publish(broken_text(), by="anna")
    assert "room.main.yaml:8" in str(refusal.value)
    assert "nowhere" in str(refusal.value)
    await library.refresh()
    assert library.edition().flow("room.main").version == version_of(text_of())
    assert len(await flows.history("room.main")) == 1


async def test_publishing_the_same_again_changes_nothing(flows: FlowStore) -> None:
    await flows.publish(text_of(), by="anna")
    again = await flows.publish("# only a remark\n" + text_of(), by="bruno")
    assert again.names == ()
    assert len(await flows.history("room.main")) == 1


async def test_a_running_call_keeps_its_version_and_that_of_its_sub_flows(
    flows: FlowStore, library: FlowLibrary
) -> None:
    sub = text_of("Sub one.", flow="room.sub")
    await flows.publish([text_of(run="room.sub"), sub], by="anna")
    await library.refresh()

    class Publishing(ScriptedConversation):
        async def collect(self, sounds: Any, **how: Any) -> Any:
            if "Sub one." not in self.said and "Second." not in str(self.said):
                changed = [text_of("Second.", run="room.sub"), text_of("Sub two.", flow="room.sub")]
                await flows.publish(changed, by="bruno")
                await library.refresh()
            return await ScriptedConversation.collect(self, sounds, **how)

    running = Publishing(["1", "1"])
    result = await call(library, running)
    assert result.outcome == "done"
    assert running.said[:3] == ["Hello.", "Keys.", "Sub one."]
    later = ScriptedConversation(["1", "1"])
    await call(library, later)
    assert later.said[:3] == ["Second.", "Keys.", "Sub two."]


async def test_a_restarted_core_takes_a_call_up_in_its_own_edition(
    flows: FlowStore, library: FlowLibrary, database: Database, clock: FixedClock
) -> None:
    await flows.publish([text_of(run="room.sub"), text_of("Sub one.", flow="room.sub")], by="anna")
    await library.refresh()
    left: RunResult = await call(library, ScriptedConversation())
    number = left.state.edition
    await flows.publish(text_of("Sub two.", flow="room.sub"), by="bruno")
    clock.move(3600)

    restarted = FlowLibrary(database, clock)
    await restarted.refresh()
    left.state.frames[0].flow = None
    line = ScriptedConversation(["1", "1"])
    back = await call(restarted, line, state=left.state)
    assert back.outcome == "done"
    assert "Sub one." in line.said
    assert restarted.edition(number).number == number

    clock.move(2 * 24 * 3600)
    tomorrow = FlowLibrary(database, clock)
    await tomorrow.refresh()
    with pytest.raises(UnknownFlowError):
        tomorrow.edition(number).flow("room.sub")


async def test_a_sub_flow_cannot_be_changed_under_the_flows_that_run_it(flows: FlowStore) -> None:
    main = text_of(run="room.sub").replace(
        "run: room.sub,", "run: room.sub, into: {outcome: how, got: what},"
    )
    setting = text_of(flow="room.sub").replace("sub: {say: {en: Middle.}", "sub: {set: {got: 1}")
    await flows.publish([main, setting], by="anna")
    with pytest.raises(FlowError) as refusal:
        await flows.publish(text_of(flow="room.sub"), by="bruno")  # it no longer sets `got`
    assert "room.main.yaml" in str(refusal.value)


async def test_a_new_flow_and_the_one_that_runs_it_are_published_together(flows: FlowStore) -> None:
    with pytest.raises(FlowError, match=r"room\.sub"):
        await flows.publish(text_of(run="room.sub"), by="anna")
    change = await flows.publish([text_of(run="room.sub"), text_of(flow="room.sub")], by="anna")
    assert change.names == ("room.main", "room.sub")


async def test_rolling_back_and_forth(flows: FlowStore, library: FlowLibrary) -> None:
    one, two, three = (text_of(words) for words in ("One.", "Two.", "Three."))
    for text in (one, two, three):
        await flows.publish(text, by="anna")
    await flows.roll_back("room.main", by="bruno")
    await library.refresh()
    assert library.edition().flow("room.main").version == version_of(two)
    await flows.roll_back("room.main", by="bruno", to=version_of(one)[:8])
    await library.refresh()
    assert library.flow("room.main").steps["hello"].say == {"en": "One."}  # type: ignore[union-attr]
    assert [entry.what for entry in await flows.history("room.main")] == [
        What.ROLLBACK, What.ROLLBACK, What.PUBLISH, What.PUBLISH, What.PUBLISH,
    ]  # fmt: skip


async def test_there_must_be_something_to_roll_back_to(flows: FlowStore) -> None:
    with pytest.raises(UnknownVersionError, match="never published"):
        await flows.roll_back("room.main", by="anna")
    await flows.publish(text_of(), by="anna")
    with pytest.raises(UnknownVersionError, match="no earlier version"):
        await flows.roll_back("room.main", by="anna")
    with pytest.raises(UnknownVersionError):
        await flows.roll_back("room.main", by="anna", to="abcd")


async def test_rolling_back_to_what_no_longer_fits_is_refused(flows: FlowStore) -> None:
    await flows.publish([text_of(run="room.sub"), text_of(flow="room.sub")], by="anna")
    await flows.publish(text_of("Simpler."), by="anna")
    recursive = text_of(flow="room.sub", run="room.main")
    await flows.publish(recursive, by="anna")
    with pytest.raises(FlowError, match="never comes back"):
        await flows.roll_back("room.main", by="bruno")


async def test_drafts_may_be_wrong_and_go_when_they_are_published(flows: FlowStore) -> None:
    await flows.save_draft("room.main", broken_text(), by="anna")
    await flows.save_draft("room.main", text_of(), by="anna")
    assert await flows.drafts() == ["room.main"]
    await flows.publish(await flows.draft("room.main"), by="anna")
    assert await flows.drafts() == []
    with pytest.raises(UnknownVersionError):
        await flows.draft("room.main")


async def test_versions_never_change(flows: FlowStore) -> None:
    await flows.publish(text_of(), by="anna")
    text = await flows.text(version_of(text_of())[:10])
    assert version_of(text) == version_of(text_of())
    for bad in ("", "%", "ffffffffff"):
        with pytest.raises(UnknownVersionError):
            await flows.text(bad)


async def test_two_who_publish_at_once_are_both_proved(flows: FlowStore, library: FlowLibrary) -> None:
    texts = [text_of(f"Number {number}.") for number in range(5)]
    await asyncio.gather(*(flows.publish(text, by="many") for text in texts), return_exceptions=True)
    history = await flows.history("room.main")
    assert len({entry.number for entry in history}) == len(history) >= 1
    await library.refresh()
    assert library.edition().number == history[0].number


async def test_what_came_in_between_is_proved_too(
    database: Database, flows: FlowStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = text_of(flow="room.sub").replace("sub: {say: {en: Middle.}", "sub: {set: {got: 1}")
    main = text_of(run="room.sub").replace("run: room.sub,", "run: room.sub, into: {got: what},")
    await flows.publish(setting, by="anna")
    look = flows._in_force
    looks = 0

    async def look_then_lose_it() -> Any:
        nonlocal looks
        looks += 1
        found = await look()
        if looks == 1:  # somebody else is quicker: the sub-flow no longer sets `got`
            await FlowStore(database, FixedClock()).publish(text_of(flow="room.sub"), by="bruno")
        return found

    monkeypatch.setattr(flows, "_in_force", look_then_lose_it)
    with pytest.raises(FlowError, match="never sets 'got'"):
        await flows.publish(main, by="anna")
    assert looks == 2


async def test_new_flows_are_welcomed_before_calls_get_them(database: Database, flows: FlowStore) -> None:
    seen: list[tuple[str, bool]] = []

    async def welcome(arrived: Any) -> None:
        seen.extend((flow.flow, flow.flow in library.names()) for flow in arrived)
        raise OSError("no room for sounds")

    library = FlowLibrary(database, FixedClock(), welcome=welcome)
    await flows.publish(text_of(), by="anna")
    await library.refresh()
    assert seen == [("room.main", False)]
    assert library.names() == ["room.main"]


async def test_a_text_from_an_older_release_does_not_stop_the_others(
    database: Database, flows: FlowStore, library: FlowLibrary
) -> None:
    await flows.publish(text_of(), by="anna")
    await flows.publish(text_of(flow="room.old"), by="anna")
    async with database.write() as session:
        await session.execute(sql("UPDATE flow_versions SET text = 'words: of old' WHERE name = 'room.old'"))
    await library.refresh()
    assert library.names() == ["room.main"]
    await flows.publish(text_of("Newer.", flow="room.old"), by="anna")
    await library.refresh()
    assert library.names() == ["room.main", "room.old"]


async def test_the_library_stays_as_it_is_while_the_database_is_away(
    flows: FlowStore, library: FlowLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    await flows.publish(text_of(), by="anna")
    await library.refresh()
    looked = 0

    async def away() -> bool:
        nonlocal looked
        looked += 1
        if looked > 3:
            raise asyncio.CancelledError
        raise OSError("gone")

    monkeypatch.setattr(library, "refresh", away)
    with suppress(asyncio.CancelledError):
        await library.follow()
    assert looked == 4
    assert library.names() == ["room.main"]


@pytest.mark.unit
def test_what_changed_is_told_in_words() -> None:
    before = load_flow(text_of(), file="a").flow
    after = load_flow(
        text_of("Good day.", key="2").replace("title: A try", "title: Another").replace("bye", "farewell"),
        file="b",
    ).flow
    assert difference(before, before).lines() == ["no difference"]
    assert difference(before, after).lines() == [
        '  title: "A try" → Another',
        "  give_up: bye → farewell",
        "+ step farewell",
        "- step bye",
        "~ step hello",
        '    say.en: Hello. → "Good day."',
        "~ step choose",
        "    menu.choices.1: - to: sub",
        "    menu.choices.2: + to: sub",
        "~ step sub",
        "    next: bye → farewell",
    ]
