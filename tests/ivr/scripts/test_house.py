"""The scripts we ship: without a fault, and the base process in its ten steps and its order."""

import re

import pytest

from centralino.rooms import script_files
from ivr import Shelf
from ivr.language import check_flow, load_flow
from ivr.scripts import Walk, begin, view
from tests.ivr.scripts.house import NOW, ROME

pytestmark = pytest.mark.unit

SCRIPTS = {path.stem: load_flow(path.read_text("utf-8"), file=path.name) for path in script_files()}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_shipped_script_has_no_fault(name: str) -> None:
    loaded = SCRIPTS[name]
    flows = {one.flow.flow: one.flow for one in SCRIPTS.values()}
    assert [str(problem) for problem in check_flow(loaded, flows=flows)] == []
    assert loaded.flow.languages == ["it", "en", "ru"]


def test_the_base_process_has_ten_steps_from_greeting_to_thanks() -> None:
    told = " ".join(step.about for step in SCRIPTS["inbound"].flow.steps.values())
    assert sorted({int(number) for number in re.findall(r"step (\d+)", told.lower())}) == list(range(1, 11))


def test_the_offer_is_mentioned_before_the_solution_and_told_after_it() -> None:
    shelf = Shelf([SCRIPTS["inbound"].flow])
    state = begin(shelf.edition(), "care.inbound", {"offer": "Fibra", "customer_name": "Anna"}, language="en")
    walk = Walk(shelf.edition(), state, now=NOW, zone=ROME)
    walk.settle()
    stages = []
    for key, typed in (
        ("", {}),
        ("", {"contact_reason": "bill"}),
        ("1", {}),
        ("1", {}),
        ("", {"done": "explained"}),
        ("1", {}),
        ("7", {}),
        ("", {}),
        ("3", {}),
        ("1", {}),
    ):
        stages.append(str(walk.page.stage))
        assert walk.answer(key, typed) == []
        walk.settle()
    assert stages == [
        "greet", "listen", "listen", "beacon", "solve", "solve", "offer", "offer", "offer", "close",
    ]  # fmt: skip
    assert (walk.state.outcome, walk.state.goal) == ("served", True)
    assert walk.state.kept["offer_answer"] == "declined"


def test_a_debt_is_named_only_to_the_customer() -> None:
    flow = SCRIPTS["unpaid_bill"].flow
    shelf = Shelf([flow])
    walk = Walk(shelf.edition(), begin(shelf.edition(), flow.flow, {}), now=NOW, zone=ROME)
    walk.settle()
    for key in ("1", "1"):
        assert "fattura" not in " ".join(view(walk, "it").say).lower()
        assert "importo" not in " ".join(view(walk, "it").say).lower()
        walk.answer(key, {})
        walk.settle()
    assert walk.state.kept["right_party"] is True
    assert "importo" in " ".join(view(walk, "it").say)
