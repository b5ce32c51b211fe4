"""Questions on a scale: ten is two keys, nobody is kept, and a hang-up is told at once."""

import pytest

from ivr.language.model import Flow
from ivr.runner import RunEnd, resume
from ivr.testing import ScriptedConversation
from tests.ivr.calling import call, flow_of

pytestmark = pytest.mark.unit

KEEP = {"do": "test.keep", "with": {"first": "{liked}", "second": "{quick}"}}


def questions(**head: object) -> Flow:
    return flow_of(
        """
first:
  rate:
    question: {en: "Like us, 0 to 10?"}
    again: {en: "0 to 10?"}
    scale: 0..10
    into: liked
    no_match: {says: [{en: "No mark."}]}
  next: second
second:
  rate: {question: {en: "Quick, 1 to 5?"}, scale: 1..5, into: quick}
  next: served
""",
        **{"hung_up": KEEP, "keys": {"repeat": "*"}, **head},
    )


@pytest.mark.parametrize(
    ("keyed", "mark", "waited"),
    [("10", 10, 0.0), ("1", 1, 2.0), ("1#", 1, 0.0), ("0", 0, 0.0), ("7", 7, 0.0)],
)
def test_ten_is_two_keys_and_one_waits_only_for_the_other(keyed: str, mark: int, waited: float) -> None:
    heard = call(questions(), keyed, "4")
    assert (heard.result.variables["liked"], heard.result.variables["quick"]) == (mark, 4)
    assert heard.seconds == waited


def test_a_hash_after_a_mark_that_needed_none_is_forgiven() -> None:
    heard = call(questions(), "7#", "4#")
    assert heard.result.variables == {"language": "en", "liked": 7, "quick": 4}
    assert heard.walked == [("first", "done"), ("second", "done"), ("served", "done")]


def test_what_is_no_mark_is_asked_again_twice_and_then_skipped() -> None:
    heard = call(questions(), "11", "12", "13", "5")
    assert heard.said == [
        "Like us, 0 to 10?",
        "No mark.",
        "0 to 10?",
        "No mark.",
        "0 to 10?",
        "Quick, 1 to 5?",
    ]
    assert heard.result.variables["liked"] is None
    assert heard.result.variables["quick"] == 5
    assert heard.result.outcome == "served"


def test_silence_skips_as_well_and_asking_again_costs_no_try() -> None:
    heard = call(questions(), "*", "", "*", "", "", "2")
    assert heard.result.variables["liked"] is None
    assert heard.result.variables["quick"] == 2


def test_marks_keyed_ahead_count() -> None:
    assert call(questions(), "105").result.variables == {"language": "en", "liked": 10, "quick": 5}


@pytest.mark.parametrize(
    ("script", "path", "given"),
    [
        ((), "first", {"first": None, "second": None}),
        (("9",), "second", {"first": 9, "second": None}),
    ],
)
def test_who_hangs_up_is_told_of_with_what_was_answered(
    script: tuple[str, ...], path: str, given: dict[str, object]
) -> None:
    heard = call(questions(), line=ScriptedConversation(script))
    assert (heard.result.how, heard.result.path) == (RunEnd.HANGUP, path)
    assert heard.actions.asked == [("test.keep", given)]
    assert resume(heard.trace.steps).path == path


def test_who_comes_to_the_end_is_not_told_of() -> None:
    assert call(questions(), "9", "3").actions.asked == []


def test_a_deed_that_fails_after_the_hang_up_disturbs_nobody() -> None:
    heard = call(questions(), line=ScriptedConversation(()), answers={"test.keep": RuntimeError("away")})
    assert heard.result.how is RunEnd.HANGUP


def test_each_flow_in_progress_has_its_own_done_the_inner_one_first() -> None:
    outer = flow_of(
        "first: {run: try.inner, into: {liked: liked}, next: served}",
        hung_up={"do": "test.outer", "with": {"mark": "{liked}"}},
    )
    inner = questions(flow="try.inner")
    heard = call(outer, flows=[inner], line=ScriptedConversation(("3",)))
    assert heard.actions.asked == [
        ("test.keep", {"first": 3, "second": None}),
        ("test.outer", {"mark": None}),
    ]
    assert heard.result.path == "first>second"
