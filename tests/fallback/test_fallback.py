"""The script that takes over when the voice core is gone, spoken to as Asterisk would."""

import ast
import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from asterisk_conf.fallback.texts import TEXTS
from tests.fallback.asterisk_side import DIE, HANG_UP, SCRIPT, AsteriskSide

pytestmark = pytest.mark.unit


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    """All prompts rendered, as far as the script can see."""
    for name, texts in TEXTS.items():
        for language in texts:
            (tmp_path / "prompts" / language).mkdir(parents=True, exist_ok=True)
            (tmp_path / "prompts" / language / f"{name}.alaw").write_bytes(b"\xd5" * 80)
    return tmp_path / "prompts"


def notes(spool: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(spool.glob("*.json"))]


def test_one_key_asks_for_a_call_back_at_the_own_number(spool: Path, prompts: Path) -> None:
    call = AsteriskSide(keys=["1"], variables={"AGISTATUS": "FAILURE"})
    assert call.serve(spool, prompts) == 0
    assert call.played == ["sorry", "ask_own", "thanks"]
    assert call.done
    assert call.said[-1] == "HANGUP"
    (note,) = notes(spool)
    assert note.pop("at").endswith("+00:00")
    assert note == {
        "call_id": "node1-1790000000.12",
        "caller": "+393290000017",
        "number": "+393290000017",
        "language": "it",
        "reason": "core-away",
        "confirmed": True,
    }


def test_a_key_during_the_apology_is_taken(spool: Path, prompts: Path) -> None:
    call = AsteriskSide(keys=["!1"])
    call.serve(spool, prompts)
    assert call.played == ["sorry", "thanks"]
    assert len(notes(spool)) == 1


def test_another_number_is_read_back_and_kept(spool: Path, prompts: Path) -> None:
    call = AsteriskSide(keys=["0612345678#", "1"], language="en", variables={"AGISTATUS": "SUCCESS"})
    call.serve(spool, prompts)
    digits = [f"digit_{digit}" for digit in "0612345678"]
    assert call.played == ["sorry", "ask_own", "read_back", *digits, "confirm", "thanks"]
    (note,) = notes(spool)
    assert (note["number"], note["language"], note["reason"]) == ("0612345678", "en", "flow-broken")
    assert str(prompts / "en" / "sorry") in " ".join(call.said)


def test_a_mistyped_number_can_be_keyed_again(spool: Path, prompts: Path) -> None:
    call = AsteriskSide(keys=["0612345678#", "2", "0039329123456#", "", "1"])
    call.serve(spool, prompts)
    assert [note["number"] for note in notes(spool)] == ["+39329123456"]


def test_what_is_no_number_is_refused_three_times_then_goodbye(spool: Path, prompts: Path) -> None:
    call = AsteriskSide(keys=["112#", "*99*#", "12345678901234567"])
    call.serve(spool, prompts)
    assert call.played.count("invalid") == 2
    assert call.played[-1] == "call_later"
    assert call.done
    assert notes(spool) == []


def test_silence_gets_another_chance_and_a_goodbye(spool: Path, prompts: Path) -> None:
    call = AsteriskSide()
    call.serve(spool, prompts)
    assert call.played == ["sorry", "ask_own", "nothing", "ask_own", "nothing", "ask_own", "call_later"]
    assert call.done


def test_a_withheld_number_cannot_be_chosen(spool: Path, prompts: Path) -> None:
    call = AsteriskSide(keys=["1", "3291234567#", "1"], caller="")
    call.serve(spool, prompts)
    assert "ask_own" not in call.played
    assert [(note["caller"], note["number"]) for note in notes(spool)] == [("", "3291234567")]


def test_silence_at_the_read_back_is_consent(spool: Path, prompts: Path) -> None:
    call = AsteriskSide(keys=["3291234567#"])
    call.serve(spool, prompts)
    assert [note["confirmed"] for note in notes(spool)] == [True]


