"""What customers hear, kept as text: it is what the flows say today, and every step of them is in it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from centralino.cli.flow import app
from centralino.cli.flowshelf import find_flows, scenario_files
from centralino.cli.flowtranscripts import KEPT, RENEW, outdated, transcripts
from ivr.language.model import FlowKind
from ivr.scenarios import EngineDriver, load_scenarios, run_scenario

pytestmark = pytest.mark.unit

HOUSE = Path(__file__).parents[2]
FLOW = """
flow: room.tiny
title: Tiny
languages: [en, it]
start: main
give_up: bye
steps:
  main: {menu: {greeting: {en: One or two., it: Uno o due.}, choices: {"1": code, "2": person}}}
  code: {ask: {prompt: {en: PIN., it: PIN.}, into: pin, digits: 4, private: true}, next: words}
  words: {record: {prompt: {en: Speak., it: Parli.}, into: words}, next: bye}
  person: {transfer: operator, next: bye}
  bye: {end: done, say: {en: Bye., it: Arrivederci.}}
"""
SCENARIOS = """
scenarios:
  - {scenario: A code and a word, flow: room.tiny, language: it,
     steps: [{silence: true}, {press: 1}, {press: 4711}], outcome: done}
  - {scenario: A person, flow: room.tiny, transfers: [busy],
     steps: [{expect: main, says: One or two.}, {press: 2}]}
  - {scenario: Nothing, flow: room.tiny, steps: [{hang_up: true}]}
"""
SAID = """\
room.tiny · it
Tiny

« is said, » is keyed; what is private shows as dots. Written by `centralino flow transcripts`.

── A code and a word
« Uno o due.
» (silence)
« Uno o due.
» 1
« PIN.
» ••••
« Parli.
» (speaks)
« Arrivederci.
= done

── A person
« Uno o due.
» 2
» (transfer to operator: busy)
« Arrivederci.
= done

── Nothing
« Uno o due.
» (hangs up)
= hung up at main
"""


async def test_the_kept_transcripts_are_what_the_flows_say_today() -> None:
    texts = await transcripts(find_flows([]), scenario_files())
    assert outdated(texts, HOUSE / KEPT, all_of_them=True) == [], f"read them again after: {RENEW}"


async def test_every_script_is_read_to_its_ends() -> None:
    texts = await transcripts(find_flows([]), [])
    assert {"care.inbound.it.txt", "surveys.nps_desk.ru.txt"} <= texts.keys()
    assert [name for name, text in texts.items() if "= read no further" in text] == []
    ends = {line for line in texts["care.unpaid_bill.en.txt"].splitlines() if line.startswith("= ")}
    assert ends >= {"= promised, the goal", "= paid_already, the goal", "= handed_on", "= wrong_number"}


async def test_every_step_of_every_flow_is_walked_by_a_scenario() -> None:
    shelf = find_flows([])
    flows = list(shelf.flows.values())
    walked: set[tuple[str, str]] = set()
    for file in scenario_files():
        for each in load_scenarios(file.read_text("utf-8"), file=str(file)):
            driver = EngineDriver(flows)
            await run_scenario(each, driver)
            walked |= {(each.scenario.flow, path) for path in driver.walked}
    missed = {
        (flow.flow, step)
        for flow in flows
        if flow.kind is not FlowKind.SCRIPT
        for step in flow.steps
        if (flow.flow, step) not in walked
    }
    assert missed == set()


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CENTRALINO_HOME", str(tmp_path))
    (tmp_path / "tiny.yaml").write_text(FLOW, encoding="utf-8")
    (tmp_path / "calls.yaml").write_text(SCENARIOS, encoding="utf-8")
    return tmp_path


def test_an_author_keeps_those_of_a_flow_of_their_own(author: Path) -> None:
    to = author / "kept"
    words = [
        "transcripts",
        str(author / "tiny.yaml"),
        "--scenario",
        str(author / "calls.yaml"),
        "--to",
        str(to),
    ]

    def run(*more: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, [*words, *more], env={"COLUMNS": "200"})
        return done.exit_code, done.output

    assert run("--check")[0] == 1
    assert run() == (0, f"2 transcripts in {to}, 2 of them new or changed\n")
    assert (to / "room.tiny.it.txt").read_text("utf-8") == SAID
    assert run("--check") == (0, "")
    (author / "tiny.yaml").write_text(FLOW.replace("Bye.", "Good-bye."), encoding="utf-8")
    assert run("--check") == (1, f"{to / 'room.tiny.en.txt'} is not what the flows say today\n")
    assert run()[1] == f"2 transcripts in {to}, 1 of them new or changed\n"


def test_a_flow_that_is_gone_takes_its_transcripts_along_and_nobody_elses(tmp_path: Path) -> None:
    (tmp_path / "room.old.it.txt").write_text(SAID, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert outdated({}, tmp_path, all_of_them=True) == ["room.old.it.txt"]
    assert outdated({}, tmp_path, all_of_them=False) == []
