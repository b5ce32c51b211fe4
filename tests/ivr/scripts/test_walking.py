"""An agent's way through a script: answers, objections, skipped questions, going back, breaking off."""

from datetime import date

import pytest

from ivr.scripts import (
    DECLINED,
    FieldMistake,
    Mistake,
    NoWayBackError,
    Walk,
    Wanted,
    state_from_json,
    state_to_json,
    view,
)
from ivr.scripts.state import MOST_STOPS
from tests.ivr.scripts.house import NOW, ROME, walking
from values import BadInputError, Money

pytestmark = pytest.mark.unit

GOOD = {"age": "42", "grade": "10"}


def at_form(**variables: object) -> Walk:
    walk = walking({"name": "Anna", "owed": Money(1250, "EUR"), **variables})  # type: ignore[dict-item]
    walk.answer("1", {})
    walk.settle()
    return walk


def test_an_answer_leads_on_and_its_values_are_kept() -> None:
    walk = at_form()
    assert walk.state.path == "form"
    assert walk.state.kept == {"polite": True}
    assert walk.state.turn == 1


def test_a_condition_decides_between_pages_and_which_answers_are_offered() -> None:
    usual, vip = walking(), walking({"vip": True})
    assert [one.key for one in view(usual, "en").answers] == ["1"]
    assert [one.key for one in view(vip, "en").answers] == ["1", "2"]
    vip.answer("2", {})
    vip.settle()
    assert vip.state.path == "vip_page"
    with pytest.raises(BadInputError, match="'2' is no answer"):
        usual.answer("2", {})


def test_a_page_that_wants_an_answer_is_not_left_without_one() -> None:
    with pytest.raises(BadInputError, match="choose one of the answers"):
        walking().answer("", {})


def test_an_objection_leads_away() -> None:
    walk = walking()
    walk.answer("9", {})
    walk.settle()
    assert (walk.state.outcome, walk.state.goal) == ("busy", False)


@pytest.mark.parametrize(
    ("field", "typed", "mistake", "bound"),
    [
        ("age", "", Mistake.MISSING, None),
        ("age", "old", Mistake.NO_NUMBER, None),
        ("age", "20.5", Mistake.NO_WHOLE_NUMBER, 0),
        ("age", "17", Mistake.TOO_LOW, 18),
        ("age", "1200", Mistake.TOO_HIGH, 120),
        ("grade", "11", Mistake.TOO_HIGH, 10),
        ("pay_on", "tomorrow", Mistake.NO_DATE, None),
        ("pay_on", "2026-11-24", Mistake.TOO_EARLY, date(2026, 11, 25)),
        ("pay_on", "2026-12-10", Mistake.TOO_LATE, date(2026, 12, 9)),
        ("part", "12,345", Mistake.TOO_MANY_DECIMALS, 2),
        ("part", "0.5", Mistake.TOO_LOW, 1),
        ("agrees", "maybe", Mistake.NO_CHOICE, None),
        ("plan", "L", Mistake.NO_CHOICE, None),
        ("code", "A1", Mistake.NO_MATCH, None),
        ("note", "no", Mistake.TOO_SHORT, 3),
        ("note", "x" * 41, Mistake.TOO_LONG, 40),
    ],
)
def test_a_field_that_does_not_fit_keeps_the_page_open(
    field: str, typed: str, mistake: Mistake, bound: object
) -> None:
    walk = at_form(vip=True)
    walk.answer("", {})
    walk.settle()
    assert walk.state.path == "form"
    assert walk.answer("1", {**GOOD, field: typed}) == [FieldMistake(field, mistake, bound)]  # type: ignore[arg-type]
    assert walk.state.path == "form"
    shown = view(walk, "en", [FieldMistake(field, mistake)])
    assert {one.name: one.typed for one in shown.fields}[field] == typed


def test_what_is_typed_becomes_values() -> None:
    walk = at_form()
    typed = {**GOOD, "pay_on": "2026-12-01", "part": "€ 12,50", "agrees": "no", "plan": "2", "code": "AB12"}
    assert walk.answer("1", typed) == []
    kept = walk.state.kept
    assert (kept["age"], kept["grade"], kept["plan"]) == (42, 10, 2)
    assert (kept["pay_on"], kept["part"]) == (date(2026, 12, 1), Money(1250, "EUR"))
    assert kept["agrees"] is False
    assert kept["code"] == "AB12"


def test_a_skipped_question_has_no_value_even_if_one_was_typed() -> None:
    walk = at_form()
    assert "note" not in {one.name for one in view(walk, "en").fields}
    walk.answer("1", {**GOOD, "note": "typed by a stranger's hand"})
    assert walk.state.kept["note"] is None


