"""The town's people, machines and assistants over a real line with real voices: who is taken for what."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from ami import Account
from centralino.accounts import service_account
from centralino.city import PEOPLE
from city import City, CityPlaces, read_people
from dialer import Machines
from tests.core.joining.scene import Scene
from tests.rig import CityRig, Loopback, NodeRig
from values import PhoneNumber, SystemClock

pytestmark = pytest.mark.asterisk

MACHINE, SCREENED, FETCHED, PERSON = (PhoneNumber(f"+3932900000{last:02d}") for last in (5, 8, 9, 10))


@pytest.fixture
async def scene(node: NodeRig, city_asterisk: CityRig, loopback: Loopback) -> AsyncIterator[Scene]:
    recordings = node.plan.home / "recordings"
    recordings.mkdir(exist_ok=True)
    service_account().own(recordings)
    plan = city_asterisk.plan
    people = read_people(PEOPLE)
    places = CityPlaces(
        Account(plan.ami.host, plan.ami.port, "city", plan.ami_secret),
        plan.agi.host,
        plan.agi.port,
        plan.agi_secret,
    )
    town = City(places, people, None, SystemClock(), service_number="0611", town=100, calls_a_minute=0)
    living = asyncio.create_task(town.run())
    async with Scene(node, loopback, recordings, town=True) as made:
        yield made
    living.cancel()
    await asyncio.gather(living, return_exceptions=True)


async def test_a_person_is_joined(scene: Scene) -> None:
    await scene.agent("anna")
    await scene.call(PERSON, profile="it", machines=Machines.HANG_UP)
    await scene.until_told("joined")
    (verdict,) = scene.told.of("detected")
    assert verdict["amd"] in {"HUMAN", "NOTSURE"}


async def test_a_machine_gets_its_message_after_the_beep(scene: Scene) -> None:
    await scene.call(MACHINE, machines=Machines.LEAVE_MESSAGE, message="spring.message")
    assert await scene.outcome(within=40) == "message_left"
    (verdict,) = scene.told.of("detected")
    assert verdict["amd"] == "MACHINE"


async def test_an_assistant_that_fetches_nobody_is_screening(scene: Scene) -> None:
    await scene.agent("anna")
    await scene.call(SCREENED, profile="it", machines=Machines.HANG_UP)
    assert await scene.outcome(within=60) == "screening"
    assert scene.told.of("joined") == []


async def test_who_is_fetched_by_an_assistant_is_joined(scene: Scene) -> None:
    await scene.agent("anna")
    await scene.call(FETCHED, profile="it", machines=Machines.HANG_UP)
    await scene.until_told("joined", within=60)
    assert len(scene.told.of("joined")) == 1


async def test_the_population_is_told_apart(scene: Scene) -> None:
    """A sample of those who answer: hardly anybody is hung up on, most machines are found out."""
    people = read_people(PEOPLE)
    numbers = [PhoneNumber(f"+393291{place:06d}") for place in range(200)]
    person = [number for number in numbers if people.called_at(number).answers][:2]
    machine = [number for number in numbers if people.called_at(number).machine][:2]
    for number in (*person, *machine):
        scene.told.notes.clear()
        attempt = await scene.call(number, profile="it", machines=Machines.HANG_UP)
        await scene.until_told("detected", within=30)
        (verdict,) = scene.told.of("detected")
        assert (verdict["amd"] == "MACHINE") == (number in machine), number
        await scene.gateway.hang_up(attempt)
