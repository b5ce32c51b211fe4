"""What a voice says of keys, taken apart for an agent to read."""

import pytest

from surveys.cati.wording import wording

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "question", "answers"),
    [
        (
            "Did it arrive? If yes press 1. If not press 2.",
            "Did it arrive?",
            {"1": "If yes", "2": "If not"},
        ),
        (
            "Пришёл ли счёт? Если да, нажмите 1. Если нет – 2.",
            "Пришёл ли счёт?",
            {"1": "Если да", "2": "Если нет"},
        ),
        ("È a posto? Se sì prema 1, se no prema 2.", "È a posto?", {"1": "Se sì", "2": "Se no"}),
        (
            "Per un commento prema 1. Per terminare prema 2.",
            "",
            {"1": "Per un commento", "2": "Per terminare"},
        ),
        ("When? Within the last 2 weeks, press 1. Earlier, press 2.", "When?",
         {"1": "Within the last 2 weeks", "2": "Earlier"}),
        ("Say yes or no.", "Say yes or no.", {"1": "1", "2": "2"}),
    ],
)  # fmt: skip
def test_the_question_is_apart_from_its_answers(text: str, question: str, answers: dict[str, str]) -> None:
    found = wording(text, ["1", "2"])
    assert (found.question, found.answers) == (question, answers)
