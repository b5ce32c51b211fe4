"""The dial loop: contacts are called, at the right pace, over the right trunk, and each result is kept."""

import asyncio
from datetime import datetime, timedelta

import pytest
import structlog

from dialer import DialEnd, Order, Reason, Suppression, Trunk, campaign, forbid_calls, pause
from dialer.models import AttemptState, ContactState
from dialer.testing import BUSY, CONGESTED, IGNORES, LOST, Reaction
from dialer.watch import Watch
from tests.dialer.world import TRUNKS, TUESDAY, World, number, tell

pytestmark = pytest.mark.database


def test_somebody_due_is_called_talks_and_is_done(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        (anna,) = await world.contacts(number(17), fields={"fault_id": "f1"})
        async with world.loop() as loop:
            await world.clock.sleep(5)
            (order,) = world.lines.orders
            placement = loop.placement(order.attempt_id)
            assert placement is not None
            assert (placement.flow, placement.fields) == ("proactive.fault_closure", {"fault_id": "f1"})
            assert order.variables["CENTRALINO_FLOW"] == "proactive.fault_closure"
            assert (await world.story(anna)).attempts[0].state is AttemptState.ANSWERED
            await world.clock.sleep(25)
            assert loop.in_the_air == 0
            assert loop.lines_in_use == {"first": 0, "second": 0}
        found = await world.story(anna)
        (attempt,) = found.attempts
        assert attempt.id == order.attempt_id
        assert (attempt.outcome, attempt.goal, attempt.trunk) == ("closed", True, "first")
        assert attempt.placed is not None
        assert attempt.answered is not None
        assert attempt.over is not None
        assert attempt.committed <= attempt.placed < attempt.answered < attempt.over
        assert (found.contact.state, found.contact.outcome) == (ContactState.DONE, "closed")
        (event,) = await world.events()
        assert event == {
            "campaign": "faults", "contact_id": anna, "source_event": f"faults-{number(17)}",
            "customer_id": "c1", "outcome": "closed", "goal": True, "attempts": 1,
            "fields": {"fault_id": "f1"},
        }  # fmt: skip

    tell(database_url, story)


def test_a_long_talk_stays_one_call_on_one_line(database_url: str) -> None:
    async def story(world: World) -> None:
        async def talks(_order: Order) -> tuple[str, bool]:
            await world.clock.sleep(200)
            return "closed", True

        world.flow = talks
        await world.campaign()
        (anna,) = await world.contacts(number(17))
        async with world.loop() as loop:
            await world.clock.sleep(150)
            assert (loop.in_the_air, loop.lines_in_use["first"]) == (1, 1)
            await world.clock.sleep(60)
            assert (loop.in_the_air, loop.lines_in_use["first"]) == (0, 0)
        assert await world.outcomes(anna) == ["closed"]

    tell(database_url, story)


def test_the_same_event_twice_is_one_contact(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        first = await world.contacts(number(1), number(2))
        assert await world.contacts(number(2), number(1)) == first[::-1]
        async with world.loop():
            await world.clock.sleep(60)
        assert len(world.lines.orders) == 2

    tell(database_url, story)


def test_busy_is_tried_again_after_its_delay_as_another_attempt_and_given_up_in_the_end(
    database_url: str,
) -> None:
    async def story(world: World) -> None:
        retry = {"max_attempts": 5, "outcomes": {"busy": {"after": [10, 30], "most": 3}}}
        await world.campaign(retry=retry)
        (anna,) = await world.contacts(number(1))
        async with world.loop(poll=30):
            await world.clock.sleep(3 * 3600)
        found = await world.story(anna)
        assert [attempt.outcome for attempt in found.attempts] == ["busy"] * 3
        assert len({attempt.id for attempt in found.attempts}) == 3
        waits = [
            (after.committed - before.committed) / timedelta(minutes=1)
            for before, after in zip(found.attempts, found.attempts[1:], strict=False)
        ]
        assert waits == pytest.approx([10, 30], abs=1)
        assert found.contact.outcome == "busy"
        assert [event["outcome"] for event in await world.events()] == ["busy"]

    tell(database_url, story, otherwise=BUSY)


def test_no_answer_then_an_answer(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        (anna,) = await world.contacts(number(1))
        async with world.loop(poll=30):
            await world.clock.sleep(2 * 3600)
        assert await world.outcomes(anna) == ["no_answer", "closed"]
        assert (await world.events())[0]["attempts"] == 2

    tell(database_url, story, script={number(1): [IGNORES, Reaction()]})


def test_lines_and_pace_are_never_exceeded(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign(lines=7, calls_per_second=100.0)
        await world.campaign("others", lines=50, calls_per_second=2.0)
        await world.contacts(*(number(i) for i in range(40)))
        await world.contacts(*(number(100 + i) for i in range(20)), campaign="others")
        starts: list[datetime] = []

        async def talk(_order: Order) -> tuple[str, bool]:
            starts.append(world.clock.now())
            await world.clock.sleep(10)
            return "closed", True

        world.flow = talk
        async with world.loop([Trunk("first", 10, 4.0)]):
            await world.clock.sleep(5)
            assert len(world.lines.orders) > 7
            await world.clock.sleep(200)
        assert len(world.lines.orders) == 60
        assert world.lines.most_at_once <= 10
        for first, fifth in zip(sorted(starts), sorted(starts)[6:], strict=False):
            assert fifth - first > timedelta(seconds=1)

    tell(database_url, story)


def test_one_campaign_never_has_more_calls_than_its_lines(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign(lines=3, calls_per_second=100.0)
        await world.contacts(*(number(i) for i in range(12)))
        async with world.loop():
            await world.clock.sleep(200)
        assert len(world.lines.orders) == 12
        assert world.lines.most_at_once == 3

    tell(database_url, story)


def test_a_refusal_before_ringing_moves_the_call_to_the_next_trunk_as_an_attempt_of_its_own(
    database_url: str,
) -> None:
    def network(order: Order) -> Reaction:
        return CONGESTED if order.trunk == "first" else Reaction()

    async def story(world: World) -> None:
        await world.campaign()
        (anna,) = await world.contacts(number(1))
        async with world.loop() as loop:
            await world.clock.sleep(60)
            assert loop.lines_in_use == {"first": 0, "second": 0}
        first, second = (await world.story(anna)).attempts
        assert (first.trunk, first.outcome, first.cause) == ("first", "refused", 34)
        assert first.sip_cause == "503 Service Unavailable"
        assert (second.trunk, second.outcome, second.moved_from) == ("second", "closed", first.id)
        assert first.id != second.id
        assert (await world.events())[0]["attempts"] == 1  # only one of them rang
        assert (await world.story(anna)).contact.tally == {"closed": 1}

    tell(database_url, story, script=network)


@pytest.mark.parametrize("reaction", [BUSY, IGNORES, LOST])
def test_nothing_else_moves_a_call_to_another_trunk(database_url: str, reaction: Reaction) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        await world.contacts(number(1))
        async with world.loop():
            await world.clock.sleep(120)
        assert [order.trunk for order in world.lines.orders] == ["first"]

    tell(database_url, story, otherwise=reaction)


def test_when_every_trunk_refuses_it_was_one_try_and_the_contact_waits(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        (anna,) = await world.contacts(number(1))
        async with world.loop([*TRUNKS, Trunk("third", 100, 1000.0)]):
            await world.clock.sleep(60)
        found = await world.story(anna)
        assert [attempt.trunk for attempt in found.attempts] == ["first", "second", "third"]
        assert [attempt.outcome for attempt in found.attempts] == ["refused"] * 3
        assert (found.contact.state, found.contact.attempts) == (ContactState.READY, 0)
        assert found.contact.tally == {"refused": 1}
        half_an_hour = found.contact.not_before - TUESDAY - timedelta(minutes=30)  # as after a first refusal
        assert timedelta() < half_an_hour < timedelta(minutes=1)

    tell(database_url, story, otherwise=CONGESTED)


def test_the_gate_has_the_last_word_and_its_refusals_are_kept(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign(profile="it")
        anna, never, twice = await world.contacts(number(1), "+442079460000", number(3))  # type: ignore[arg-type]
        async with world.db.write() as session:
            await forbid_calls(session, [number(1)], Suppression.ALL, source="test", at=world.clock.now())
        async with world.loop():
            await world.clock.sleep(10)
            (order,) = world.lines.orders
            assert order.number == number(3)
            for contact, reason in ((anna, Reason.DO_NOT_CALL), (never, Reason.COUNTRY)):
                found = await world.story(contact)
                assert (found.contact.state, found.contact.outcome) == (ContactState.DONE, reason.value)
                assert [refusal.reason for refusal in found.refusals] == [reason]
            (again,) = await world.contacts(number(3), campaign="faults", expires=None, priority=9)
            assert again == twice  # the same event is the same contact
        await world.campaign("more", profile="it")
        (busy,) = await world.contacts(number(3), campaign="more")
        async with world.loop():
            await world.clock.sleep(5)
            assert [refusal.until for refusal in (await world.story(busy)).refusals]

    tell(database_url, story)


def test_outside_its_hours_nobody_is_claimed_and_at_their_beginning_all_are_called(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign(profile="it", hours={"weekday": ["11:01-13:00"]})
        contacts = await world.contacts(number(1), number(2))
        async with world.loop():
            await world.clock.sleep(58)
            assert world.lines.orders == []
            assert not [refusal for each in contacts for refusal in (await world.story(each)).refusals]
            await world.clock.sleep(5)
            assert sorted(order.number for order in world.lines.orders) == [number(1), number(2)]

    tell(database_url, story)


def test_pausing_a_campaign_holds_at_once_and_hangs_nobody_up(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign(calls_per_second=1.0)
        await world.contacts(*(number(i) for i in range(10)))
        async with world.loop() as loop:
            await world.clock.sleep(3.5)
            async with world.db.write() as session:
                await pause(session, "faults")
            placed = len(world.lines.orders)
            assert 2 <= placed <= 5
            assert loop.in_the_air > 0
            await world.clock.sleep(60)
            assert len(world.lines.orders) == placed
            assert loop.in_the_air == 0
            async with world.db.write() as session:
                await pause(session, "faults", paused=False)
            loop.nudge()
            await world.clock.sleep(60)
        assert len(world.lines.orders) == 10

    tell(database_url, story)


def test_the_loop_itself_can_be_held(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        loop = world.loop()
        loop.pause()
        async with loop:
            await world.contacts(number(1))
            await world.clock.sleep(30)
            assert world.lines.orders == []
            loop.resume()
            await world.clock.sleep(0.5)
            assert len(world.lines.orders) == 1

    tell(database_url, story)


def test_a_nudge_starts_a_call_at_once(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        async with world.loop() as loop:
            await world.clock.sleep(1.3)
            await world.contacts(number(1))
            loop.nudge()
            await asyncio.sleep(0.02)
            assert len(world.lines.orders) == 1

    tell(database_url, story)


def test_without_a_database_nobody_is_called_and_no_result_is_lost(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign(calls_per_second=1.0)
        ids = await world.contacts(*(number(i) for i in range(6)))
        async with world.loop():
            await world.clock.sleep(2.5)
            world.db.cut = True
            placed = len(world.lines.orders)
            await world.clock.sleep(60)
            assert len(world.lines.orders) == placed
            world.db.cut = False
            await world.clock.sleep(60)
        assert len(world.lines.orders) == 6
        for each in ids:
            assert await world.outcomes(each) == ["closed"]

    tell(database_url, story)


def test_without_a_switch_no_attempt_is_committed(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        (anna,) = await world.contacts(number(1))
        world.lines.away = True
        async with world.loop():
            await world.clock.sleep(30)
            assert (await world.story(anna)).attempts == []
            world.lines.away = False
            await world.clock.sleep(60)
        assert await world.outcomes(anna) == ["closed"]

    tell(database_url, story)


def test_a_flow_may_end_before_the_network_has_said_answered(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        (anna,) = await world.contacts(number(1))
        async with world.loop() as loop:
            await world.clock.sleep(1)
            loop.call_finished(world.ids()[0], "reopened", goal=True)
            await world.clock.sleep(5)
        assert await world.outcomes(anna) == ["reopened"]

    tell(database_url, story)


def test_a_flow_without_an_end_is_a_hang_up(database_url: str) -> None:
    async def story(world: World) -> None:
        async def hangs_up(_order: Order) -> tuple[str, bool]:
            return "", False

        world.flow = hangs_up
        await world.campaign(retry={"outcomes": {}})
        (anna,) = await world.contacts(number(1))
        async with world.loop():
            await world.clock.sleep(10)
        assert await world.outcomes(anna) == ["hangup"]
        assert (await world.story(anna)).contact.state is ContactState.DONE

    tell(database_url, story)


def test_an_answered_call_that_vanishes_is_interrupted_and_not_waited_for_for_ever(database_url: str) -> None:
    async def story(world: World) -> None:
        async def never(_order: Order) -> tuple[str, bool]:
            await world.clock.sleep(1e6)
            return "never", False

        world.flow = never
        await world.campaign()
        (anna,) = await world.contacts(number(1))
        async with world.loop() as loop:
            await world.clock.sleep(10)
            await world.lines.hang_up(world.ids()[0])
            await world.clock.sleep(45)
            assert loop.in_the_air == 0
        found = await world.story(anna)
        assert [attempt.outcome for attempt in found.attempts] == ["interrupted"]
        assert found.contact.attempts == 1

    tell(database_url, story)


def test_two_nodes_share_the_work_and_nobody_is_called_twice(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign(calls_per_second=50.0, lines=100)
        await world.contacts(*(number(i) for i in range(60)))
        async with world.loop(), world.loop(node="node2"):
            await world.clock.sleep(60)
        assert sorted(order.number for order in world.lines.orders) == [number(i) for i in range(60)]
        nodes = {attempt.node for each in await world.stories() for attempt in each.attempts}
        assert nodes == {"node1", "node2"}

    tell(database_url, story)


def test_a_contact_whose_time_has_run_out_is_not_called(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        (anna,) = await world.contacts(number(1), expires=TUESDAY + timedelta(seconds=1))
        await world.clock.sleep(2)
        async with world.loop():
            await world.clock.sleep(45)
        assert world.lines.orders == []
        assert (await world.story(anna)).contact.outcome == "expired"
        assert [event["outcome"] for event in await world.events()] == ["expired"]

    tell(database_url, story)


async def spoil_rules(world: World, name: str, rules: dict[str, object], *, paused: bool = False) -> None:
    """As a hand in the database would: `set_up` takes no such rules."""
    async with world.db.write() as session:
        spoiled = await campaign(session, name)
        spoiled.retry, spoiled.paused = rules, paused


def test_rules_nobody_can_read_hold_up_no_other_campaigns_results(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        await world.campaign("spoiled")
        ids = await world.contacts(*(number(i) for i in range(5)))
        (berta,) = await world.contacts(number(9), campaign="spoiled")
        with structlog.testing.capture_logs() as logged:
            async with world.loop() as loop:
                await world.clock.sleep(5)
                await spoil_rules(world, "spoiled", {"max_attempts": "many"})
                await world.clock.sleep(30)
                assert loop.in_the_air == 0
                assert [await world.outcomes(each) for each in ids] == [["closed"]] * 5
                assert await world.outcomes(berta) == [""]
                await spoil_rules(world, "spoiled", {})
                await world.clock.sleep(60)  # the watch finds the attempt that was set aside
                assert await world.outcomes(berta) == ["interrupted"]
        aside = [line for line in logged if line["event"] == "dialer.result_set_aside"]
        assert [(await world.story(berta)).attempts[0].id] == [line["attempt"] for line in aside]
        assert len(world.lines.orders) == 6

    tell(database_url, story)


def test_a_call_that_cannot_be_moved_keeps_no_line(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        await world.contacts(number(1))
        async with world.loop() as loop:
            await world.clock.sleep(2)
            await spoil_rules(world, "faults", {"max_attempts": "many"}, paused=True)
            await world.clock.sleep(10)
            assert loop.in_the_air == 0
            assert loop.lines_in_use == {"first": 0, "second": 0}
        assert [order.trunk for order in world.lines.orders] == ["first"]

    tell(database_url, story, otherwise=Reaction(DialEnd.REFUSED, 5.0, 34))


def test_a_task_that_dies_says_so(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def dies(_watch: Watch) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Watch, "run", dies)

    async def story(world: World) -> None:
        with structlog.testing.capture_logs() as logged:
            async with world.loop():
                await world.clock.sleep(1)
        assert [line["event"] for line in logged] == ["dialer.task_died"]

    tell(database_url, story)


def test_however_many_contacts_run_out_at_once_they_are_closed_within_one_look(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        async with world.db.write() as session:
            await pause(session, "faults")
        soon = world.clock.now() + timedelta(seconds=5)
        await world.contacts(*(number(i) for i in range(1100)), expires=soon)
        async with world.loop():
            await world.clock.sleep(35)
            assert len(await world.events()) == 1100

    tell(database_url, story)