def test_who_hangs_up_while_the_number_is_read_back_is_still_called(spool: Path, prompts: Path) -> None:
    for end in (HANG_UP, DIE):
        call = AsteriskSide(keys=["3291234567#", end])
        assert call.serve(spool / end, prompts) == 0
        assert [(note["number"], note["confirmed"]) for note in notes(spool / end)] == [("3291234567", False)]
        assert "Traceback" not in call.noise


def test_hanging_up_or_dying_at_any_command_leaves_no_mess(spool: Path, prompts: Path) -> None:
    whole = AsteriskSide(keys=["3291234567#", "1"])
    whole.serve(spool / "whole", prompts)
    for number in range(len(whole.said)):
        for end in (HANG_UP, DIE):

            class Ending(AsteriskSide):
                ends: tuple[int, str] = (number, end)

                def _answer(self, line: str) -> str:
                    at, how = self.ends
                    return how if len(self.said) > at else super()._answer(line)

            call = Ending(keys=["3291234567#", "1"])
            assert call.serve(spool / f"{end}{number}", prompts) == 0
            assert "Traceback" not in call.noise
            assert len(notes(spool / f"{end}{number}")) <= 1
            assert not list((spool / f"{end}{number}").glob(".*"))


def test_those_we_called_are_told_that_we_call_again(spool: Path, prompts: Path) -> None:
    call = AsteriskSide(keys=["1"], language="ru", variables={"CENTRALINO_KIND": "outbound"})
    call.serve(spool, prompts)
    assert call.played == ["sorry", "we_call_again"]
    assert notes(spool) == []


def test_an_unknown_language_gets_the_house_s_own(spool: Path, prompts: Path) -> None:
    call = AsteriskSide(language="de")
    call.serve(spool, prompts, "--language", "ru")
    assert str(prompts / "ru" / "sorry") in " ".join(call.said)


def test_without_our_prompts_asterisk_s_own_are_heard(spool: Path, tmp_path: Path) -> None:
    call = AsteriskSide(keys=["3291234567#", "1"])
    call.serve(spool, tmp_path / "nowhere")
    assert call.played[:2] == ["im-sorry", "something-terribly-wrong"]
    assert "you-entered" in call.played
    assert len(notes(spool)) == 1


def test_prompts_that_cannot_be_played_are_replaced_by_asterisk_s_own(spool: Path, prompts: Path) -> None:
    call = AsteriskSide(keys=["1"], unplayable=str(prompts))
    call.serve(spool, prompts)
    assert call.played[-2:] == ["auth-thankyou", "vm-goodbye"]
    assert len(notes(spool)) == 1


def test_without_a_place_to_write_nobody_is_asked_for_a_number(tmp_path: Path, prompts: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for spool in (str(tmp_path / "file" / "spool"), "/proc/spool", ""):
        call = AsteriskSide(keys=["1"])
        call.serve(spool, prompts)
        assert call.played == ["sorry", "call_later"]
        assert call.done


def test_notes_are_private_and_no_number_reaches_the_log(spool: Path, prompts: Path) -> None:
    call = AsteriskSide(keys=["3291234567#", "1"])
    call.serve(spool, prompts)
    (file,) = spool.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(spool.stat().st_mode) == 0o700
    assert "329" not in call.noise


def test_a_caller_s_number_is_cut_down_to_digits(spool: Path, prompts: Path) -> None:
    call = AsteriskSide(keys=["1"], caller='+39 329"; DROP TABLE 0000017')
    call.serve(spool, prompts)
    assert [note["number"] for note in notes(spool)] == ["+393290000017"]


def test_it_imports_nothing_of_ours() -> None:
    names = set()
    for node in ast.walk(ast.parse(SCRIPT.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    assert names - sys.stdlib_module_names == {"asterisk"}


def test_every_prompt_has_its_words_in_our_languages_and_a_sound_of_asterisk_s() -> None:
    namespace: dict[str, Any] = {"__name__": "script"}
    exec(compile(SCRIPT.read_text(), str(SCRIPT), "exec"), namespace)  # noqa: S102
    assert set(namespace["OWN_SOUNDS"]) == set(TEXTS)
    assert all(set(texts) == set(namespace["LANGUAGES"]) for texts in TEXTS.values())
