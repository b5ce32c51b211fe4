"""Only what changed is told; a slow page catches up; a partner's manager sees his own people."""

from typing import Any

import orjson
import pytest

from web.floor.audience import BEHIND_BYTES, Audience
from web.floor.tables import Change, changes, told

pytestmark = pytest.mark.unit

SPRING = {"title": "Spring", "lines": 3, "state": "calling"}
ANNA = {"state": "ready", "partner": "", "title": "Anna"}
BRUNO = {"state": "talking", "partner": "blu", "title": "Bruno"}


def test_of_a_row_only_the_fields_that_changed_are_told() -> None:
    before = {"campaigns": {"spring": SPRING, "autumn": SPRING}, "agents": {"anna": ANNA}}
    now = {"campaigns": {"spring": {**SPRING, "lines": 4}}, "agents": {"anna": dict(ANNA)}}
    assert told(changes(before, now)) == {"campaigns": {"put": {"spring": {"lines": 4}}, "gone": ("autumn",)}}
    assert changes(now, now) == {}


def test_a_field_that_nobody_tells_any_more_is_empty_and_a_new_row_is_told_whole() -> None:
    change = changes(
        {"queues": {"a": {"waiting": 1, "asa": 3.0}}}, {"queues": {"a": {"waiting": 1}, "b": {}}}
    )
    assert change["queues"] == Change({"a": {"asa": None}, "b": {}})


class Page:
    """A socket with its unread bytes."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.unread = 0
        self.socket, self.behind, self.closed = self, False, False

    async def send_json(self, text: bytes) -> bool:
        if not self.closed:
            self.heard.append(orjson.loads(text))
        return not self.closed


async def test_a_page_hears_everything_and_then_what_changes_and_one_that_fell_behind_everything_again() -> (
    None
):
    house, quick, slow = Audience(), Page(), Page()
    tables = {"campaigns": {"spring": SPRING}}
    await house.welcome(quick, {"at": 1}, tables)  # type: ignore[arg-type]
    await house.welcome(slow, {"at": 1}, tables)  # type: ignore[arg-type]
    assert quick.heard[0] == {"at": 1, "whole": True, "tables": {"campaigns": {"put": {"spring": SPRING}}}}
    slow.unread = BEHIND_BYTES + 1
    more = {"campaigns": {"spring": {**SPRING, "lines": 9}}}
    await house.tell({"at": 2}, more)
    assert quick.heard[1] == {"at": 2, "tables": {"campaigns": {"put": {"spring": {"lines": 9}}}}}
    assert len(slow.heard) == 1
    slow.unread = 0
    await house.tell({"at": 3}, more)
    assert quick.heard[2] == {"at": 3, "tables": {}}
    assert slow.heard[1]["whole"] is True
    assert slow.heard[1]["tables"]["campaigns"]["put"]["spring"]["lines"] == 9
    quick.closed = True
    await house.tell({"at": 4}, more)
    assert house.watchers == {slow}


def test_a_partners_manager_hears_of_his_partners_agents_and_of_nothing_else() -> None:
    tables = {
        "agents": {"anna": ANNA, "bruno": BRUNO},
        "campaigns": {"spring": SPRING},
        "house": {"": {"ready": 1}},
    }
    seen = Audience("blu").seen(tables)
    assert seen == {"agents": {"bruno": BRUNO}, "house": {"": {"talking": 1, "signed_in": 1}}}
    assert Audience().seen(tables) is tables
