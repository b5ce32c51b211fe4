"""`centralino flow`: what people type and read."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from centralino.cli.flow import app
from values import BadInputError

pytestmark = pytest.mark.unit

FLOW = """
flow: room.tiny
title: Tiny
languages: [en]
start: main
give_up: bye
steps:
  main: {menu: {greeting: {en: One or two.}, choices: {"1": bye, "2": more}}}
  more: {say: {en: More.}, next: bye}
  bye: {end: done}
"""


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(words), input=typed, catch_exceptions=False, env={"COLUMNS": "200"})


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.yaml"
    path.write_text(FLOW, encoding="utf-8")
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CENTRALINO_HOME", str(tmp_path))
    return tmp_path


def test_the_flows_of_the_house_are_proved(home: Path) -> None:
    done = run("check")
    assert done.exit_code == 0, done.output
    assert "flows checked" in done.output


def test_a_broken_flow_is_told_with_file_and_line(home: Path, tiny: Path) -> None:
    tiny.write_text(FLOW.replace("next: bye", "next: by"), encoding="utf-8")
    done = run("check", str(tiny))
    assert done.exit_code == 1
    assert f"{tiny}:9:" in done.output
    assert "error F201" in done.output
    tiny.write_text("flow: [", encoding="utf-8")
    assert run("check", str(tiny)).exit_code == 1
    problems = json.loads(run("check", "--json", str(tiny)).output)
    assert {"file", "line", "code", "message"} <= set(problems[0])


def test_a_name_nobody_has(home: Path) -> None:
    with pytest.raises(BadInputError, match=r"no flow 'room\.none'; the house has care\."):
        run("check", "room.none")


def test_a_flow_is_drawn(home: Path, tiny: Path, tmp_path: Path) -> None:
    picture = tmp_path / "tiny.svg"
    assert run("draw", str(tiny), "--to", str(picture)).exit_code == 0
    assert picture.read_text(encoding="utf-8").lstrip().startswith(("<svg", "<?xml"))


def test_a_flow_is_played(home: Path, tiny: Path) -> None:
    done = run("play", str(tiny), typed="9\n2\n")
    assert "« One or two." in done.output
    assert "main: no_match" in done.output
    assert "« More." in done.output
    assert "end: done" in done.output


def test_schemas_are_printed() -> None:
    assert "steps" in json.loads(run("schema").output)["properties"]
    assert "Scenario" in json.loads(run("schema", "--scenario").output)["$defs"]


def test_scenarios_are_run(home: Path, tiny: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("scenario: Fine\nflow: room.tiny\nsteps: [{press: 2}, {expect: more}]\noutcome: done\n")
    bad.write_text("scenario: Wrong\nflow: room.tiny\nsteps:\n  - press: 1\n  - expect: more\n")
    done = run("scenario", "run", str(good), "--flow", str(tiny), "--show")
    assert done.exit_code == 0, done.output
    assert "» 2" in done.output
    done = run("scenario", "run", str(good), str(bad), "--flow", str(tiny))
    assert done.exit_code == 1
    assert f"{bad}:5: Wrong: expected the step 'more'" in done.output
