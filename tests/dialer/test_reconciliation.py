"""After a crash: what is still up is adopted, the rest is found out about, nothing is placed again."""

from pathlib import Path

import orjson
import pytest

from calls import CallEnd, CallStart, Direction, Journal
from dialer import CampaignPlan, Order, Purpose, campaign, marks, pause, set_up
from dialer.attempts import commit_attempts
from dialer.callrecords import read_call_records
from dialer.contacts import claim, withdraw
from dialer.launch import LEASE
from dialer.marks import write_marks
from dialer.models import ContactState
from dialer.placement import Wanted
from dialer.ports import DialEnd
from dialer.testing import LOST
from tests.dialer.world import SHOWN, TUESDAY, World, number, tell
from values import AttemptId, CallId

pytestmark = pytest.mark.database


def line(kind: str, channel: str, *, cause: int = 0, seconds: int = 5, contact: str = "") -> str:
    """As Asterisk's CEL writes it with our `cel_custom.conf`: every field quoted, quotes doubled."""
    extra = (
        orjson.dumps({"hangupcause": cause, "hangupsource": "", "dialstatus": ""}).decode() if cause else ""
    )
    at = f"{TUESDAY.timestamp() + seconds:.6f}"
    leg = ["PJSIP/trunk-00000001", "+390650000611", "s", "outbound", ""]
    fields = [kind, at, channel, channel, *leg, extra, contact]
    return ",".join('"' + field.replace('"', '""') + '"' for field in fields) + "\n"


async def crashed_after_commit(world: World, contacts: int) -> list[AttemptId]:
    """What a process leaves that was killed between the commit and the switch."""
    await world.campaign()
    await world.contacts(*(number(i) for i in range(contacts)))
    async with world.db.write() as session:
        leases = await claim(session, "faults", 100, worker="dead", lease=LEASE, now=world.clock.now())
    async with world.db.write() as session:
        wanted = [Wanted(lease, "first") for lease in leases]
        placed = await commit_attempts(session, world.gate, wanted, node="node1", now=world.clock.now())
    return [each.attempt_id for each in placed]


def test_what_the_switch_recorded_decides_and_the_unknown_counts_as_an_attempt(
    database_url: str, tmp_path: Path
) -> None:
    records = tmp_path / "calls.csv"

    async def story(world: World) -> None:
        never, busy, ignored, broken_off, talked, broken = await crashed_after_commit(world, 6)
        records.write_text(
            "".join(
                [
                    line("CHAN_START", busy) + line("HANGUP", busy, cause=17) + line("CHAN_END", busy),
                    line("CHAN_START", ignored) + line("HANGUP", ignored, cause=19, seconds=30),
                    line("CHAN_START", broken_off) + line("HANGUP", broken_off, cause=34),
                    line("CHAN_START", talked) + line("ANSWER", talked) + line("HANGUP", talked, cause=16),
                    line("CHAN_START", broken),
                ]
            )
        )
        async with world.loop():
            await world.clock.sleep(30)
        assert (
            world.lines.orders == []
        )  # none of them is placed again, and each has a wait before the next try
        found = {attempt.id: attempt for each in await world.stories() for attempt in each.attempts}
        assert {each: found[each].outcome for each in found} == {
            never: "interrupted", busy: "busy", ignored: "no_answer", broken_off: "no_answer",
            talked: "interrupted", broken: "interrupted",
        }  # fmt: skip
        assert found[talked].answered is not None
        assert found[never].answered is None
        counted = {each.attempts[0].id: each.contact.attempts for each in await world.stories()}
        assert counted == dict.fromkeys([never, busy, ignored, broken_off, talked, broken], 1)
        assert all(each.contact.state is ContactState.READY for each in await world.stories())

    tell(database_url, story, records=records)


