"""At most once, proved: the loop is killed before every step of its life, and nobody's phone rings twice.

Each time a child process dials a handful of people and is killed without a last word; another process takes
over with the same database and network. `CENTRALINO_KILL_STRIDE=1` tries every step, which takes long; by
default a few steps are tried, other ones in each run.
"""

import os
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import delete

from dialer import Order
from dialer.models import Attempt, AttemptState, Contact, ContactState, Refusal
from dialer.testing import BUSY, CONGESTED, Reaction
from store import OutboxEvent
from tests.dialer.killing import dialled, in_a_child, let_outlive
from tests.dialer.test_reconciliation import line
from tests.dialer.world import World, number, tell

pytestmark = [pytest.mark.database, pytest.mark.timeout(600)]

STRIDE = int(os.environ.get("CENTRALINO_KILL_STRIDE", "0"))
KILLS = 10
PEOPLE = 4


def network(order: Order) -> Reaction:
    if order.number == number(1):
        return BUSY
    if order.number == number(2) and order.trunk == "first":
        return CONGESTED
    return Reaction(after=1.0)


class Place:
    """One database and one network, over several lives of the process."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.network = folder / "dialled"
        self.records = folder / "calls.csv"

    def seed(self) -> None:
        async def story(world: World) -> None:
            async with world.db.write() as session:
                for table in (Attempt, Contact, Refusal, OutboxEvent):
                    await session.execute(delete(table))
            await world.campaign()
            await world.contacts(*(number(i) for i in range(PEOPLE)))

        tell(self.url, story)

    def first_life(self) -> None:
        """Dial everybody; the process may be killed at any step of this."""

        async def story(world: World) -> None:
            let_outlive(world, self.network)
            async with world.loop(poll=5):
                await world.clock.sleep(22)

        tell(self.url, story, script=network)

    def second_life(self, *, up: bool) -> None:
        """Another process takes over; the first one's calls are still up, or are over."""

        async def story(world: World) -> None:
            before = dialled(self.network)
            let_outlive(world, self.network)
            for attempt, called, trunk in before if up else []:
                world.lines.put_up(Order(attempt, number(int(called[-7:])), trunk, "", 30.0))
            async with world.loop(poll=5):
                await world.clock.sleep(12)
                for attempt, _, _ in before:
                    await world.lines.hang_up(attempt)
                await world.clock.sleep(28)
            await self.judge(world)

        tell(self.url, story, script=network, records=self.records)

    async def judge(self, world: World) -> None:
        calls = dialled(self.network)
        once = Counter(attempt for attempt, _, _ in calls)
        assert max(once.values(), default=1) == 1, f"an attempt was placed twice: {once}"
        rang = Counter(called for _, called, trunk in calls if not (called == number(2) and trunk == "first"))
        assert max(rang.values(), default=1) == 1, f"a phone rang twice: {rang}"
        known = set()
        for story in await world.stories():
            assert story.contact.state is not ContactState.CALLING, (
                f"a contact was left hanging: {vars(story.contact)} {[vars(each) for each in story.attempts]}"
            )
            assert story.attempts, "a contact was forgotten"
            known |= {attempt.id for attempt in story.attempts}
            for attempt in story.attempts:
                assert attempt.state is AttemptState.DONE
                assert attempt.outcome
            counted = [attempt for attempt in story.attempts if attempt.outcome != "refused"]
            assert story.contact.attempts == len(counted)
        assert set(once) <= known, "a call was placed whose attempt nobody knows"


def wrote(place: Place) -> None:
    """The switch's own records of what it was asked to dial."""
    words = [
        line("CHAN_START", attempt)
        + (line("HANGUP", attempt, cause=17) if called == number(1) else line("ANSWER", attempt))
        for attempt, called, _ in dialled(place.network)
    ]
    place.records.write_text("".join(words))


def test_killed_at_any_step_the_loop_calls_nobody_twice(database_url: str, tmp_path: Path) -> None:
    place = Place(database_url, tmp_path)
    steps = tmp_path / "steps"
    place.seed()
    assert in_a_child(place.first_life, steps=steps)
    assert len(dialled(place.network)) == PEOPLE + 1
    whole = int(steps.read_text())
    stride = STRIDE or max(1, whole // KILLS)
    survived = 0
    for step in range(1 + os.getpid() % stride, whole + 1, stride):
        place.network.unlink(missing_ok=True)
        place.records.unlink(missing_ok=True)
        place.seed()
        survived += in_a_child(place.first_life, die_before=step)
        if step % 2:
            wrote(place)
        try:
            place.second_life(up=step % 3 == 0)
        except AssertionError as problem:
            raise AssertionError(f"killed before step {step} of {whole}") from problem
    assert survived < whole / stride / 2  # it was the killing that was tried


def test_killed_between_the_commit_and_the_order_nobody_is_called_and_the_attempt_counts(
    database_url: str, tmp_path: Path
) -> None:
    """The one step that decides: the attempt is in the database, and the switch has not been asked."""
    place = Place(database_url, tmp_path)
    place.seed()

    def life() -> None:
        async def story(world: World) -> None:
            let_outlive(world, place.network)

            async def dies(_order: object) -> None:
                os._exit(9)

            world.lines.dial = dies  # type: ignore[assignment, method-assign]
            async with world.loop():
                await world.clock.sleep(5)

        tell(place.url, story)

    assert not in_a_child(life)
    assert dialled(place.network) == []

    async def after(world: World) -> None:
        committed = [attempt for story in await world.stories() for attempt in story.attempts]
        assert len(committed) >= 1
        assert {attempt.state for attempt in committed} == {AttemptState.COMMITTED}
        let_outlive(world, place.network)
        async with world.loop():
            await world.clock.sleep(60)
        called = {number for _, number, _ in dialled(place.network)}
        for attempt in committed:
            assert attempt.number not in called
        for story in await world.stories():
            if story.attempts[0].id in {attempt.id for attempt in committed}:
                assert story.attempts[0].outcome == "interrupted"
                assert story.contact.attempts == 1

    tell(place.url, after)
