"""Trying a script without a talk: the same pages, nothing done; a changed text as far as it still goes."""

import pytest

from ivr import Shelf
from ivr.language import load_flow
from ivr.scripts import Mistake, Rehearsal, Step, view
from ivr.scripts.inputs import taken
from tests.ivr.scripts.house import FIND, NOW, ROME, SCRIPT, flows
from values import Money

pytestmark = pytest.mark.unit

FORM = {"age": "42", "grade": "10"}
WAY = [Step("answer", "1"), Step("answer", "1", FORM), Step("next", typed={"shelf": "B4"})]


def rehearsal(script: str = SCRIPT) -> Rehearsal:
    edition = Shelf([load_flow(text, file="script").flow for text in (script, FIND)]).edition()
    return Rehearsal(edition, "shop.call", {"name": "Anna", "owed": 12.5}, now=NOW, zone=ROME)


def test_actions_are_told_and_not_done() -> None:
    made = rehearsal()
    made.take(WAY)
    assert made.would_do == ["shop.stock"]
    assert view(made.walk, "en").path == "last"
    assert len(made.taken) == 3


def test_a_mistake_stays_on_its_page() -> None:
    made = rehearsal()
    made.take([WAY[0], Step("answer", "1", {"age": "1"}), WAY[2]])
    assert [one.mistake for one in made.mistakes] == [Mistake.TOO_LOW, Mistake.MISSING]
    assert made.taken == WAY[:1]


def test_a_changed_text_is_followed_as_far_as_its_ways_are_there() -> None:
    made = rehearsal(SCRIPT.replace("1: {text: {en: Done", "3: {text: {en: Done"))
    made.take(WAY)
    assert made.taken == WAY[:1]
    assert view(made.walk, "en").path == "form"
    assert not made.make(Step("jump"))
    assert not made.make(Step("language", "ru"))
    assert made.make(Step("language", "it"))
    assert made.make(Step("back"))
    assert not made.make(Step("back"))


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("money", "12,50", Money(1250, "EUR")),
        ("money", 12.5, Money(1250, "EUR")),
        ("money", "much", None),
        ("money", True, None),
        ("number", "7", 7),
        ("number", "7.5", 7.5),
        ("number", "NaN", None),
        ("flag", "yes", True),
        ("flag", 0, False),
        ("text", 5, "5"),
        ("text", "", None),
        ("date", "soon", None),
        ("time", "soon", None),
    ],
)
def test_what_a_list_carries_becomes_what_the_script_declares(
    kind: str, value: object, expected: object
) -> None:
    flow = load_flow(SCRIPT.replace("name: {type: text}", f"name: {{type: {kind}}}"), file="x").flow
    assert taken(flow.inputs["name"], value) == expected  # type: ignore[arg-type]


def test_dates_and_times_of_a_list_keep_their_day() -> None:
    flow = load_flow(SCRIPT.replace("name: {type: text}", "name: {type: date}"), file="x").flow
    assert str(taken(flow.inputs["name"], "2026-12-01T10:00:00")) == "2026-12-01"
    flow = load_flow(SCRIPT.replace("name: {type: text}", "name: {type: time}"), file="x").flow
    assert str(taken(flow.inputs["name"], "2026-12-01T10:00:00")) == "2026-12-01 10:00:00+00:00"


def test_the_tests_own_scripts_are_sound() -> None:
    assert [flow.flow for flow in flows()] == ["shop.call", "shop.find"]