def test_what_our_own_record_of_the_call_says_is_used(database_url: str, tmp_path: Path) -> None:
    records = tmp_path / "calls.csv"

    async def story(world: World) -> None:
        closed, rang_out = await crashed_after_commit(world, 2)
        async with Journal(world.db, world.clock, tmp_path / "spill") as journal:
            for attempt, outcome in ((closed, "fixed"), (rang_out, "no_answer")):
                call = CallId(attempt)
                journal.call_started(
                    CallStart(call, Direction.OUTBOUND, TUESDAY, "node1", "first", "+390650000611", number(0))
                )
                journal.call_ended(CallEnd(call, TUESDAY, 16, outcome=outcome, goal=outcome == "fixed"))
            await world.clock.sleep(1)
        records.write_text(
            line("CHAN_START", closed) + line("ANSWER", closed) + line("HANGUP", closed, cause=16)
        )
        async with world.loop():
            await world.clock.sleep(5)
        found = {attempt.id: attempt for each in await world.stories() for attempt in each.attempts}
        assert (found[closed].outcome, found[closed].goal) == ("fixed", True)
        assert found[closed].answered is not None
        assert (found[rang_out].outcome, found[rang_out].answered) == ("no_answer", None)

    tell(database_url, story, records=records)


def test_a_call_that_is_still_up_is_adopted_and_its_flow_ends_it(database_url: str) -> None:
    async def story(world: World) -> None:
        (attempt,) = await crashed_after_commit(world, 1)
        world.lines.put_up(Order(attempt, number(0), "first", "", 30.0))
        async with world.loop() as loop:
            await world.clock.sleep(60)
            assert (loop.in_the_air, loop.lines_in_use["first"]) == (1, 1)
            placement = loop.placement(attempt)
            assert placement is not None
            assert placement.flow == "proactive.fault_closure"
            loop.call_finished(attempt, "closed", goal=True)
            await world.lines.hang_up(attempt)
            await world.clock.sleep(1)
            assert loop.lines_in_use["first"] == 0
        assert world.lines.orders == []
        (found,) = await world.stories()
        assert (found.contact.outcome, found.contact.goal) == ("closed", True)

    tell(database_url, story)


def test_an_adopted_call_keeps_the_moment_in_which_it_was_answered(database_url: str) -> None:
    async def story(world: World) -> None:
        (attempt,) = await crashed_after_commit(world, 1)
        async with world.db.write() as session:
            await write_marks(session, {attempt: marks.answered(world.clock.now())})
        world.lines.put_up(Order(attempt, number(0), "first", "", 30.0))
        async with world.loop() as loop:
            await world.clock.sleep(90)
            loop.call_finished(attempt, "closed", goal=True)
            await world.clock.sleep(1)
        (found,) = await world.stories()
        assert found.attempts[0].outcome == "closed"
        assert found.attempts[0].answered == TUESDAY

    tell(database_url, story)


def test_a_flow_that_ended_before_its_call_was_adopted_has_its_outcome(database_url: str) -> None:
    async def story(world: World) -> None:
        (attempt,) = await crashed_after_commit(world, 1)
        world.lines.away = True
        async with world.loop() as loop:
            await world.clock.sleep(5)
            loop.call_finished(attempt, "closed", goal=True)
            world.lines.away = False
            await world.clock.sleep(10)
            assert loop.lines_in_use["first"] == 0
        (found,) = await world.stories()
        assert found.attempts[0].outcome == "closed"

    tell(database_url, story)


def test_an_adopted_call_that_rings_out_is_found_out_about_in_the_switchs_records(
    database_url: str, tmp_path: Path
) -> None:
    records = tmp_path / "calls.csv"

    async def story(world: World) -> None:
        (attempt,) = await crashed_after_commit(world, 1)
        world.lines.put_up(Order(attempt, number(0), "first", "", 30.0))
        async with world.loop():
            await world.clock.sleep(15)
            await world.lines.hang_up(attempt)
            records.write_text(line("CHAN_START", attempt) + line("HANGUP", attempt, cause=19))
            await world.clock.sleep(40)
        assert world.lines.orders == []
        (found,) = await world.stories()
        assert found.attempts[0].outcome == "no_answer"

    tell(database_url, story, records=records)


def test_an_adopted_call_that_nobody_answers_is_no_conversation(database_url: str, tmp_path: Path) -> None:
    """The switch's hang-up is all the wiring sees of it: no flow ever ran."""
    records = tmp_path / "calls.csv"

    async def story(world: World) -> None:
        (attempt,) = await crashed_after_commit(world, 1)
        world.lines.put_up(Order(attempt, number(0), "first", "", 30.0))
        async with world.loop() as loop:
            await world.clock.sleep(5)
            records.write_text(line("CHAN_START", attempt) + line("HANGUP", attempt, cause=17))
            loop.call_finished(attempt, "hangup")
            await world.clock.sleep(3)
        (found,) = await world.stories()
        assert (found.attempts[0].outcome, found.attempts[0].answered) == ("busy", None)

    tell(database_url, story, records=records)


