"""Playing a flow at a terminal: what is shown, what is asked, what is typed."""

from datetime import date, datetime
from typing import Any

import pytest

from ivr.actions import Actions
from ivr.player import Playing, TextVoice, play, read_answers, read_value, sample_digits, written
from ivr.player.answers import unexplained
from ivr.runner import RunEnd, RunResult
from tests.ivr.calling import flow_of
from values import BadInputError, Money, Scalar, Sound
from values.testing import FixedClock

pytestmark = pytest.mark.unit

FLOW = flow_of(
    """
first: {say: {en: "Hello {name}, since {since:date}."}, next: look}
look: {do: room.balance, with: {who: "{name}"}, into: {owed: debt}, on_error: broken, next: main}
main:
  menu:
    greeting: {en: "{debt:money}. PIN 1, person 2, voice 3."}
    choices: {"1": pin, "2": talk, "3": voice}
pin: {ask: {prompt: {en: PIN.}, into: pin, digits: 4, private: true}, next: served}
talk: {transfer: operator, busy: missed, next: served}
voice: {record: {prompt: {en: Speak.}, into: voice}, next: served}
broken: {end: broken, say: {en: Sorry.}}
""",
    inputs={"name": {"sample": "Anna"}, "since": {"type": "date", "sample": "2020-05-01"}},
)


class Typist:
    """Types what was prepared, then nothing more."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)
        self.shown: list[str] = []
        self.asked: list[tuple[str, bool]] = []

    def say(self, text: str) -> None:
        self.shown.append(f"« {text}")

    def note(self, text: str) -> None:
        self.shown.append(text)

    async def ask(self, question: str, *, private: bool = False) -> str:
        self.asked.append((question, private))
        if not self.lines:
            raise EOFError
        return self.lines.pop(0)


async def playing(*lines: str, **how: Any) -> tuple[RunResult, Typist]:
    typist = Typist(*lines)
    told = {"room.balance.owed": "72.50 EUR"} if "told" not in how else how.pop("told")
    result = await play(Playing(FLOW, told=told, **how), typist, FixedClock())
    return result, typist


async def test_samples_answers_and_steps_are_shown() -> None:
    result, typist = await playing("2", "busy")
    assert typist.shown == [
        "· first (say)", "« Hello Anna, since Friday the first of May twenty twenty.",
        "· look (do)", "room.balance(who)", "  owed = 72.50 EUR",
        "· main (menu)", "« seventy-two euros and fifty cents. PIN 1, person 2, voice 3.",
        "· talk (transfer)", "· missed (end)", "end: missed",
    ]  # fmt: skip
    assert result.outcome == "missed"


async def test_results_that_were_not_told_are_asked_for() -> None:
    result, typist = await playing("9.99 EUR", "2", "", told={})
    assert any(shown.startswith("you are the actions here: type what is given") for shown in typist.shown)
    assert typist.asked[0] == ("room.balance gives owed", False)
    assert "« nine euros and ninety-nine cents. PIN 1, person 2, voice 3." in typist.shown
    assert result.outcome == "served"


async def test_the_real_actions_tell_which_results_there_are() -> None:
    faces = Actions()

    async def never(ctx: Any, **fields: Scalar) -> Any:
        raise AssertionError("only its face is wanted")

    faces.register("room.balance", never, results=frozenset({"owed", "due"}))
    _, typist = await playing("2026-12-01", "9 EUR", "2", "", told={}, faces=faces)
    assert [question for question, _ in typist.asked[:2]] == [
        "room.balance gives due",
        "room.balance gives owed",
    ]


async def test_an_action_can_be_told_to_fail_or_to_be_late() -> None:
    for word, how in (("fails", "error"), ("late", "timeout")):
        result, typist = await playing(told={"room.balance": word})
        assert result.outcome == "broken"
        assert any(shown.startswith(f"  look: {how} (the action ") for shown in typist.shown)


async def test_private_keys_are_typed_unseen_and_shown_as_dots() -> None:
    _, typist = await playing("1", "4242")
    assert ("keys", True) in typist.asked
    assert "keys ••••" in typist.shown
    assert "4242" not in " ".join(typist.shown)
    assert "private: what you type now stays hidden; Enter when it is done" in typist.shown


async def test_who_types_a_private_answer_blindly_is_told_what_was_wrong_with_it() -> None:
    _, typist = await playing("1", "PIN", "", "12", "4242")
    hidden = "private: what you type now stays hidden; Enter when it is done"
    told = [shown for shown in typist.shown if not shown.startswith(("·", "«"))]
    assert told[told.index(hidden) :] == [
        hidden, "type 0-9, * and #; Enter alone is silence, h hangs up",
        hidden, "nothing was typed", "  pin: no_input (nothing was keyed)",
        hidden, "keys ••", "  pin: refused (what was keyed is not taken)",
        hidden, "keys ••••", "end: served",
    ]  # fmt: skip


async def test_whether_an_answer_is_taken_is_said_by_who_plays() -> None:
    flow = flow_of(
        """
