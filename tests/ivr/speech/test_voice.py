"""What a caller is played, and how long they wait for it."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from ivr.language.model import Flow
from ivr.speech import (
    Recordings,
    Saying,
    Shelf,
    Source,
    SpeechError,
    Studio,
    Voice,
    coverage,
    prompts_of,
    tallies,
)
from ivr.speech.engines import Engine
from ivr.speech.pieces import Slot, cut, pauses
from ivr.speech.testing import Tones, write_tone
from values import Money, Scalar, Sound, SystemClock
from values.testing import FixedClock

pytestmark = pytest.mark.unit

BALANCE = {
    "it": "Il suo saldo è {owed:money}, da pagare entro {due:date}.",
    "en": "You owe {owed:money}, due {due:date}.",
}
VALUES: dict[str, Scalar] = {"owed": Money(7250), "due": date(2026, 3, 3)}
HELLO = {"it": "Buongiorno.", "en": "Hello."}


class Broken:
    """An engine that fails, or never comes to an end."""

    def __init__(self, *, hangs: bool = False) -> None:
        self.identity = f"broken {hangs}"
        self.hangs = hangs
        self.asked = 0

    async def speak(self, words: str, language: str, *, slow: bool, wav: Path) -> None:
        self.asked += 1
        if self.hangs:
            await asyncio.Event().wait()
        raise SpeechError("no voice today")


def voice(
    home: Path, engine: Engine, *, spare: Engine | None = None, patience: float = 30.0, **limits: Any
) -> Voice:
    shelf = Shelf(home / "prompts")
    clock = FixedClock()
    studio = Studio(shelf, {"it": engine, "en": engine}, clock, spare=spare or engine, **limits)
    return Voice(studio, Recordings(home / "recordings", shelf), clock, patience=patience)


async def say(
    voice: Voice,
    prompt: Mapping[str, str],
    values: Mapping[str, Scalar] = {},
    language: str = "it",
    *,
    slow: bool = False,
) -> list[Sound]:
    return await voice.sounds(prompt, values, language=language, slow=slow, key="care.hello.say")


async def test_fixed_words_and_values_come_in_turn_and_every_file_is_there(tmp_path: Path) -> None:
    sounds = await say(voice(tmp_path, Tones()), BALANCE, VALUES)
    assert [sound.text for sound in sounds] == [
        "Il suo saldo è",
        "settantadue euro e cinquanta",
        ", da pagare entro",
        "martedì tre marzo",
    ]
    for sound in sounds:
        assert all(Path(f"{sound.path}.{ending}").stat().st_size for ending in ("alaw", "ulaw", "wav"))
        assert Path(sound.path).is_absolute()


async def test_a_language_the_prompt_does_not_have_falls_back_to_its_first(tmp_path: Path) -> None:
    assert [sound.text for sound in await say(voice(tmp_path, Tones()), HELLO, language="ru")] == [
        "Buongiorno."
    ]


async def test_what_was_said_once_is_not_rendered_again_not_even_after_a_restart(tmp_path: Path) -> None:
    engine = Tones()
    speaker = voice(tmp_path, engine)
    first = await say(speaker, BALANCE, VALUES)
    assert await say(speaker, BALANCE, VALUES) == first
    assert await say(voice(tmp_path, engine), BALANCE, VALUES) == first
    assert len(engine.said) == 4


async def test_slow_speech_another_voice_and_another_language_are_other_sounds(tmp_path: Path) -> None:
    speaker = voice(tmp_path, Tones())
    paths = {
        (await say(speaker, HELLO))[0].path,
        (await say(speaker, HELLO, slow=True))[0].path,
        (await say(speaker, {"en": "Buongiorno."}))[0].path,
        (await say(voice(tmp_path, Tones(0.2)), HELLO))[0].path,
    }
    assert len(paths) == 4


async def test_callers_who_want_the_same_words_at_once_share_one_rendering(tmp_path: Path) -> None:
    engine = Tones()
    speaker = voice(tmp_path, engine)
    answers = await asyncio.gather(*(say(speaker, HELLO) for _ in range(50)))
    assert all(answer == answers[0] for answer in answers)
    assert len(engine.said) == 1


async def test_never_more_engines_at_once_than_allowed(tmp_path: Path) -> None:
    class Counting(Tones):
        running = most = 0

        async def speak(self, words: str, language: str, *, slow: bool, wav: Path) -> None:
            self.running += 1
            self.most = max(self.most, self.running)
            await asyncio.sleep(0.002)
            await super().speak(words, language, slow=slow, wav=wav)
            self.running -= 1

    engine = Counting(0.1)
    speaker = voice(tmp_path, engine, jobs=2)
    await asyncio.gather(*(say(speaker, {"it": f"Numero {number}"}) for number in range(12)))
    assert engine.most == 2


async def test_a_failing_engine_is_replaced_by_the_spare_and_then_left_alone_for_a_while(
    tmp_path: Path,
) -> None:
    broken, spare = Broken(), Tones()
    speaker = voice(tmp_path, broken, spare=spare)
    for number in range(6):
        sounds = await say(speaker, {"it": f"Frase {number}"})
        assert Path(f"{sounds[0].path}.alaw").exists()
    assert broken.asked == 2
    clock = speaker._clock
    assert isinstance(clock, FixedClock)
    clock.move(31)
    await say(speaker, {"it": "Ancora"})
    assert broken.asked == 3


async def test_a_slow_engine_is_cut_off_and_the_spare_speaks(tmp_path: Path) -> None:
    speaker = voice(tmp_path, Broken(hangs=True), spare=Tones(), deadline=0.02)
    assert Path(f"{(await say(speaker, HELLO))[0].path}.alaw").exists()


async def test_when_nothing_speaks_figures_are_said_by_asterisk_and_nobody_hears_silence(
    tmp_path: Path,
) -> None:
    speaker = voice(tmp_path, Broken())
    assert await say(speaker, BALANCE, VALUES) == [
        Sound("Il suo saldo è", "beep"),
        Sound("settantadue euro e cinquanta", "digits/7"),
        *(Sound("", f"digits/{digit}") for digit in "250"),
        Sound(", da pagare entro", "beep"),
        Sound("martedì tre marzo", "digits/day-2"),
        Sound("", "digits/3"),
        Sound("", "digits/mon-2"),
    ]
    assert await say(speaker, {"it": "{name}"}, {"name": "Anna"}) == []


async def test_the_caller_does_not_wait_for_words_that_do_not_come(tmp_path: Path) -> None:
    speaker = voice(tmp_path, Broken(hangs=True), deadline=60.0, patience=0.02)
    assert [sound.path for sound in await say(speaker, HELLO)] == ["beep"]
    await speaker.studio.close()


async def test_a_full_disk_or_a_folder_that_is_a_file_is_no_end_of_the_call(tmp_path: Path) -> None:
    (tmp_path / "prompts").write_text("in the way")
    assert [sound.path for sound in await say(voice(tmp_path, Tones()), HELLO)] == ["beep"]


async def test_a_value_nobody_has_set_is_left_out(tmp_path: Path) -> None:
    sounds = await say(voice(tmp_path, Tones()), {"it": "Buongiorno {name}, benvenuto"}, {"name": None})
    assert [sound.text for sound in sounds] == ["Buongiorno", ", benvenuto"]


async def test_a_recorded_file_wins_until_it_is_taken_away(tmp_path: Path) -> None:
    speaker = voice(tmp_path, Tones())
    spoken = await say(speaker, HELLO)
    file = tmp_path / "recordings" / "it" / "care.hello.say.wav"
    file.parent.mkdir(parents=True)
    write_tone(file, 500, 0.2)
    recorded = await say(speaker, HELLO)
    assert recorded[0].text == "Buongiorno."
    assert recorded[0].path != spoken[0].path
    write_tone(file, 600, 0.3)
    assert (await say(speaker, HELLO))[0].path not in (recorded[0].path, spoken[0].path)
    file.write_bytes(b"no sound")
    assert await say(speaker, HELLO) == spoken
    file.unlink()
    assert await say(speaker, HELLO) == spoken


async def test_a_recorded_file_does_not_replace_words_with_values_in_them(tmp_path: Path) -> None:
    file = tmp_path / "recordings" / "it" / "care.hello.say.wav"
    file.parent.mkdir(parents=True)
    write_tone(file, 500, 0.2)
    assert len(await say(voice(tmp_path, Tones()), BALANCE, VALUES)) == 4


async def test_a_key_cannot_lead_out_of_the_recordings(tmp_path: Path) -> None:
    speaker = voice(tmp_path, Tones())
    assert speaker.recordings.file("it", "../../etc/passwd") is None
    assert speaker.recordings.file("..", "care.hello.say") is None


async def test_old_values_are_forgotten_and_fixed_words_kept(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "prompts")
    studio = Studio(shelf, {"it": Tones()}, SystemClock(), spare=Tones())
    fixed, value = Saying("Buongiorno", "it"), Saying("Anna Rossi", "it", personal=True)
    assert await studio.sound(fixed, patience=5)
    assert await studio.sound(value, patience=5)
    assert studio.sweep(days=1) == 0
    assert shelf.sweep(datetime(2100, 1, 1, tzinfo=UTC)) == 3
    assert shelf.holds(shelf.place(fixed, studio.engine("it")))


def a_flow() -> Flow:
    return Flow.model_validate({
        "flow": "care.hello", "title": "Hello", "languages": ["it", "en"], "start": "menu", "give_up": "end",
        "steps": {
            "menu": {"menu": {
                "greeting": {"it": "Prema 1.", "en": "Press 1."},
                "choices": {"1": "ask"},
                "no_input": {"says": [{"it": "Non ho sentito."}, {"it": "Prema un tasto."}]},
            }},
            "ask": {"ask": {
                "prompt": {"it": "Il codice.", "en": "The code."}, "into": "code", "digits": 4,
                "must": [{"between": [1, 9], "else": {"it": "No.", "en": "No."}}],
                "confirm": {"it": "Era {code:digits}, giusto?", "en": "You keyed {code:digits}, right?"},
            }, "next": "end"},
            "end": {"end": "done", "say": {"it": "Grazie.", "en": "Thank you."}},
        },
    })  # fmt: skip


def test_every_prompt_of_a_flow_has_the_key_that_the_runner_asks_for() -> None:
    assert [place.key for place in prompts_of(a_flow())] == [
        "care.hello.menu.greeting",
        "care.hello.menu.no_input.1",
        "care.hello.menu.no_input.2",
        "care.hello.ask.prompt",
        "care.hello.ask.must.1",
        "care.hello.ask.confirm",
        "care.hello.end.say",
    ]


async def test_rendering_ahead_makes_every_fixed_piece_and_coverage_tells(tmp_path: Path) -> None:
    engine = Tones(0.1)
    speaker = voice(tmp_path, engine)
    file = tmp_path / "recordings" / "it" / "care.hello.end.say.wav"
    file.parent.mkdir(parents=True)
    write_tone(file, 500, 0.2)
    before = tallies(await coverage(speaker, [a_flow()]))
    assert [(row.language, row.heard, row.total) for row in before] == [("it", 1, 7), ("en", 0, 7)]
    prepared = await speaker.prepare([a_flow()], workers=2)
    assert (prepared.made, prepared.there, prepared.failed) == (13, 0, 0)
    after = tallies(await coverage(speaker, [a_flow()]))
    assert [(row.language, row.heard, row.counts[Source.UNWRITTEN]) for row in after] == [
        ("it", 7, 0),
        ("en", 5, 2),
    ]
    assert (await speaker.prepare([a_flow()])).there == 13
    asked = len(engine.said)
    await say(speaker, {"it": "Prema 1."})
    assert len(engine.said) == asked


async def test_rendering_ahead_reports_what_the_chosen_engine_did_not_manage(tmp_path: Path) -> None:
    prepared = await voice(tmp_path, Broken(), spare=Tones(0.1)).prepare([a_flow()])
    assert prepared.failed == 14


def test_texts_are_cut_at_values_and_lone_punctuation_is_dropped() -> None:
    assert [piece.name for piece in cut("{a}, {b:money}.") if isinstance(piece, Slot)] == ["a", "b"]
    assert len(cut("{a}, {b:money}.")) == 2
    assert cut("Entro {due:date}")[1] == Slot("due", "date", "Entro")
    assert pauses(", da pagare.")[0] > pauses("da pagare")[0]
    assert pauses("Fine.")[1] > pauses("saldo è")[1]
