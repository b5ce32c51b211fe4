"""Callers hang up whenever they like: at every step of every flow."""

from pathlib import Path

import pytest

from ivr.language.loader import load_flow
from ivr.testing import walk_hangups
from tests.ivr.calling import flow_of
from values.testing import VirtualClock, virtual_time

pytestmark = pytest.mark.unit

EVERYTHING = flow_of(
    """
first: {say: {en: Hello.}, barge_in: any, next: main}
main:
  menu:
    greeting: {en: Main.}
    choices: {"1": number, "2": look, "3": voice, "4": sub, "5": talk}
number:
  ask: {prompt: {en: Number.}, into: number, digits: 6..12, must: [{number: IT}], confirm: {en: Right.}}
  next: served
look: {do: room.look, filler: {en: Wait.}, next: marks}
marks: {mark: {seen: true}, next: change}
change: {language: en, next: when}
when: {hours: desk, open: closing, closed: missed}
closing: {choose: [{when: known, to: keep}], otherwise: missed}
keep: {set: {kept: 1}, next: served}
voice: {record: {prompt: {en: Speak.}, into: voice, review: {en: Keep.}}, next: served}
sub: {run: try.sub, next: last}
talk: {transfer: operator, next: served}
last: {end: last, say: {en: Bye.}}
""",
    keys={"repeat": "*"},
    calendars={"desk": {"open": {"mon": ["08:00-20:00"]}}},
)
SUB = flow_of("first: {menu: {greeting: {en: Sub.}, choices: {'1': served}}}", flow="try.sub")


def test_every_kind_of_step_survives_a_hang_up_at_any_moment() -> None:
    walks = virtual_time(walk_hangups(EVERYTHING, flows=[SUB], clock=VirtualClock()))
    speaking = {"first", "main", "number", "look", "marks", "change", "voice", "sub", "talk", "last"}
    assert speaking <= {walk.step for walk in walks}
    assert all(walk.records[-1].how == "hangup" for walk in walks)
    confirmed = [walk for walk in walks if walk.step == "number"]
    assert max(walk.command for walk in confirmed) >= 5, "hung up while the answer was read back"


def test_every_flow_of_the_house_survives_it() -> None:
    house = Path(__file__).parents[3]
    files = list(house.glob("*/flows/*.yaml"))
    flows = [load_flow(path.read_text(encoding="utf-8"), file=path.name).flow for path in files]
    assert flows
    for flow in flows:
        others = [other for other in flows if other is not flow]
        walks = virtual_time(walk_hangups(flow, flows=others, clock=VirtualClock()))
        assert walks
