"""Two rules of one event that may both call by one campaign are told, unless it is clear which holds."""

import pytest

from proactive.rules import Vocabulary, overlaps, read_book

pytestmark = pytest.mark.unit

WORDS = Vocabulary({
    "order.planned": frozenset({"order", "kind", "planned", "same", "count"}),
    "order.moved": frozenset({"order", "kind", "planned", "same", "count"}),
})  # fmt: skip


def told(first: str, second: str) -> list[str]:
    text = f"edition: 1\nrules:\n  one: {{campaign: c, {first}}}\n  two: {{campaign: c, {second}}}\n"
    return [str(each) for each in overlaps(read_book([("r.yaml", text)], WORDS))]


@pytest.mark.parametrize(
    ("first", "second"),
    [("on: order.planned", "on: order.planned"),
     ("on: order.planned", "on: [order.moved, order.planned], when: not same"),
     ("on: order.planned, when: 'kind == \"la\"'", "on: order.planned, when: 'tier == \"gold\"'"),
     ("on: order.planned, when: 'kind in [\"la\", \"lna\"]'", "on: order.planned, when: 'kind != \"la\"'"),
     ("on: order.planned, when: count > 3", "on: order.planned, when: count < 5"),
     ("on: order.planned, when: count > 0", "on: order.planned, when: count < 2")],
)  # fmt: skip
def test_rules_that_may_both_hold_are_told_with_what_to_do(first: str, second: str) -> None:
    (words,) = told(first, second)
    assert words.startswith("one and two may both hold for the same order.planned")
    assert "one calls by c then" in words
    assert "priority" in words


@pytest.mark.parametrize(
    ("first", "second"),
    [("on: order.planned", "on: order.moved"),
     ("on: order.planned", "on: order.planned, priority: 5"),
     ("on: order.planned, when: same", "on: order.planned, when: not same"),
     ("on: order.planned, when: 'kind == \"la\"'", "on: order.planned, when: 'kind == \"cdu\" and not same'"),
     ("on: order.planned, when: 'tier in [\"gold\"]'", "on: order.planned, when: 'tier not in [\"gold\"]'"),
     ("on: order.planned, when: 'planned < \"2026-11-30\"'",
      "on: order.planned, when: 'planned >= \"2026-11-30\"'"),
     ("on: order.planned, when: count > 3", "on: order.planned, when: count <= 3")],
)  # fmt: skip
def test_rules_of_which_only_one_can_hold_are_fine(first: str, second: str) -> None:
    assert told(first, second) == []
