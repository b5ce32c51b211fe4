"""`centralino prompts` tells what can be heard, and makes what cannot."""

import csv
import json
import wave
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from asterisk_conf.fallback.texts import TEXTS
from centralino.cli import prompts
from centralino.settings import Settings
from ivr.speech import Recordings, Shelf, Studio, Voice
from ivr.speech.testing import Tones, write_tone
from values import BadInputError, SystemClock

pytestmark = pytest.mark.unit

FLOW = """
flow: test.hello
title: Hello
languages: [it, en]
start: hello
give_up: done
steps:
  hello: {say: {it: "Buongiorno.", en: "Hello."}, next: balance}
  balance: {say: {it: "Il saldo è {owed:money}.", en: "You owe {owed:money}."}, next: done}
  done: {end: done, say: {it: "Arrivederci."}}
"""


class Command:
    """The command on a home of its own, with a voice of tones."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.flow = folder / "hello.yaml"
        self.flow.write_text(FLOW)

    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(prompts.app, list(words), catch_exceptions=False)

    def figures(self) -> dict[str, dict[str, int]]:
        rows = json.loads(self("--file", str(self.flow), "--json").stdout)
        return {row["language"]: row for row in rows}


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    command = Command(tmp_path)

    def settings() -> Settings:
        return Settings(home=command.home)

    def voice(settings: Settings) -> Voice:
        shelf = Shelf(settings.home / "prompts")
        studio = Studio(shelf, {}, SystemClock(), spare=Tones(0.05))
        return Voice(studio, Recordings(settings.home / "recordings", shelf), SystemClock())

    monkeypatch.setattr(prompts, "own_settings", settings)
    monkeypatch.setattr(prompts, "_voice", voice)
    return command


def test_figures_go_from_missing_to_rendered_and_name_what_is_unwritten(command: Command) -> None:
    before = command.figures()
    assert (before["it"]["missing"], before["en"]["missing"], before["en"]["unwritten"]) == (3, 2, 1)
    made = command("render", "--file", str(command.flow))
    assert made.exit_code == 0
    assert "5 pieces made, 0 were there, 0 failed" in made.stdout
    assert command.figures()["it"]["rendered"] == 3
    for language in ("it", "en", "ru"):
        folder = command.home / "prompts" / "fallback" / language
        assert {path.stem for path in folder.glob("*.alaw")} == set(TEXTS)


def test_every_prompt_is_listed_with_its_text_and_source(command: Command) -> None:
    file = command.home / "recordings" / "it" / "test.hello.hello.say.wav"
    file.parent.mkdir(parents=True)
    write_tone(file, 500, 0.2)
    shown = command("--file", str(command.flow), "--all", "--language", "it").stdout
    assert "test.hello.hello.say" in shown
    assert "recorded" in shown
    assert "{owed:money}" in shown
    assert "Hello." not in shown


def test_a_prompt_can_be_listened_to_with_plausible_values(command: Command, tmp_path: Path) -> None:
    said = command(
        "listen", "test.hello.balance.say", "--file", str(command.flow), "--to", str(tmp_path / "a.wav")
    )
    assert "Il saldo è settantadue euro e cinquanta" in said.stdout
    with wave.open(str(tmp_path / "a.wav")) as sound:
        assert sound.getframerate() == 8000
        assert sound.getnframes() > 800


def test_a_studio_gets_the_texts_that_can_be_recorded(command: Command, tmp_path: Path) -> None:
    command("export", str(tmp_path / "studio"), "--file", str(command.flow))
    rows = list(csv.reader((tmp_path / "studio" / "texts.csv").read_text().splitlines()))
    assert rows == [
        ["file", "text"],
        ["test.hello.hello.say.wav", "Buongiorno."],
        ["test.hello.done.say.wav", "Arrivederci."],
    ]
    assert (tmp_path / "studio" / "test.hello.hello.say.wav").exists()


def test_what_is_not_there_is_named(command: Command, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"no\.such\.key"):
        command("listen", "no.such.key", "--file", str(command.flow))
    with pytest.raises(BadInputError, match=r"no\.such"):
        command("--flow", "no.such")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadInputError, match="cannot make"):
        command("export", str(tmp_path / "file" / "studio"), "--file", str(command.flow))