def test_a_call_that_was_interrupted_while_it_rang_is_no_conversation(
    database_url: str, tmp_path: Path
) -> None:
    records = tmp_path / "calls.csv"

    async def story(world: World) -> None:
        (attempt,) = await crashed_after_commit(world, 1)
        world.lines.put_up(Order(attempt, number(0), "first", "", 30.0))
        async with world.loop() as loop:
            await world.clock.sleep(5)
            records.write_text(line("CHAN_START", attempt))  # and no more: the switch was killed
            loop.call_finished(attempt, "interrupted")
            await world.clock.sleep(3)
        (found,) = await world.stories()
        assert (found.attempts[0].outcome, found.attempts[0].answered) == ("interrupted", None)

    tell(database_url, story, records=records)


def test_who_has_answered_is_not_called_again_when_the_call_broke_off(database_url: str) -> None:
    async def story(world: World) -> None:
        await crashed_after_commit(world, 1)
        async with world.db.write() as session:
            assert await withdraw(session, [f"faults-{number(0)}"], "settled", world.clock.now()) == []
        async with world.loop(poll=60.0):
            await world.clock.sleep(65 * 60)  # an interrupted one is tried again after an hour
        assert world.lines.orders == []
        (found,) = await world.stories()
        assert (found.contact.state, found.contact.outcome) == (ContactState.DONE, "interrupted")

    tell(database_url, story)


def test_nobody_is_called_before_the_switch_could_be_asked_about_what_was_left(database_url: str) -> None:
    async def story(world: World) -> None:
        await crashed_after_commit(world, 1)
        await world.contacts(number(7))
        world.lines.away = True
        async with world.loop():
            await world.clock.sleep(30)
            assert world.lines.orders == []
            (left, _) = await world.stories()
            assert left.attempts[0].outcome == ""
            world.lines.away = False
            await world.clock.sleep(30)
        assert [order.number for order in world.lines.orders] == [number(7)]

    tell(database_url, story)


