"""Campaigns with agents: as many calls as there are people to take them, and each talk on record."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from dialer import DialEnd, Order, dispose, pause
from dialer.contacts import promise
from dialer.endings import settle_unsaid
from dialer.models import AttemptState, Campaign, ContactState, Mode
from dialer.preview import ask_for, leave, offer
from dialer.testing import ANSWERS, IGNORES, Reaction
from tests.dialer.floor import Floor
from tests.dialer.world import World, number, tell
from values import BadInputError

pytestmark = pytest.mark.database

MOST = 40


async def people(world: World, how_many: int = MOST, **words: Any) -> list[str]:
    return await world.contacts(*(number(i) for i in range(how_many)), **words)


def test_one_call_for_each_free_agent_and_each_talk_on_record(database_url: str) -> None:
    async def story(world: World) -> None:
        floor = Floor(world, talk=60)
        floor.sign_in(["anna", "bruno", "carla"])
        await world.campaign(calls_per_second=50.0, mode=Mode.PROGRESSIVE)
        contacts = await people(world)
        async with floor.loop():
            await world.clock.sleep(50)
            assert world.lines.most_at_once == 3
            assert {agent for _, agent in floor.joined} == {"anna", "bruno", "carla"}
            await world.clock.sleep(300)
        assert not floor.abandoned
        assert 12 <= len(floor.joined) <= 15
        talked = [
            each
            for contact in contacts
            for each in (await world.story(contact)).attempts
            if each.outcome == "talked"
        ]
        assert len(talked) >= 9
        for attempt in talked:
            assert attempt.state is AttemptState.DONE
            assert attempt.joined is not None
            assert attempt.released is not None
            assert attempt.answered is not None
            assert attempt.answered <= attempt.joined < attempt.released
            assert attempt.agent in {"anna", "bruno", "carla"}

    tell(database_url, story)


def test_without_agents_nobody_is_called(database_url: str) -> None:
    async def story(world: World) -> None:
        floor = Floor(world)
        await world.campaign(mode=Mode.PREDICTIVE, calls_per_second=50.0)
        await people(world)
        async with floor.loop():
            await world.clock.sleep(30)
            assert not world.lines.orders
            floor.sign_in(["anna"])
            await world.clock.sleep(10)
            assert world.lines.orders

    tell(database_url, story)


def test_when_all_agents_go_in_mid_ring_no_further_call_is_placed(database_url: str) -> None:
    async def story(world: World) -> None:
        floor = Floor(world)
        floor.sign_in(["anna", "bruno"])
        await world.campaign(calls_per_second=50.0, mode=Mode.PROGRESSIVE)
        await people(world)
        async with floor.loop():
            await world.clock.sleep(1)
            rung = len(world.lines.orders)
            assert rung == 2
            floor.desk.sign_out("anna")
            floor.desk.sign_out("bruno")
            await world.clock.sleep(60)
            assert len(world.lines.orders) == rung
        assert len(floor.abandoned) == rung

    tell(database_url, story)


def test_predictive_places_more_calls_than_agents_when_few_answer_and_drops_few(database_url: str) -> None:
    async def story(world: World) -> None:
        def one_in_four(order: Order) -> Reaction:
            answers = int(order.number[-7:]) % 4 == 0
            return Reaction(after=8.0) if answers else IGNORES

        world.lines._script = one_in_four
        floor = Floor(world, talk=40, wrap=5)
        floor.sign_in([f"agent{i}" for i in range(12)])
        await world.campaign(mode=Mode.PREDICTIVE, lines=100, calls_per_second=50.0)
        await people(world, 900)
        async with floor.loop():
            await world.clock.sleep(600)
        assert world.lines.most_at_once > 15
        assert len(floor.joined) > 75
        assert len(floor.abandoned) <= 0.06 * len(floor.joined)  # twenty minutes are no day

    tell(database_url, story)


def test_a_paused_campaign_places_nothing_more_and_its_talks_go_on(database_url: str) -> None:
    async def story(world: World) -> None:
        floor = Floor(world, talk=100)
        floor.sign_in(["anna", "bruno"])
        await world.campaign(calls_per_second=50.0, mode=Mode.PROGRESSIVE)
        await people(world)
        async with floor.loop():
            await world.clock.sleep(20)
            async with world.db.write() as session:
                await pause(session, "faults")
            await world.clock.sleep(300)
            assert len(world.lines.orders) == 2
            assert len(floor.joined) == 2

    tell(database_url, story)


def test_the_mode_can_be_changed_while_it_runs(database_url: str) -> None:
    async def story(world: World) -> None:
        world.lines._otherwise = Reaction(after=20.0)
        floor = Floor(world, talk=20)
        floor.sign_in(["anna", "bruno"])
        await world.campaign(calls_per_second=50.0, mode=Mode.PROGRESSIVE)
        await people(world)
        async with floor.loop():
            await world.clock.sleep(10)
            assert len(world.lines.orders) == 2
            async with world.db.write() as session:
                await session.execute(update(Campaign).values(mode=Mode.RATIO, ratio=3.0))
            await world.clock.sleep(2)
            assert len(world.lines.orders) == 6

    tell(database_url, story)


def test_a_talk_nobody_says_anything_about_is_done_as_talked_in_the_end(database_url: str) -> None:
    async def story(world: World) -> None:
        world.lines._otherwise = ANSWERS
        floor = Floor(world, talk=30)
        floor.sign_in(["anna"])
        await world.campaign(calls_per_second=50.0, mode=Mode.PROGRESSIVE)
        (contact,) = await people(world, 1)
        async with floor.loop():
            await world.clock.sleep(60)
            found = await world.story(contact)
            assert found.contact.state is ContactState.CALLING  # it waits for the agent's word
            assert [attempt.outcome for attempt in found.attempts] == ["talked"]
        async with world.db.write() as session:
            assert await settle_unsaid(session, world.clock.now() + timedelta(minutes=10)) == []
            assert await settle_unsaid(session, world.clock.now() + timedelta(minutes=16)) == [contact]
        assert (await world.story(contact)).contact.outcome == "talked"

    tell(database_url, story)


def test_a_talk_whose_word_was_due_while_the_dialler_was_away_is_done_when_it_is_back(
    database_url: str,
) -> None:
    async def story(world: World) -> None:
        world.lines._otherwise = ANSWERS
        floor = Floor(world, talk=30)
        floor.sign_in(["anna"])
        await world.campaign(calls_per_second=50.0, mode=Mode.PROGRESSIVE)
        (contact,) = await people(world, 1)
        async with floor.loop():
            await world.clock.sleep(60)
        async with world.db.write() as session:
            assert await settle_unsaid(session, world.clock.now() + timedelta(days=3)) == [contact]
        assert (await world.story(contact)).contact.outcome == "talked"

    tell(database_url, story)


def test_who_was_called_again_after_a_talk_without_a_word_waits_for_the_word_on_the_last(
    database_url: str,
) -> None:
    async def story(world: World) -> None:
        world.lines._otherwise = ANSWERS
        floor = Floor(world, talk=30)
        floor.sign_in(["anna"])
        await world.campaign(calls_per_second=50.0, mode=Mode.PROGRESSIVE)
        (contact,) = await people(world, 1)
        async with floor.loop():
            await world.clock.sleep(60)
            (first,) = (await world.story(contact)).attempts
            assert first.over is not None
            async with world.db.write() as session:
                assert await settle_unsaid(session, first.over + timedelta(minutes=16)) == [contact]
                await promise(session, contact, world.clock.now(), now=world.clock.now())
            await world.clock.sleep(60)
        found = await world.story(contact)
        last = max(found.attempts, key=lambda each: each.committed)
        assert last.over is not None
        assert (len(found.attempts), found.contact.state) == (2, ContactState.CALLING)
        async with world.db.write() as session:
            assert await settle_unsaid(session, first.over + timedelta(minutes=15, seconds=1)) == []
            await dispose(session, first.id, "not_there", by="anna", at=world.clock.now())
        assert (await world.story(contact)).contact.state is ContactState.CALLING
        async with world.db.write() as session:
            assert await settle_unsaid(session, last.over + timedelta(minutes=16)) == [contact]

    tell(database_url, story)


def test_agents_who_lack_the_skill_do_not_count(database_url: str) -> None:
    async def story(world: World) -> None:
        floor = Floor(world)
        floor.sign_in(["anna"], skills=["russian"])
        floor.sign_in(["bruno", "carla"])
        await world.campaign(calls_per_second=50.0, mode=Mode.PROGRESSIVE, skill="russian")
        await people(world)
        async with floor.loop():
            await world.clock.sleep(30)
            assert [agent for _, agent in floor.joined] == ["anna"]

    tell(database_url, story)


def test_in_preview_an_agent_looks_first_and_only_who_was_asked_for_is_called(database_url: str) -> None:
    async def story(world: World) -> None:
        world.lines._otherwise = Reaction(DialEnd.NO_ANSWER, 5.0, 19)
        floor = Floor(world, talk=20)
        floor.sign_in(["anna", "bruno"])
        rules = {"max_attempts": 9, "outcomes": {"no_answer": {"after": [0.1], "most": 9}}}
        await world.campaign(calls_per_second=50.0, mode=Mode.PREVIEW, retry=rules)
        await people(world, 5)
        async with floor.loop():
            await world.clock.sleep(10)
            assert world.lines.orders == []
            async with world.db.write() as session:
                first = await offer(session, world.gate, "faults", "anna", world.clock.now())
            async with world.db.write() as session:
                second = await offer(session, world.gate, "faults", "bruno", world.clock.now())
            assert first is not None
            assert second is not None
            assert first.contact.id != second.contact.id
            with pytest.raises(BadInputError):
                async with world.db.write() as session:
                    await ask_for(session, second.contact.id, "anna", world.clock.now())
            async with world.db.write() as session:
                await ask_for(session, first.contact.id, "anna", world.clock.now())
                await leave(session, second.contact.id, "bruno")
            await world.clock.sleep(60)
            (order,) = world.lines.orders  # nobody answered, and nobody has asked for another call
            assert order.number == first.contact.number
            async with world.db.write() as session:
                again = await offer(session, world.gate, "faults", "bruno", world.clock.now())
            assert again is not None
            assert again.contact.id == second.contact.id

    tell(database_url, story)


@pytest.mark.parametrize("whose", ["anna", ""], ids=["hers", "anybody's"])
def test_in_preview_each_agent_has_one_call_at_a_time(database_url: str, whose: str) -> None:
    async def story(world: World) -> None:
        world.lines._otherwise = Reaction(after=10.0)
        floor = Floor(world, talk=20)
        floor.sign_in(["anna"])
        await world.campaign(calls_per_second=50.0, mode=Mode.PREVIEW)
        contacts = await people(world, 4)
        async with world.db.write() as session:
            for contact in contacts:
                await promise(session, contact, world.clock.now(), now=world.clock.now(), agent=whose)
        async with floor.loop():
            await world.clock.sleep(8)
            assert len(world.lines.orders) == 1
            await world.clock.sleep(50)
            assert len(world.lines.orders) == 2
            assert floor.abandoned == []

    tell(database_url, story)


def test_telephones_that_ring_for_agents_who_have_gone_are_let_alone_after_a_decent_while(
    database_url: str,
) -> None:
    async def story(world: World) -> None:
        world.lines._otherwise = Reaction(after=28.0)
        floor = Floor(world)
        floor.sign_in(["anna"])
        await world.campaign(calls_per_second=50.0, mode=Mode.PROGRESSIVE)
        (contact,) = await people(world, 1)
        async with floor.loop() as loop:
            await world.clock.sleep(3)
            floor.desk.sign_out("anna")
            await world.clock.sleep(10)
            assert await world.outcomes(contact) == [""]  # it rings on: fifteen seconds are decent
            assert loop.in_the_air == 1
            await world.clock.sleep(20)
            assert not floor.abandoned
            assert await world.outcomes(contact) == ["no_answer"]

    tell(database_url, story)


def test_an_agent_who_asked_for_a_call_is_held_for_it_while_it_rings(database_url: str) -> None:
    async def story(world: World) -> None:
        world.lines._otherwise = Reaction(DialEnd.NO_ANSWER, 8.0, 19)
        floor = Floor(world, talk=20)
        floor.sign_in(["anna"])
        await world.campaign(calls_per_second=50.0, mode=Mode.PREVIEW)
        await people(world, 1)
        async with floor.loop():
            async with world.db.write() as session:
                found = await offer(session, world.gate, "faults", "anna", world.clock.now())
                assert found is not None
                await ask_for(session, found.contact.id, "anna", world.clock.now())
            await world.clock.sleep(5)
            (order,) = world.lines.orders
            assert floor.desk.reserve("another call") is None
            held = floor.desk.reserve_agent("anna", order.attempt_id)
            assert held is not None
            assert held.agent == "anna"
            await world.clock.sleep(10)  # nobody answered: she is free again
            assert floor.desk.idle() == 1

    tell(database_url, story)
