"""The proof of sound flows: nothing is told that is not wrong, and what is not known is not claimed."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.actions import ActionContext, Actions
from ivr.language import FlowError, LoadedFlow, Problem, check_flow, is_sound, load_flow
from ivr.language.proof.knowledge import ANYTHING, know
from ivr.language.proof.subject import Surroundings
from tests.ivr.language import world
from values import Scalar

pytestmark = pytest.mark.unit

CHECKOUT = Path(__file__).parents[3]
SHIPPED = sorted([*CHECKOUT.glob("*/flows/*.yaml"), *CHECKOUT.glob("tests/ivr/flows/*.yaml")])


def _load(path: Path) -> LoadedFlow:
    return load_flow(path.read_text("utf-8"), file=str(path.relative_to(CHECKOUT)))


async def _act(ctx: ActionContext, **fields: Scalar) -> dict[str, Scalar]:
    return {}


def _support() -> Actions:
    found = Actions()
    line, ok = frozenset({"line"}), frozenset({"ok"})
    found.register(
        "support.measure_line", _act, fields=line, results=frozenset({"outage", "speed", "back_at"})
    )
    found.register("support.promise_message", _act, fields=line)
    found.register("support.check_pin", _act, fields=frozenset({"line", "value"}), results=ok)
    found.register(
        "support.book_technician", _act, fields=frozenset({"line", "day"}), results=frozenset({"when"})
    )
    found.register("support.keep_message", _act, fields=frozenset({"line", "message"}))
    return found


def _told(steps: str, **around: object) -> list[Problem]:
    text = world.HEAD + steps + world.TAIL
    return check_flow(load_flow(text, file="x"), actions=world.actions(), flows=world.flows(), **around)  # type: ignore[arg-type]


def _codes(steps: str) -> list[str]:
    return [problem.code for problem in _told(steps)]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_flows_we_ship_are_sound(path: Path) -> None:
    flows = {
        loaded.flow.flow: loaded.flow
        for loaded in map(_load, SHIPPED)
        if loaded.flow.flow != "support.router"
    }
    flows.setdefault("support.router", load_flow(ROUTER, file="router").flow)
    problems = check_flow(_load(path), flows=flows, transfers=["operator", "queue.*"])
    assert is_sound(problems), "\n".join(map(str, problems))


ROUTER = """\
flow: support.router
title: Help with the router
languages: [en, it]
start: light
give_up: gone
inputs: {line: {}}
steps:
  light:
    menu:
      greeting: {en: "If the light is green press 1, if not 2.", it: "Se la luce è verde prema 1, se no 2."}
      choices: {1: {to: gone, set: {works: true}}, 2: {to: gone, set: {works: false}}}
  gone: {end: gone}
"""


def test_a_flow_of_every_kind_of_step_has_nothing_to_complain_about() -> None:
    flows = {"support.router": load_flow(ROUTER, file="router").flow}
    loaded = _load(CHECKOUT / "tests/ivr/flows/internet_help.yaml")
    problems = check_flow(loaded, actions=_support(), flows=flows, transfers=["operator"])
    assert problems == []


@pytest.mark.parametrize(
    ("target", "known", "codes"),
    [
        ("agents", ["agents", "agents.*"], []),
        ("agents.fibre", ["agents", "agents.*"], []),
        ("agents.fibre", ["agents"], ["F610"]),
        ("agent.fibre", ["agents", "agents.*"], ["F610"]),
        ("operator.fibre", ["operator", "agents.*"], ["F610"]),
    ],
)
def test_people_may_be_named_by_what_they_know(target: str, known: list[str], codes: list[str]) -> None:
    steps = f"  hello: {{transfer: {target}, next: bye}}\n  bye: {{end: done}}\n"
    heading = "flow: test.flow\ntitle: To somebody\nlanguages: [en]\nstart: hello\ngive_up: bye\nsteps:\n"
    loaded = load_flow(heading + steps, file="flow")
    assert [problem.code for problem in check_flow(loaded, transfers=known)] == codes


def test_what_nobody_can_look_up_is_not_claimed_to_be_wrong() -> None:
    loaded = _load(CHECKOUT / "tests/ivr/flows/internet_help.yaml")
    assert check_flow(loaded) == []


def test_a_silent_caller_may_go_round_while_something_counts() -> None:
    assert _codes(
        """\
  hello:
    menu:
      greeting: {en: Press 1.}
      choices: {1: bye}
      no_input: {to: once}
  once:
    choose: [{when: tried == true, to: bye}]
    otherwise: remember
  remember:
    set: {tried: true}
    next: hello
