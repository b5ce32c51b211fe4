"""How the trunks stand is told to the pages and to who reads the figures."""

import asyncio
from typing import Any

import pytest

from centralino.core.figures import Figures
from centralino.core.trunkboard import KEY, TrunkBoard
from dialer.trunks import Trunk, Trunks
from values.testing import VirtualClock, virtual_time

pytestmark = pytest.mark.unit


class Shelf:
    """A Redis of one hash."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    async def put_fields(self, key: str, fields: dict[str, Any], *, seconds: float) -> bool:
        assert seconds > 1
        self.kept[key] = fields
        return True


def test_a_resting_trunk_is_seen_on_the_pages_and_raises_the_alarm() -> None:
    async def story() -> None:
        clock, shelf, figures = VirtualClock(), Shelf(), Figures()
        trunks = Trunks([Trunk("carrier", 10, 100.0, refusals=2), Trunk("reserve", 10, 5.0)], clock)
        figures.watch_trunks(trunks.states)
        telling = asyncio.create_task(TrunkBoard(shelf, trunks.states, clock, "node1").run())  # type: ignore[arg-type]
        await clock.sleep(0.5)
        assert [each["state"] for each in shelf.kept[KEY]["node1"]] == ["working", "working"]
        assert 'centralino_trunk_resting{trunk="carrier"} 0.0' in figures.text()
        trunks.take(["carrier"])
        for _ in range(2):
            trunks.refused("carrier", 34, "503 Service Unavailable")
        await clock.sleep(1)
        carrier, reserve = shelf.kept[KEY]["node1"]
        assert (carrier["state"], carrier["used"], carrier["refused_in_a_row"]) == ("resting", 1, 2)
        assert carrier["resting_until"] is not None
        assert (reserve["state"], reserve["resting_until"]) == ("working", None)
        assert 'centralino_trunk_resting{trunk="carrier"} 1.0' in figures.text()
        assert 'centralino_trunk_lines_used{trunk="carrier"} 1.0' in figures.text()
        telling.cancel()

    virtual_time(story())
