"""What an agent says of a talk decides about the contact: once, and at once when they want peace."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from dialer import AlreadyDisposedError, Purpose, dispose
from dialer.contacts import promise
from dialer.dispositions import DEFAULT, Disposition, Then, named, read_dispositions
from dialer.models import Contact, ContactState, DoNotCall, Mode
from tests.dialer.floor import Floor
from tests.dialer.world import World, number, tell
from values import BadInputError

pytestmark = pytest.mark.database

TALK = 30


async def talk_and_say(
    world: World, disposition: str, *, seconds: float = 60, number_of: int = 1, **words: Any
) -> Contact:
    """One customer is talked to for half a minute; so many seconds after the start the agent says it."""
    floor = Floor(world, talk=TALK)
    floor.sign_in(["anna"])
    plan: Mapping[str, Any] = {"mode": Mode.PROGRESSIVE, "purpose": Purpose.SURVEY} | words.pop("plan", {})
    await world.campaign(calls_per_second=50.0, **plan)
    (contact,) = await world.contacts(number(number_of))
    async with floor.loop():
        await world.clock.sleep(seconds)
        await say(world, contact, disposition, **words)
        await world.clock.sleep(120)
    return (await world.story(contact)).contact


async def say(world: World, contact: str, disposition: str, **words: Any) -> Disposition:
    (attempt, *_) = (await world.story(contact)).attempts
    async with world.db.write() as session:
        return await dispose(session, attempt.id, disposition, by="anna", at=world.clock.now(), **words)


async def forbidden(world: World) -> list[tuple[str, str]]:
    async with world.db.read() as session:
        return [(row.number, row.purpose) for row in await session.scalars(select(DoNotCall))]


@pytest.mark.parametrize("seconds", [15, 60], ids=["in the talk", "after it"])
def test_a_reached_goal_ends_the_contact(database_url: str, seconds: float) -> None:
    async def story(world: World) -> None:
        contact = await talk_and_say(world, "done", seconds=seconds, notes="wants it on Monday")
        assert (contact.state, contact.outcome, contact.goal) == (ContactState.DONE, "done", True)
        assert contact.fields["notes"] == "wants it on Monday"
        (attempt,) = (await world.story(contact.id)).attempts
        assert (attempt.disposition, attempt.outcome, attempt.goal) == ("done", "done", True)
        assert attempt.agent == "anna"
        (event,) = await world.events()
        assert (event["outcome"], event["goal"]) == ("done", True)

    tell(database_url, story)


@pytest.mark.parametrize(("own", "minutes"), [(True, 15), (False, 60)], ids=["its rule", "the house's"])
@pytest.mark.parametrize("seconds", [15, 60], ids=["in the talk", "after it"])
def test_who_was_not_there_is_tried_again_by_rule(
    database_url: str, seconds: float, minutes: float, own: bool
) -> None:
    async def story(world: World) -> None:
        contact = await talk_and_say(world, "not_there", seconds=seconds, plan=plan)
        assert (contact.state, contact.tally) == (ContactState.READY, {"not_there": 1})
        (attempt,) = (await world.story(contact.id)).attempts
        assert attempt.over is not None
        said = max(attempt.over, attempt.committed + timedelta(seconds=seconds))
        assert abs(contact.not_before - said - timedelta(minutes=minutes)) < timedelta(seconds=5)

    plan: dict[str, Any] = {"retry": {"outcomes": {"not_there": {"after": [minutes]}}}} if own else {}
    tell(database_url, story)


def test_an_opt_out_holds_at_once_also_while_they_still_talk(database_url: str) -> None:
    async def story(world: World) -> None:
        floor = Floor(world, talk=TALK)
        floor.sign_in(["anna"])
        await world.campaign(calls_per_second=50.0, mode=Mode.PROGRESSIVE, purpose=Purpose.MARKETING)
        (contact,) = await world.contacts(number(1))
        async with floor.loop():
            await world.clock.sleep(15)
            await say(world, contact, "do_not_call")
            assert await forbidden(world) == [(number(1), "marketing")]
            await world.clock.sleep(60)
        found = (await world.story(contact)).contact
        assert (found.state, found.outcome) == (ContactState.DONE, "do_not_call")

    tell(database_url, story)


def test_a_wrong_number_is_nobodys_and_the_customers_other_one_is_called(database_url: str) -> None:
    async def story(world: World) -> None:
        floor = Floor(world, talk=TALK)
        floor.sign_in(["anna"])
        await world.campaign(calls_per_second=50.0, mode=Mode.PROGRESSIVE)
        (contact,) = await world.contacts(number(1), numbers=[number(1), number(2)])
        async with floor.loop():
            await world.clock.sleep(60)
            await say(world, contact, "wrong_number")
            await world.clock.sleep(60)
        assert await forbidden(world) == [(number(1), "not_theirs")]
        assert [order.number for order in world.lines.orders] == [number(1), number(2)]

    tell(database_url, story)


def test_a_promised_call_back_is_made_at_its_time_and_by_that_agent(database_url: str) -> None:
    async def story(world: World) -> None:
        at = world.clock.now() + timedelta(hours=2)
        contact = await talk_and_say(world, "call_back", callback_at=at, agent="anna")
        assert (contact.state, contact.promised, contact.not_before) == (ContactState.READY, at, at)
        assert contact.agent == "anna"

    tell(database_url, story)


def test_a_call_back_said_again_with_another_time_is_made_at_that_one(database_url: str) -> None:
    async def story(world: World) -> None:
        ten = world.clock.now() + timedelta(hours=2)
        eleven = ten + timedelta(hours=1)
        contact = await talk_and_say(world, "call_back", callback_at=ten)
        await say(world, contact.id, "call_back", callback_at=ten)  # the same request once more
        await say(world, contact.id, "call_back", fields={"callback_at": eleven.isoformat()}, agent="anna")
        found = (await world.story(contact.id)).contact
        assert (found.promised, found.not_before, found.agent) == (eleven, eleven, "anna")
        told = [event["callback_at"] for event in await world.events("dialer.disposed")]
        assert told == [ten.isoformat(), eleven.isoformat()]
        with pytest.raises(BadInputError, match="past"):
            await say(world, contact.id, "call_back", callback_at=world.clock.now())

    tell(database_url, story)


def test_corrections_within_one_second_and_back_again_are_each_told(database_url: str) -> None:
    async def story(world: World) -> None:
        ten, eleven, noon = (world.clock.now() + timedelta(hours=hours) for hours in (2, 3, 4))
        contact = await talk_and_say(world, "call_back", callback_at=ten)
        said = [eleven, noon, eleven, noon]
        for at in said:  # no time passes between them but a blink
            await say(world, contact.id, "call_back", callback_at=at)
            await world.clock.sleep(0.01)
        told = [event["callback_at"] for event in await world.events("dialer.disposed")]
        assert told == [at.isoformat() for at in (ten, *said)]
        await say(world, contact.id, "call_back", callback_at=noon, agent="anna")
        assert len(await world.events("dialer.disposed")) == 6

    tell(database_url, story)


def test_the_same_said_again_after_its_call_back_was_made_is_kept_once(database_url: str) -> None:
    async def story(world: World) -> None:
        ten, eleven, noon = (world.clock.now() + timedelta(hours=hours) for hours in (2, 3, 4))
        contact = await talk_and_say(world, "call_back", callback_at=ten)
        await say(world, contact.id, "call_back", callback_at=eleven)
        async with world.db.write() as session:  # in the call at eleven another was promised
            await promise(session, contact.id, noon, now=world.clock.now())
        await world.clock.sleep((eleven - world.clock.now()).total_seconds() + 60)
        for at in (ten, eleven.astimezone(ZoneInfo("Europe/Rome"))):
            await say(world, contact.id, "call_back", callback_at=at)
        found = (await world.story(contact.id)).contact
        assert (found.promised, len(await world.events("dialer.disposed"))) == (noon, 2)
        with pytest.raises(BadInputError, match="past"):  # what was never said
            await say(world, contact.id, "call_back", callback_at=eleven + timedelta(seconds=1))

    tell(database_url, story)


def test_said_twice_it_is_kept_once_and_something_else_is_refused(database_url: str) -> None:
    async def story(world: World) -> None:
        contact = await talk_and_say(world, "not_interested")
        await say(world, contact.id, "not_interested")
        with pytest.raises(AlreadyDisposedError, match="'not_interested'"):
            await say(world, contact.id, "done")
        assert len(await world.events()) == 1
        (told,) = await world.events("dialer.disposed")  # for other systems
        assert (told["disposition"], told["agent"], told["goal"]) == ("not_interested", "anna", False)

    tell(database_url, story)


def test_what_is_missing_or_unknown_is_named(database_url: str) -> None:
    own = [
        {"name": "sold", "title": "Sold", "goal": True, "fields": ["order_id"]},
        {"name": "later", "title": "Later", "then": "call_back"},
    ]

    async def story(world: World) -> None:
        floor = Floor(world, talk=TALK)
        floor.sign_in(["anna"])
        await world.campaign(calls_per_second=50.0, mode=Mode.PROGRESSIVE, dispositions=own)
        (contact,) = await world.contacts(number(1))
        async with floor.loop():
            await world.clock.sleep(60)
            past = world.clock.now() - timedelta(minutes=1)
            wrong: list[tuple[str, dict[str, Any], str]] = [
                ("done", {}, "disposition: .* sold, later"),
                ("sold", {}, "order_id: "),
                ("sold", {"fields": {"order_id": ""}}, "order_id: "),
                ("later", {}, "callback_at: tell when"),
                ("later", {"callback_at": past}, "callback_at: .* past"),
                ("later", {"fields": {"callback_at": "soon"}}, "callback_at: .* zone"),
            ]
            for name, words, told in wrong:
                with pytest.raises(BadInputError, match=f"^{told}"):
                    await say(world, contact, name, **words)
            found = (await world.story(contact)).contact
            assert found.state is ContactState.CALLING
            await say(world, contact, "sold", fields={"order_id": "o-17"})
        found = (await world.story(contact)).contact
        assert (found.outcome, found.fields["order_id"]) == ("sold", "o-17")
        with pytest.raises(BadInputError, match=r"^attempt: there is no call 'a-none'"):
            async with world.db.write() as session:
                await dispose(session, "a-none", "sold", by="anna", at=world.clock.now())

    tell(database_url, story)


def test_a_campaign_without_words_of_its_own_has_the_houses() -> None:
    assert read_dispositions([]) is DEFAULT
    assert {each.then for each in DEFAULT} == set(Then)
    assert len({each.key for each in DEFAULT}) == len(DEFAULT)
    assert named(DEFAULT, "wrong_number").suppression(Purpose.MARKETING) == "not_theirs"
    assert {each.name for each in DEFAULT if each.says_no} == {"not_interested", "do_not_call"}
    assert named(DEFAULT, "done").suppression(Purpose.MARKETING) is None
    assert named(DEFAULT, "do_not_call").suppression(Purpose.MANDATORY_NOTICE) == "service"