"""
    ) == ["F509"]


def test_a_circle_that_counts_is_only_a_warning() -> None:
    codes = _codes(
        """\
  hello:
    choose: [{when: tried, to: bye}]
    otherwise: remember
  remember:
    set: {tried: true}
    next: hello
"""
    )
    assert codes == ["F207"]


def test_a_sub_flow_that_listens_makes_a_circle_harmless() -> None:
    steps = """\
  hello:
    run: test.other
    next: fine
  fine:
    choose: [{when: vip, to: bye}]
    otherwise: hello
"""
    loaded = load_flow(world.HEAD + steps + world.TAIL, file="x")
    listening = {"test.other": load_flow(ROUTER, file="r").flow}
    assert "F207" not in [problem.code for problem in check_flow(loaded, flows=listening)]
    assert "F207" in [problem.code for problem in check_flow(loaded, flows=world.flows())]


def test_what_is_known_is_what_all_ways_agree_on() -> None:
    flow = load_flow(
        world.HEAD
        + """\
  hello:
    menu:
      greeting: {en: Press 1.}
      choices:
        1: {to: left, set: {a: 1, b: 2}}
        2: {to: right, set: {b: 3, c: 4}}
  left: {set: {d: 5}, next: meet}
  right:
    do: test.act
    with: {a: 1}
    on_error: meet
    next: meet
  meet: {language: en, next: after}
  after: {choose: [{when: c != none and a > 1, to: yes}], otherwise: bye}
  yes: {end: yes}
"""
        + world.TAIL,
        file="x",
    ).flow
    knowledge = know(flow, Surroundings(world.actions()))
    assert knowledge.at["hello"] == {"vip"}
    assert knowledge.at["left"] == {"vip", "a", "b"}
    assert knowledge.at["meet"] == {"vip", "b"}
    assert knowledge.at["after"] == {"vip", "b", "language"}
    assert knowledge.at["yes"] == {"vip", "b", "language", "a", "c"}
    assert knowledge.at["bye"] == {"vip"}  # also reached by the operator key from the very first menu
    assert knowledge.ever == {"vip", "a", "b", "c", "d", "r", "language"}
    assert ANYTHING in know(flow, Surroundings()).ever


def test_errors_come_first() -> None:
    problems = _told("  hello: {say: {en: Hi, fr: Salut}, next: by}\n")
    assert [problem.code for problem in problems] == ["F201", "F302"]


def test_a_large_flow_is_proved_while_one_waits() -> None:
    menu = "{{menu: {{greeting: {{en: Press 1.}}, choices: {{1: s{back}, 2: s{on}}}}}}}"
    steps = "".join(f"  s{n}: {menu.format(back=(n * 7) % 300, on=n + 1)}\n" for n in range(300))
    text = world.HEAD.replace("hello", "s0") + steps + "  s300: {end: fine}\n" + world.TAIL
    assert is_sound(check_flow(load_flow(text, file="x")))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_however_a_flow_is_mangled_it_is_proved_without_a_fall(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(SHIPPED))
    lines = path.read_text("utf-8").splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        first, second = data.draw(st.integers(0, len(lines) - 1)), data.draw(st.integers(0, len(lines) - 1))
        words = lines[first].split(": ")
        others = lines[second].split(": ")
        words[-1] = others[-1]
        lines[first] = ": ".join(words)
    try:
        loaded = load_flow("\n".join(lines), file="mangled")
    except FlowError:
        return
    for problem in check_flow(loaded, actions=world.actions(), flows=world.flows(), transfers=[]):
        assert 1 <= problem.line <= len(lines)
        assert str(problem)