first:
  ask: {prompt: {en: PIN.}, into: pin, digits: 4, private: true,
        must: [{action: room.check, else: {en: Wrong.}}]}
  next: served
"""
    )
    typist = Typist("1111", "false", "4242", "")
    result = await play(Playing(flow), typist, FixedClock())
    assert result.outcome == "served"
    assert [question for question, _ in typist.asked].count(
        "room.check takes it (true or false, Enter is true)"
    ) == 2
    assert "« Wrong." in typist.shown


async def test_enter_is_silence_h_hangs_up_and_the_end_of_typing_too() -> None:
    result, typist = await playing("", "h")
    assert "  main: no_input (nothing was keyed)" in typist.shown
    assert result.how is RunEnd.HANGUP
    assert typist.shown[-1] == "hung up at main"
    assert (await playing())[0].how is RunEnd.HANGUP


async def test_what_is_no_key_is_explained() -> None:
    _, typist = await playing("one", "2", "gone", "talked")
    assert "type 0-9, * and #; Enter alone is silence, h hangs up" in typist.shown
    assert "'gone' is none of them" in typist.shown


async def test_a_recording_needs_only_enter() -> None:
    result, typist = await playing("3", "")
    assert typist.asked[-1] == ("(speak, then Enter)", False)
    assert result.outcome == "served"


async def test_prompts_can_be_heard() -> None:
    heard: list[str] = []

    async def speaker(sounds: Any) -> None:
        heard.extend(sound.path for sound in sounds)

    class Files(TextVoice):
        async def sounds(self, *args: Any, **how: Any) -> list[Sound]:
            return [Sound(sound.text, "/spoken/file") for sound in await super().sounds(*args, **how)]

    await playing("h", voice=Files(), speaker=speaker)
    assert heard == ["/spoken/file", "/spoken/file"]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("72.50 EUR", Money(7250)),
        ("-3 USD", Money(-300, "USD")),
        ("12", 12),
        ("0018", "0018"),
        ("1.5", 1.5),
        ("true", True),
        ("none", None),
        ("2026-12-01", date(2026, 12, 1)),
        ("2026-12-01T10:30", datetime(2026, 12, 1, 10, 30)),  # noqa: DTZ001  (typed without a zone)
        ("2026-99-99", "2026-99-99"),
        ("gold", "gold"),
        ("Anna Rossi", "Anna Rossi"),
    ],
)
def test_typed_values(typed: str, value: Scalar) -> None:
    assert read_value(typed) == value
    assert type(read_value(typed)) is type(value)


def test_values_as_people_write_them() -> None:
    assert written("0018", "digits") == "0 0 1 8"
    assert written(None) == "…"
    assert written(date(2026, 12, 1)) == "01.12.2026"


def test_answers_on_the_command_line() -> None:
    assert read_answers(["room.balance.owed=a=b", "room.look=fails"]) == {
        "room.balance.owed": "a=b",
        "room.look": "fails",
    }
    with pytest.raises(BadInputError, match=r"room\.action\.result=value"):
        read_answers(["nonsense"])


def test_what_must_come_from_actions() -> None:
    assert unexplained(FLOW) == {"debt"}


@pytest.mark.parametrize(
    ("must", "digits"),
    [
        ("[{number: IT}]", "3290000017"),
        ("[{between: [7, 99]}]", "0007"),
        ("[{luhn: true}]", "1230"),
        ("[{date: '%d%m'}]", "0203"),
        ("[]", "1234"),
    ],
)
def test_digits_that_will_do(must: str, digits: str) -> None:
    flow = flow_of(
        f"first: {{ask: {{prompt: {{en: x}}, into: a, digits: 4..12, must: {must}}}, next: served}}"
    )
    assert sample_digits(flow.steps["first"].ask) == digits  # type: ignore[union-attr]