def test_who_will_not_say_has_answered() -> None:
    walk = at_form()
    assert walk.answer("1", {"age": "42", "grade": DECLINED}) == []
    assert walk.state.kept["grade"] is None


def test_an_answer_at_once_needs_no_form_but_keeps_what_fits() -> None:
    walk = at_form()
    assert walk.answer("2", {"age": "42"}) == []
    assert (walk.state.kept["age"], walk.state.kept["grade"]) == (42, None)


def test_back_returns_with_all_that_was_typed() -> None:
    walk = at_form()
    walk.answer("1", {**GOOD, "code": "AB12"})
    walk.settle()
    assert walk.state.path == "find>look"
    walk.back()
    shown = view(walk, "en")
    assert shown.path == "form"
    assert {one.name: one.typed for one in shown.fields}["code"] == "AB12"
    assert [one.chosen for one in shown.answers] == [True, False]
    assert walk.state.kept == {"polite": True}
    walk.back()
    with pytest.raises(NoWayBackError):
        walk.back()


def through_the_sub_script() -> Walk:
    walk = at_form()
    walk.answer("1", {**GOOD, "plan": "S"})
    walk.settle()
    walk.answer("", {"shelf": "B4"})
    return walk


def test_a_script_runs_another_and_its_answers_stand_behind_the_step() -> None:
    walk = through_the_sub_script()
    wanted = walk.settle()
    assert wanted == Wanted("shop.stock", {"plan": "S"}, 3.0)
    assert walk.state.kept["find>shelf"] == "B4"
    assert walk.frame.variables["found"] == "there"


def test_an_action_answers_fails_or_is_late() -> None:
    for end, left in (("did", 7), ("failed", 0), ("late", -1)):
        walk = through_the_sub_script()
        walk.settle()
        if end == "did":
            walk.did({"left": 7})
        else:
            walk.failed(late=end == "late")
        assert walk.settle() is None
        assert view(walk, "en").say == (f"{left} left.",)


def test_the_end_is_reached_and_can_be_taken_back() -> None:
    walk = through_the_sub_script()
    walk.settle()
    walk.did({"left": 7})
    walk.settle()
    walk.answer("", {})
    walk.settle()
    shown = view(walk, "it")
    assert (shown.outcome, shown.goal, shown.say, shown.stage) == ("served", True, ("Bye",), None)
    with pytest.raises(BadInputError, match="the script is over"):
        walk.answer("", {})
    walk.back()
    assert (walk.state.outcome, walk.state.path) == ("", "last")


def test_breaking_off_leads_out_of_every_script() -> None:
    walk = at_form()
    walk.answer("1", GOOD)
    walk.settle()
    assert walk.state.path == "find>look"
    walk.break_off()
    walk.settle()
    assert walk.state.outcome == "broken_off"


def test_what_is_said_is_in_the_customers_language_and_the_rest_in_the_agents() -> None:
    walk = walking({"name": "Anna"}, language="it")
    shown = view(walk, "en")
    assert (shown.say, shown.heading) == (("Buongiorno, Anna.",), "Greeting")
    walk.speak("en")
    assert view(walk, "it").say == ("Good day, Anna.",)
    assert view(walk, "it").heading == "Saluto"
    with pytest.raises(BadInputError, match="no text in 'ru'"):
        walk.speak("ru")


def test_values_look_as_the_language_writes_them_and_gaps_show() -> None:
    english, italian = at_form(), at_form()
    italian.speak("it")
    assert view(english, "en").say == ("You owe €12.50.",)
    assert view(italian, "en").say == ("Deve 12,50 €.",)
    assert view(walking(), "en").say == ("Good day, ….",)


def test_the_stages_show_how_far_the_talk_has_come() -> None:
    shown = view(at_form(), "en")
    assert [str(stage) for stage in shown.stages] == ["greet", "listen", "solve", "close"]
    assert shown.stage == "solve"


def test_a_state_survives_being_written_down() -> None:
    walk = at_form()
    walk.answer("1", {**GOOD, "pay_on": "2026-12-01", "part": "3"})
    walk.settle()
    again = state_from_json(state_to_json(walk.state))
    assert again == walk.state
    restored = Walk(walk._edition, again, now=NOW, zone=ROME)
    assert view(restored, "en") == view(walk, "en")
    with pytest.raises(BadInputError, match="no state of a script"):
        state_from_json({"edition": 1})


def test_going_round_for_long_forgets_only_the_oldest_pages() -> None:
    walk = at_form()
    for _ in range(MOST_STOPS + 5):
        walk.state.remember(walk.state.stop())
    assert len(walk.state.stops) == MOST_STOPS
