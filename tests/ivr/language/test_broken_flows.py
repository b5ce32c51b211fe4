"""Every problem the checker knows, each in a flow that has it, told at its line and nowhere else."""

import re
from pathlib import Path

import pytest

from ivr.language import FlowError, Problem, Severity, check_flow, is_sound, load_flow
from ivr.language.catalogue import CATALOGUE
from tests.ivr.language import world

pytestmark = pytest.mark.unit

PIECES = [
    piece.split("\n", 1)
    for piece in re.split(
        r"^=== ", Path(__file__).with_name("broken_flows.txt").read_text("utf-8"), flags=re.MULTILINE
    )[1:]
]


def _whole(piece: str) -> str:
    if not piece.startswith("  "):
        return piece
    head = world.SCRIPT_HEAD if "\n    page:" in piece else world.HEAD
    return head + piece + ("" if "\n  bye:" in piece else world.TAIL)


def _expected(text: str) -> list[tuple[int, str]]:
    marked = ((number, line.partition("# <- ")[2]) for number, line in enumerate(text.splitlines(), 1))
    return sorted((number, code) for number, codes in marked for code in codes.split())


def _told(text: str) -> list[Problem]:
    try:
        loaded = load_flow(text, file="broken.yaml")
    except FlowError as error:
        return list(error.problems)
    return check_flow(loaded, actions=world.actions(), flows=world.flows(), transfers=["operator"])


@pytest.mark.parametrize(("title", "piece"), PIECES, ids=[title for title, _ in PIECES])
def test_a_broken_flow_is_told_where_it_is_broken(title: str, piece: str) -> None:
    text = _whole(piece)
    problems = _told(text)
    found = sorted({(problem.line, problem.code) for problem in problems})
    assert found == _expected(text), "\n".join(map(str, problems))
    for problem in problems:
        assert problem.severity is CATALOGUE[problem.code].severity
        assert problem.file == "broken.yaml"
        assert problem.column >= 1
        assert "\n" not in problem.message
        assert "pydantic" not in problem.message
        assert "Input should" not in problem.message
    assert is_sound(problems) == all(problem.severity is not Severity.ERROR for problem in problems)


def test_every_kind_of_problem_is_tried() -> None:
    tried = {code for _, piece in PIECES for _, code in _expected(piece)}
    assert tried == set(CATALOGUE)


def test_every_kind_of_problem_is_explained_to_authors() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/flow-problems.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| <a id='f\d+'></a>(F\d+) \| (\w+ \| [^|]+) \|", page, flags=re.MULTILINE))
    assert rows == {code: f"{entry.severity} | {entry.title}" for code, entry in CATALOGUE.items()}


def test_what_resembles_the_mistake_is_offered() -> None:
    messages = [problem.message for title, piece in PIECES for problem in _told(_whole(piece))]
    for guess in (
        "'bye'",
        "'barge_in'",
        "'vip'",
        "'test.act'",
        "'test.other'",
        "'operator'",
        "'given'",
        "'say'",
    ):
        assert any(f"did you mean {guess}?" in message for message in messages), guess


def test_a_problem_reads_like_a_compilers() -> None:
    (problem,) = _told(_whole("  hello:\n    say: {en: Hello}\n    next: by\n"))
    assert (
        str(problem)
        == "broken.yaml:13:11: error F201: step hello: there is no step 'by'; did you mean 'bye'?"
    )
