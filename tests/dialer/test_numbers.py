"""A customer's several numbers, as retry rules and refusals turn from one to the next."""

from datetime import UTC, datetime, timedelta

import pytest

from dialer import Gate, Order, Purpose, forbid_calls, load_profiles
from dialer.gate import NumberKind, Reason, Suppression
from dialer.models import Contact, ContactState
from dialer.numbers import next_number, skip_number, to_number, turn_number
from dialer.retry import Again
from dialer.testing import BUSY, Reaction
from tests.dialer.world import World, number, tell
from values import PhoneNumber

ROME, MOBILE, NEW_YORK = "+390612345678", "+393290000017", "+12125550123"
AT = datetime(2026, 3, 3, tzinfo=UTC)


def contact(*numbers: str) -> Contact:
    return Contact(number=numbers[0], numbers=list(numbers) if len(numbers) > 1 else [], zone="", zones="")


@pytest.mark.unit
def test_after_the_last_number_comes_the_first_and_its_zones_come_along() -> None:
    anna = contact(ROME, NEW_YORK)
    assert next_number(anna)
    assert (anna.number, anna.zones) == (NEW_YORK, "America/New_York")
    assert next_number(anna)
    assert (anna.number, anna.zones) == (ROME, "Europe/Rome")


@pytest.mark.unit
def test_who_has_one_number_keeps_it_and_cannot_lose_it() -> None:
    anna = contact(ROME)
    assert not next_number(anna)
    assert turn_number(anna, Again(AT, next_number=True))
    assert not turn_number(anna, Again(AT, skip_number=True))
    assert anna.number == ROME


@pytest.mark.unit
def test_a_wrong_number_is_left_out_for_good() -> None:
    anna = contact(ROME, MOBILE, NEW_YORK)
    next_number(anna)
    assert skip_number(anna)
    assert (anna.number, list(anna.numbers)) == (NEW_YORK, [ROME, NEW_YORK])
    assert skip_number(anna)
    assert (anna.number, list(anna.numbers)) == (ROME, [ROME])
    assert not skip_number(anna)


@pytest.mark.unit
def test_a_number_the_customer_asked_for_comes_before_the_others() -> None:
    anna = contact(ROME)
    to_number(anna, MOBILE)
    assert (anna.number, list(anna.numbers)) == (MOBILE, [MOBILE, ROME])
    to_number(anna, ROME)
    assert (anna.number, list(anna.numbers)) == (ROME, [MOBILE, ROME])


@pytest.mark.database
def test_a_busy_number_gives_way_to_the_next_one(database_url: str) -> None:
    def network(order: Order) -> Reaction:
        return BUSY if order.number == number(1) else Reaction()

    async def story(world: World) -> None:
        retry = {"outcomes": {"busy": {"after": [10], "most": 5, "next_number": True}}}
        await world.campaign(retry=retry)
        (anna,) = await world.contacts(number(1), numbers=[number(1), number(2)])
        async with world.loop(poll=30):
            await world.clock.sleep(3600)
        assert [order.number for order in world.lines.orders] == [number(1), number(2)]
        assert await world.outcomes(anna) == ["busy", "closed"]

    tell(database_url, story, script=network)


@pytest.mark.database
def test_a_number_that_may_not_be_dialled_gives_way_at_once(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign(profile="it")
        abroad = "+442079460000"
        (anna,) = await world.contacts(abroad, numbers=[abroad, number(2)])  # type: ignore[arg-type]
        async with world.loop(poll=30):
            await world.clock.sleep(120)
        assert [order.number for order in world.lines.orders] == [number(2)]
        found = (await world.story(anna)).contact
        assert (found.state, found.outcome) == (ContactState.DONE, "closed")

    tell(database_url, story)


@pytest.mark.database
@pytest.mark.parametrize("purpose", [Purpose.SERVICE, Purpose.MANDATORY_NOTICE])
def test_a_number_at_which_somebody_else_answers_gives_way_in_every_campaign(
    database_url: str, purpose: Purpose
) -> None:
    async def story(world: World) -> None:
        await world.campaign(purpose=purpose)
        async with world.db.write() as session:
            at = world.clock.now()
            theirs_not = [number(1), number(3)]
            await forbid_calls(session, theirs_not, Suppression.NOT_THEIRS, source="agent anna", at=at)
        (both,) = await world.contacts(number(1), numbers=[number(1), number(2)])
        (only,) = await world.contacts(number(3))
        async with world.loop(poll=30):
            await world.clock.sleep(120)
        assert [order.number for order in world.lines.orders] == [number(2)]
        found = (await world.story(both)).contact
        assert (found.state, found.outcome) == (ContactState.DONE, "closed")
        left = (await world.story(only)).contact
        assert (left.state, left.outcome) == (ContactState.DONE, "not_theirs")

    tell(database_url, story)


@pytest.mark.database
def test_a_kind_of_number_that_is_not_called_gives_way_too(database_url: str) -> None:
    async def story(world: World) -> None:
        fixed = PhoneNumber("+390612345678")
        refusing = world.gate.profile("none").model_copy(update={"refuse": frozenset({NumberKind.FIXED})})
        world.gate = Gate({**load_profiles(), "none": refusing}, country="IT")
        await world.campaign()
        (anna,) = await world.contacts(fixed, numbers=[fixed, number(2)])
        async with world.loop(poll=30):
            await world.clock.sleep(120)
        assert [order.number for order in world.lines.orders] == [number(2)]
        assert [each.reason for each in (await world.story(anna)).refusals] == [Reason.KIND]

    tell(database_url, story)


@pytest.mark.database
def test_a_promise_made_in_a_call_holds_whatever_the_rules_say(database_url: str) -> None:
    from dialer.contacts import promise

    async def story(world: World) -> None:
        await world.campaign()
        (anna,) = await world.contacts(number(1))
        later = world.clock.now() + timedelta(hours=2)

        async def promises(_order: Order) -> tuple[str, bool]:
            if len(world.lines.orders) == 1:
                async with world.db.write() as session:
                    await promise(session, anna, later, now=world.clock.now())
            await world.clock.sleep(20)
            return "closed", True

        world.flow = promises
        async with world.loop(poll=30):
            await world.clock.sleep(3600)
            found = (await world.story(anna)).contact
            assert (found.state, found.not_before, found.promised) == (ContactState.READY, later, later)
            await world.clock.sleep(2 * 3600)
        attempts = (await world.story(anna)).attempts
        assert len(attempts) == 2
        assert attempts[1].committed >= later
        assert (await world.story(anna)).contact.state is ContactState.DONE

    tell(database_url, story)
