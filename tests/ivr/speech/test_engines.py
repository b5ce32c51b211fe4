"""Engines are programs: real ones here, and some that misbehave."""

import asyncio
import sys
from pathlib import Path

import pytest

from ivr.speech import CommandEngine, Espeak, SpeechError, engine_for, master
from ivr.speech.mastering import loudness_of
from ivr.speech.testing import Tones, pitches, tone_of
from values import BadInputError

pytestmark = pytest.mark.unit

ECHO = (
    "import sys,wave;w=wave.open(sys.argv[1],'wb');w.setnchannels(1);w.setsampwidth(2);w.setframerate(8000);"
    "w.writeframes((' '.join(sys.argv[2:])+'|'+sys.stdin.read()).encode().ljust(400))"
)


@pytest.mark.parametrize(
    ("language", "words"),
    [("it", "Buongiorno, il suo saldo è settantadue euro."), ("en", "Good morning."), ("ru", "Доброе утро.")],
)
async def test_espeak_says_our_three_languages_and_slowly_when_asked(
    tmp_path: Path, language: str, words: str
) -> None:
    for slow in (False, True):
        await Espeak().speak(words, language, slow=slow, wav=tmp_path / f"{slow}.wav")
    normal, slow_one = master(tmp_path / "False.wav"), master(tmp_path / "True.wav")
    assert len(slow_one) > 1.15 * len(normal)
    assert loudness_of(normal) == pytest.approx(-20, abs=2)
    assert normal.max_dBFS <= -1.4


@pytest.mark.parametrize(
    "template",
    [
        "espeak-ng -v {language} -f {text_file} -w {wav}",
        "espeak-ng -v {language} --stdin --stdout",  # streamed: its header does not know the length
    ],
)
async def test_a_real_engine_works_by_template(tmp_path: Path, template: str) -> None:
    await CommandEngine(template).speak("Buongiorno.", "it", slow=False, wav=tmp_path / "a.wav")
    assert 500 < len(master(tmp_path / "a.wav")) < 2000


async def test_words_reach_the_engine_by_file_or_input_and_never_a_shell(tmp_path: Path) -> None:
    nasty = "$(touch hacked); `id` \"quoted\" 'it' & --version > x"
    by_input = CommandEngine(f'{sys.executable} -c "{ECHO}" {{wav}} {{rate}} {{stretch}} {{language}}')
    await by_input.speak(nasty, "it", slow=True, wav=tmp_path / "a.wav")
    assert f"0.75 1.33 it|{nasty}".encode() in (tmp_path / "a.wav").read_bytes()
    by_file = CommandEngine("cp {text_file} {wav}")
    await by_file.speak(nasty, "it", slow=False, wav=tmp_path / "b.wav")
    assert (tmp_path / "b.wav").read_text() == nasty
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.wav", "b.wav"]


async def test_an_engine_may_write_to_its_output(tmp_path: Path) -> None:
    await CommandEngine("cat").speak("RIFF", "it", slow=False, wav=tmp_path / "a.wav")
    assert (tmp_path / "a.wav").read_bytes() == b"RIFF"


@pytest.mark.parametrize(
    "template", ["no-such-program-anywhere {wav}", "false {wav}", "true {wav}", "cat /nowhere"]
)
async def test_an_engine_that_fails_says_so(tmp_path: Path, template: str) -> None:
    with pytest.raises(SpeechError):
        await CommandEngine(template).speak("ciao", "it", slow=False, wav=tmp_path / "a.wav")


async def test_an_engine_given_up_on_is_killed_with_its_children(tmp_path: Path) -> None:
    script = tmp_path / "engine.sh"
    script.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {tmp_path}/child\nwait\n")
    script.chmod(0o700)
    task = asyncio.create_task(
        CommandEngine(str(script)).speak("ciao", "it", slow=False, wav=tmp_path / "a.wav")
    )
    child = tmp_path / "child"
    while not child.exists() or not child.read_text().strip():  # noqa: ASYNC110  (written by another process)
        await asyncio.sleep(0.01)
    task.cancel()
    async with asyncio.timeout(30):  # a child left alive would hold its pipes for a minute
        with pytest.raises(asyncio.CancelledError):
            await task
    status = Path(f"/proc/{child.read_text().strip()}/stat")
    # killed; it may wait a moment as a zombie for whoever inherits it
    assert not status.exists() or status.read_text().rpartition(")")[2].split()[0] in "ZX"


async def test_an_engine_given_up_on_while_it_starts_is_killed_too(tmp_path: Path) -> None:
    script = tmp_path / "engine.sh"
    script.write_text("#!/bin/sh\nsleep 60\n")
    script.chmod(0o700)
    for turns in (0, 1, 2, 3, 5, 8):
        engine = CommandEngine(str(script))
        task = asyncio.create_task(engine.speak("ciao", "it", slow=False, wav=tmp_path / "a.wav"))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert not [pid for pid in Path("/proc").glob("[0-9]*") if _runs(pid, str(script))]


def _runs(process: Path, words: str) -> bool:
    try:
        return words.encode() in (process / "cmdline").read_bytes()
    except OSError:
        return False


@pytest.mark.parametrize("template", ['piper "unclosed', "piper {voice}", "piper {0}", "piper {wav", " "])
def test_a_template_that_cannot_work_is_refused_at_once(template: str) -> None:
    with pytest.raises(BadInputError):
        CommandEngine(template)


def test_the_setting_names_the_engine() -> None:
    assert isinstance(engine_for(""), Espeak)
    assert isinstance(engine_for("espeak-ng"), Espeak)
    assert engine_for("piper --output_file {wav}").identity == "piper --output_file {wav}"


async def test_tones_tell_texts_apart_and_stay_away_from_the_keys(tmp_path: Path) -> None:
    assert tone_of("Buongiorno.") == tone_of("buongiorno") != tone_of("Buonasera")
    assert len(pitches(*(str(number) for number in range(200)))) > 80
    for pitch in pitches(*(str(number) for number in range(500))):
        assert all(abs(pitch - key) >= 40 for key in (697, 770, 852, 941, 1209, 1336, 1477, 1633))
    await Tones().speak("Buongiorno", "it", slow=False, wav=tmp_path / "tone.wav")
    assert len(master(tmp_path / "tone.wav")) == pytest.approx(400, abs=10)
