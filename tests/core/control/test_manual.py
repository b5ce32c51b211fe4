"""A number an agent dials: over the next trunk when one refuses, and never in the way of the next call."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from calls import CallEnd, CallStart, Direction
from centralino.core.control.errors import ForbiddenTargetError
from centralino.core.control.manual import ManualCalls, ManualHouse
from centralino.core.control.told import Bulletins
from dialer import DialEnd, Mode, Order, Purpose
from dialer.facts import no_consents
from dialer.testing import ANSWERS, BUSY, CONGESTED, Script
from tests.dialer.floor import Floor
from tests.dialer.world import SHOWN, World, number, tell
from values import CallId

pytestmark = pytest.mark.database


class Heard(Bulletins):
    """What the page was told, in order."""

    def __init__(self) -> None:
        self.words: list[tuple[str, str]] = []

    def put(self, agent: str, word: dict[str, Any]) -> None:
        self.words.append((word["state"], word["note"].get("why", "")))


class Dialling:
    """Anna, who dials, and the dialler."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.floor = Floor(world, talk=20)
        self.loop = self.floor.loop()
        self.heard = Heard()
        house = ManualHouse("IT", "none", SHOWN, "care.service_0611")
        self.manual = ManualCalls(
            world.db,
            world.gate,
            no_consents,
            self.floor.desk,
            self.heard,
            self.loop.nudge,
            world.clock,
            house,
        )
        self._dial = world.lines.dial
        world.lines.dial = self._dialled  # type: ignore[method-assign]
        self.floor.sign_in(["bruno", "anna"])

    async def _dialled(self, order: Order) -> Any:
        result = await self._dial(order)
        if result.end is not DialEnd.ANSWERED:
            now, call = self.world.clock.now(), CallId(order.attempt_id)
            start = CallStart(
                call, Direction.OUTBOUND, now, "node1", "t", "", "", attempt_id=order.attempt_id
            )
            self.manual.call_ended(start, CallEnd(call, now, 16, outcome=result.end.value))
        return result


def dialled(url: str, story: Callable[[Dialling], Awaitable[None]], script: Script | None = None) -> None:
    async def whole(world: World) -> None:
        dialling = Dialling(world)
        await story(dialling)
        await dialling.manual.close()

    tell(url, whole, script=script)


def test_a_call_that_goes_on_over_the_next_trunk_is_not_told_of_as_over(database_url: str) -> None:
    async def story(dialling: Dialling) -> None:
        async with dialling.loop:
            await dialling.manual.call("anna", number(1))
            await dialling.world.clock.sleep(15)
        assert dialling.floor.joined == [(number(1), "anna")]
        assert [order.trunk for order in dialling.world.lines.orders] == ["first", "second"]
        assert {state for state, _ in dialling.heard.words} == {"dialling"}

    dialled(database_url, story, {number(1): [CONGESTED, ANSWERS]})


def test_who_is_not_reached_is_told_of(database_url: str) -> None:
    async def story(dialling: Dialling) -> None:
        async with dialling.loop:
            await dialling.manual.call("anna", number(1))
            await dialling.world.clock.sleep(15)
        assert dialling.heard.words[-1] == ("over", "busy")

    dialled(database_url, story, {number(1): BUSY})


def test_by_hand_is_dialled_for_open_campaigns_and_for_none(database_url: str) -> None:
    async def story(dialling: Dialling) -> None:
        with_agents: dict[str, Any] = {"mode": Mode.PROGRESSIVE, "purpose": Purpose.MARKETING}
        await dialling.world.campaign("notices", **with_agents | {"purpose": Purpose.MANDATORY_NOTICE})
        await dialling.world.campaign("elsewhere", **with_agents, profile="it")  # the house has none
        await dialling.world.campaign("spring", **with_agents)
        for name in ("notices", "elsewhere"):
            with pytest.raises(ForbiddenTargetError, match="marketing or survey"):
                await dialling.manual.call("anna", number(1), name)
        told = await dialling.manual.call("anna", number(1), "spring")
        assert told["state"] == "dialling"

    dialled(database_url, story)


def test_while_the_database_is_away_an_agent_is_told_and_may_dial_again_later(database_url: str) -> None:
    async def story(dialling: Dialling) -> None:
        await dialling.manual.call("anna", number(1))  # and no dialler takes it
        dialling.world.db.cut = True
        await dialling.world.clock.sleep(15)
        assert dialling.heard.words[-1] == ("over", "the database is away")
        dialling.world.db.cut = False
        await dialling.manual.call("anna", number(2))

    dialled(database_url, story)