def test_a_call_lost_from_sight_while_dialling_may_still_end_by_its_flow(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        (anna,) = await world.contacts(number(1))
        async with world.loop() as loop:
            await world.clock.sleep(60)
            assert loop.in_the_air == 1  # it may be ringing, and the switch still knows it
            loop.call_finished(world.ids()[0], "closed", goal=True)
            await world.clock.sleep(1)
        assert await world.outcomes(anna) == ["closed"]

    tell(database_url, story, otherwise=LOST)


def test_another_nodes_attempts_are_left_to_it(database_url: str) -> None:
    async def story(world: World) -> None:
        await crashed_after_commit(world, 1)
        async with world.loop(node="node2"):
            await world.clock.sleep(120)
        (found,) = await world.stories()
        assert found.attempts[0].outcome == ""

    tell(database_url, story)


def test_a_campaign_paused_between_lease_and_commit_commits_nothing_and_frees_the_lease(
    database_url: str,
) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        await world.contacts(number(1))
        async with world.db.write() as session:
            leases = await claim(session, "faults", 1, worker="w", lease=LEASE, now=world.clock.now())
        async with world.db.write() as session:
            await pause(session, "faults")
        async with world.db.write() as session:
            wanted = [Wanted(lease, "first") for lease in leases]
            assert await commit_attempts(session, world.gate, wanted, node="n", now=world.clock.now()) == []
        (found,) = await world.stories()
        assert found.contact.state is ContactState.READY
        async with world.db.write() as session:
            assert len(await claim(session, "faults", 1, worker="x", lease=LEASE, now=world.clock.now())) == 1

    tell(database_url, story)


def test_the_most_urgent_are_claimed_first_and_of_these_the_longest_due(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        low = sorted(await world.contacts(number(1), number(2), priority=-3))
        await world.clock.sleep(1)
        (high,) = await world.contacts(number(3), priority=10)
        await world.clock.sleep(1)
        (later,) = await world.contacts(number(4), priority=10)
        async with world.db.write() as session:
            leases = await claim(session, "faults", 3, worker="w", lease=LEASE, now=world.clock.now())
        assert [each.contact_id for each in leases] == [high, later, low[0]]
        async with world.db.write() as session:
            rest = await claim(session, "faults", 3, worker="w", lease=LEASE, now=world.clock.now())
        assert [each.contact_id for each in rest] == low[1:]

    tell(database_url, story)


def test_a_lease_that_passed_to_another_worker_commits_nothing(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        await world.contacts(number(1))
        async with world.db.write() as session:
            old = await claim(session, "faults", 1, worker="slow", lease=LEASE, now=world.clock.now())
        await world.clock.sleep(60)
        async with world.db.write() as session:
            new = await claim(session, "faults", 1, worker="quick", lease=LEASE, now=world.clock.now())
        assert new[0].fence == old[0].fence + 1
        for leases, placed in ((old, 0), (new, 1), (new, 0)):
            async with world.db.write() as session:
                wanted = [Wanted(lease, "first") for lease in leases]
                found = await commit_attempts(session, world.gate, wanted, node="n", now=world.clock.now())
                assert len(found) == placed

    tell(database_url, story)


def test_a_campaign_changes_in_place_and_stays_paused(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign()
        async with world.db.write() as session:
            await pause(session, "faults")
        async with world.db.write() as session:
            plan = CampaignPlan(
                name="faults", flow="other", purpose=Purpose.SERVICE, profile="it", caller_id=SHOWN
            )
            await set_up(session, world.gate, plan)
        async with world.db.read() as session:
            found = await campaign(session, "faults")
        assert (found.flow, found.profile, found.paused) == ("other", "it", True)

    tell(database_url, story)


@pytest.mark.parametrize(
    "spoiled",
    [
        "",
        "\n",
        '"CHAN_START"\n',
        '"CHAN_START","yesterday","a1"\n',
        '"CHAN_START","1e400","a1"\n',
        '"CHAN_START","1772532000.5","a1',
        '"CHAN_START","1772532000.5","a1"',
        '"HANGUP","1772532000.5","a2","x"\n',
        "x" * 100_000 + "\n",
        '"unfinished\n',
        "\x00\xff\n",
    ],
)
def test_call_records_survive_spoiled_lines(tmp_path: Path, spoiled: str) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(spoiled + "" if spoiled.endswith("\n") or not spoiled else spoiled)
    good = line("CHAN_START", "a9") + line("ANSWER", "a9") + line("HANGUP", "a9", cause=16)
    path.with_name("calls.csv.1").write_text(good)
    found = read_call_records(path, {"a1", "a9"})
    assert "a1" not in found
    assert found["a9"].end is DialEnd.ANSWERED
    assert found["a9"].cause == 16


def test_without_call_records_nothing_is_known(tmp_path: Path) -> None:
    assert read_call_records(tmp_path / "none.csv", {"a1"}) == {}


def test_after_a_restore_calls_that_only_the_switch_remembers_are_written_down_and_not_placed_again(
    database_url: str, tmp_path: Path
) -> None:
    records = tmp_path / "calls.csv"

    async def story(world: World) -> None:
        await world.campaign()
        anna, bruno, carla = await world.contacts(number(1), number(2), number(3))
        records.write_text(
            line("CHAN_START", "a1", contact=anna) + line("ANSWER", "a1") + line("HANGUP", "a1", cause=16)
            + line("CHAN_START", "a2", contact=bruno) + line("HANGUP", "a2", cause=17)
            + line("CHAN_START", "a3", contact="c-forgotten-too") + line("HANGUP", "a3", cause=17)
            + line("CHAN_START", "node1-17.3") + line("HANGUP", "node1-17.3", cause=16)
        )  # fmt: skip
        for _ in range(2):  # the second start finds everything known
            async with world.loop():
                await world.clock.sleep(30)
        assert [order.number for order in world.lines.orders] == [number(3)]
        assert await world.outcomes(anna) == ["interrupted"]
        assert await world.outcomes(bruno) == ["busy"]
        first = (await world.story(anna)).attempts[0]
        assert (first.id, first.number, first.node) == ("a1", number(1), "node1")
        assert (await world.story(bruno)).contact.attempts == 1
        assert await world.outcomes(carla) == ["closed"]

    tell(database_url, story, records=records)
