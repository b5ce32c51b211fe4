"""A flow as a graph."""

import pytest

from ivr.language import EdgeKind, edges, load_flow
from ivr.language.graph import circles, live_globals, reachable

pytestmark = pytest.mark.unit

FLOW = load_flow(
    """\
flow: test.graph
title: Every way
languages: [en]
start: menu
give_up: sorry
operator: person
keys: {operator: 0, repeat: "*"}
calendars: {shop: {open: {mon: ["08:00-20:00"]}}}
steps:
  menu:
    menu:
      greeting: {en: Press 1.}
      choices: {1: question, 2: {to: question}, 3: hours}
      no_input: {to: person}
  own_zero:
    menu: {greeting: {en: Press 0.}, choices: {0: menu}, no_input: {to: menu}, no_match: {to: menu}}
  question:
    ask:
      prompt: {en: Key it.}
      into: number
      digits: 4
      must: [{action: test.check}]
      no_input: {to: menu}
      no_match: {to: menu}
    next: deed
  deed: {do: test.act, on_error: sorry, next: decide}
  decide: {choose: [{when: number == 1, to: menu}], otherwise: person}
  hours: {hours: shop, open: person, closed: sorry}
  person: {transfer: operator, busy: sorry, next: done}
  sorry: {end: sorry}
  done: {end: done}
""",
    file="x",
).flow


def test_every_way_has_its_reason_and_its_place() -> None:
    ways: dict[str, list[tuple[str, str, str, bool]]] = {}
    for edge in edges(FLOW):
        ways.setdefault(edge.source, []).append((edge.kind.value, edge.label, edge.target, edge.implied))
    assert ways == {
        "menu": [
            ("key", "1", "question", False),
            ("key", "2", "question", False),
            ("key", "3", "hours", False),
            ("no_input", "", "person", False),
            ("no_match", "", "sorry", True),
            ("operator", "0", "person", True),
        ],
        "own_zero": [
            ("key", "0", "menu", False),
            ("no_input", "", "menu", False),
            ("no_match", "", "menu", False),
        ],
        "question": [
            ("next", "", "deed", False),
            ("no_input", "", "menu", False),
            ("no_match", "", "menu", False),
            ("operator", "0", "person", True),
            ("on_error", "", "sorry", True),
        ],
        "deed": [
            ("next", "", "decide", False),
            ("on_error", "", "sorry", False),
            ("on_timeout", "", "sorry", True),
        ],
        "decide": [("case", "number == 1", "menu", False), ("otherwise", "", "person", False)],
        "hours": [("open", "", "person", False), ("closed", "", "sorry", False)],
        "person": [
            ("next", "", "done", False),
            ("busy", "", "sorry", False),
            ("no_answer", "", "done", True),
            ("failed", "", "done", True),
        ],
    }
    (first,) = [edge for edge in edges(FLOW) if edge.label == "2" and edge.kind is EdgeKind.KEY]
    assert first.path == ("steps", "menu", "menu", "choices", "2", "to")


def test_a_choice_takes_a_global_key_away() -> None:
    assert live_globals(FLOW, "menu") == {"repeat": "*", "operator": "0"}
    assert live_globals(FLOW, "own_zero") == {"repeat": "*"}


def test_circles_are_the_groups_that_lead_round() -> None:
    onward = {
        "a": ["b"],
        "b": ["c", "d"],
        "c": ["a"],
        "d": ["e"],
        "e": ["e", "f"],
        "f": ["g"],
        "g": ["f"],
        "h": ["a"],
    }
    assert circles("abcdefgh", onward) == [["a", "b", "c"], ["e"], ["f", "g"]]
    assert circles("abdefgh", onward) == [["e"], ["f", "g"]]
    assert circles("", {}) == []


def test_what_can_be_got_to() -> None:
    onward = {"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}
    assert reachable("a", onward) == {"a", "b", "c"}
    assert reachable("a", onward, without={"b"}) == {"a"}


def test_a_long_chain_needs_no_deep_recursion() -> None:
    onward = {str(n): [str(n + 1)] for n in range(5_000)}
    assert circles(list(onward), onward) == []
