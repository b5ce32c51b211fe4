"""Reading flows: YAML as authors mean it, positions, limits, versions."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.language import FlowError, load_flow, version_of
from ivr.language.document import Place
from ivr.language.model import AskStep, DoStep, LanguageStep, MenuStep
from ivr.language.yaml_reader import LARGEST, read_yaml

pytestmark = pytest.mark.unit

CHECKOUT = Path(__file__).parents[3]
HELP = CHECKOUT / "tests/ivr/flows/internet_help.yaml"


def test_words_stay_words_and_numbers_that_begin_with_zero_stay_text() -> None:
    told = (
        "a: [no, yes, on, off, True, 0611, 08:00, 2026-03-02, 1e3, 0x1F, 1_000, 12, -3, 1.50, true, ~, null]"
    )
    assert read_yaml(told, file="x").data == {
        "a": [
            *["no", "yes", "on", "off", "True", "0611", "08:00", "2026-03-02", "1e3", "0x1F", "1_000"],
            *[12, -3, 1.5, True, None, None],
        ]
    }


def test_an_escape_that_stands_for_no_character_is_told_with_its_line() -> None:
    with pytest.raises(FlowError) as told:
        read_yaml('a: "\\U0001F600"\nb: "\\UFFFFFFFF"\n', file="x")
    ((line, words),) = [(each.line, each.message) for each in told.value.problems]
    assert (line, "stands for no character" in words) == (2, True)


def test_names_before_a_colon_are_text() -> None:
    assert read_yaml("1: a\n007: b\ntrue: c\n'#': d\n", file="x").data == {
        "1": "a",
        "007": "b",
        "true": "c",
        "#": "d",
    }


def test_a_variable_without_quotes_is_understood() -> None:
    data = read_yaml("a: {balance}\nb: {x: {due:date}}\nc: [{y}]", file="x").data
    assert data == {"a": "{balance}", "b": {"x": "{due:date}"}, "c": ["{y}"]}


def test_a_remark_that_begins_with_a_colon_inside_a_text_is_no_mistake() -> None:
    assert read_yaml("a: |\n  one\n  #: two\n# : three\n", file="x").data == {"a": "one\n#: two\n"}


def test_parts_repeated_by_reference_are_told_where_they_are_written() -> None:
    document = read_yaml("a: &x {one: 1}\nb: *x\n", file="x")
    assert document.data == {"a": {"one": 1}, "b": {"one": 1}}
    assert document.place(("b",)) == Place(2, 4)
    assert document.place(("b", "one")) == Place(1, 13)


def test_every_part_has_its_place() -> None:
    loaded = load_flow(HELP.read_text("utf-8"), file="help")
    lines = loaded.text.splitlines()

    def line(*path: str | int, name: bool = False) -> str:
        return lines[loaded.document.place(path, name=name).line - 1].strip()

    assert line("steps", "main", name=True) == "main:"
    assert line("steps", "main", "menu", "choices", "2") == "2: technicians_there"
    assert line("steps", "ask_pin", "ask", "must", 0, "action") == "- action: support.check_pin"
    assert line("steps", "booked", "choose", 0, "when") == "- {when: appointment == none, to: no_place}"
    # what is missing is told at the name of what surrounds it
    assert line("steps", "main", "menu", "nothing", "deeper") == "menu:"


def test_what_authors_write_becomes_what_is_meant() -> None:
    steps = load_flow(HELP.read_text("utf-8"), file="help").flow.steps
    menu, ask, deed, speak = steps["choose_language"], steps["ask_pin"], steps["look_at_line"], steps["speak"]
    assert isinstance(menu, MenuStep)
    assert isinstance(ask, AskStep)
    assert isinstance(deed, DoStep)
    assert isinstance(speak, LanguageStep)
    assert menu.menu.choices["1"].to == "speak"
    assert menu.menu.choices["1"].set == {"spoken": "en"}
    assert ask.ask.digits == (4, 6)
    assert deed.deadline == 8.0
    assert deed.with_ == {"line": "{line}"}
    assert speak.language == "{spoken}"


def test_keys_need_no_quotes_unless_they_are_signs() -> None:
    flow = load_flow(_small("keys: {operator: 0, back: 9}\noperator: bye\n"), file="x").flow
    assert (flow.keys.operator, flow.keys.back) == ("0", "9")


@pytest.mark.parametrize(("written", "means"), [("off", "off"), ("any", "any"), ("12", "12"), ('"1#"', "1#")])
def test_barge_in_is_a_word_or_keys(written: str, means: str) -> None:
    text = _small("", f"  hello: {{say: {{en: Hi}}, barge_in: {written}, next: bye}}\n", start="hello")
    assert load_flow(text, file="x").flow.steps["hello"].barge_in == means  # type: ignore[union-attr]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    with pytest.raises(FlowError) as error:
        load_flow(
            "flow: Nice Name\ntitel: x\nlanguages: [english]\nstart: a\nsteps: {a: {say: Hi}}\n",
            file="f.yaml",
        )
    told = [(problem.line, problem.code, problem.field or problem.step) for problem in error.value.problems]
    assert told == [
        (1, "F102", "title"),
        (1, "F102", "give_up"),
        (1, "F103", "flow"),
        (2, "F101", "titel"),
        (3, "F103", "languages.0"),
        (5, "F102", "next"),
        (5, "F103", "say"),
    ]
    assert "did you mean 'title'?" in str(error.value)


@pytest.mark.parametrize("text", ["", "- a\n", "hello", "3", "# nothing\n"])
def test_what_is_no_flow_at_all_says_how_a_flow_begins(text: str) -> None:
    with pytest.raises(FlowError, match="a flow begins with its name"):
        load_flow(text, file="x")


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(FlowError, match="F003"):
        read_yaml("a" * (LARGEST + 1), file="x")


def test_a_version_is_what_the_file_says_not_how_it_is_written() -> None:
    text = HELP.read_text("utf-8")
    version = version_of(text)
    assert version == load_flow(text, file="elsewhere").version
    assert len(version) == 64
    assert version_of("# a remark\n" + text.replace("{line: {line}}", '\n      line: "{line}"')) == version
    assert (
        version_of(text.replace("&workday ", "").replace("*workday", '["08:00-13:00", "14:00-20:00"]'))
        == version
    )
    assert version_of(text.replace("tries: 3", "tries: 4")) != version
    assert version_of(text.replace("deadline: 8s", "deadline: 8000ms")) != version


def test_an_old_text_keeps_its_version_for_ever() -> None:
    """Published versions are kept by this hash: should this fail, take back the change that made it fail."""
    version = version_of("flow: a.b\nsteps: {x: {end: y, goal: true}}\nn: [1, 1.5, ~, è]\n")
    assert version == "2afc1c768407ee5df28e8a61b9d630cc66f3cfabc855c432b1b91143843da59c"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_however_a_flow_is_mangled_it_is_read_or_refused(data: st.DataObject) -> None:
    lines = HELP.read_text("utf-8").splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at : at + data.draw(st.integers(0, 2))] = [
            data.draw(st.sampled_from([*lines, "  x: [", "a: {b", "\t", "- *y", "1: 2"]))
        ]
    assert _version_or_problems("\n".join(lines))


@given(st.text(max_size=80))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    assert _version_or_problems(text)


def _version_or_problems(text: str) -> object:
    try:
        return load_flow(text, file="x").version
    except FlowError as error:
        return error.problems


def _small(head: str, steps: str = "", start: str = "bye") -> str:
    return (
        f"flow: test.small\ntitle: Small\nlanguages: [en]\nstart: {start}\ngive_up: bye\n{head}"
        f"steps:\n{steps}  bye: {{end: bye}}\n"
    )
