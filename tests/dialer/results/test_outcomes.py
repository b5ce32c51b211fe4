"""What the network says about calls that nobody took, as outcomes."""

import pytest

from dialer.ports import DialEnd
from dialer.results import FINAL_FOR_NUMBER, Fault, meaning_of, outcome_of
from dialer.results.outcomes import CAUSES, MEANINGS, STATUSES
from dialer.retry import DEFAULT_RULES

pytestmark = pytest.mark.unit

SEEN = [  # end, cause, status, rang: as seen on Asterisk 22, see ami.verdicts
    (DialEnd.BUSY, 17, "486", True, "busy"),
    (DialEnd.BUSY, 17, "600", False, "busy"),
    (DialEnd.BUSY, 17, "486 Busy Here", True, "busy"),
    (DialEnd.REFUSED, 0, "404 Not Found", False, "unallocated"),
    (DialEnd.BUSY, 21, "603", True, "rejected"),
    (DialEnd.BUSY, 21, "603", False, "rejected"),
    (DialEnd.BUSY, 127, "607", False, "rejected"),
    (DialEnd.BUSY, 21, "", True, "rejected"),
    (DialEnd.NO_ANSWER, 19, "480", False, "no_answer"),
    (DialEnd.NO_ANSWER, 18, "408", False, "no_answer"),
    (DialEnd.NO_ANSWER, 19, "", True, "no_answer"),
    (DialEnd.NO_ANSWER, 16, "", True, "no_answer"),
    (DialEnd.NO_ANSWER, 34, "503", True, "no_answer"),
    (DialEnd.REFUSED, 1, "404", False, "unallocated"),
    (DialEnd.REFUSED, 1, "604", False, "unallocated"),
    (DialEnd.REFUSED, 22, "410", False, "number_changed"),
    (DialEnd.REFUSED, 22, "301", False, "number_changed"),
    (DialEnd.REFUSED, 28, "484", False, "invalid_number"),
    (DialEnd.REFUSED, 28, "", False, "invalid_number"),
    (DialEnd.REFUSED, 21, "403", False, "refused"),
    (DialEnd.REFUSED, 21, "", False, "refused"),
    (DialEnd.REFUSED, 21, "608", False, "rejected"),
    (DialEnd.REFUSED, 58, "488", False, "refused"),
    (DialEnd.REFUSED, 34, "503", False, "refused"),
    (DialEnd.REFUSED, 0, "", False, "refused"),
    (DialEnd.REFUSED, 23, "302", False, "refused"),
    (DialEnd.FAILED, 0, "", False, "failed"),
]


@pytest.mark.parametrize(("end", "cause", "status", "rang", "outcome"), SEEN)
def test_each_way_in_which_a_call_can_end_has_its_outcome(
    end: DialEnd, cause: int, status: str, rang: bool, outcome: str
) -> None:
    assert outcome_of(end, cause, status, rang=rang) == outcome


def test_a_telephone_that_rang_is_never_rung_again_over_another_trunk() -> None:
    for cause in range(128):
        for status in ("", *STATUSES, "403", "488", "500", "503"):
            for end in DialEnd:
                assert not meaning_of(end, cause, status, rang=True).moves


def test_only_a_refusal_before_ringing_moves_and_a_dead_number_moves_nowhere() -> None:
    assert meaning_of(DialEnd.REFUSED, 34, "503", rang=False).moves
    assert not meaning_of(DialEnd.NO_ANSWER, 19, "", rang=False).moves
    assert not meaning_of(DialEnd.REFUSED, 1, "404", rang=False).moves
    assert meaning_of(DialEnd.REFUSED, 1, "404", rang=False).final
    assert frozenset({"unallocated", "number_changed", "invalid_number"}) == FINAL_FOR_NUMBER


def test_the_status_goes_before_the_cause_that_was_made_of_it() -> None:
    assert outcome_of(DialEnd.REFUSED, 1, "503", rang=False) == "refused"
    assert outcome_of(DialEnd.REFUSED, 127, "404", rang=False) == "unallocated"


def test_what_nobody_has_ever_heard_of_is_a_trunk_that_refused() -> None:
    for cause, status in ((126, ""), (-1, ""), (0, "799"), (999, "not a status"), (0, "５０３")):
        assert meaning_of(DialEnd.REFUSED, cause, status, rang=False).fault is Fault.TRUNK


def test_every_cause_of_the_table_is_one() -> None:
    assert all(1 <= cause <= 127 for cause in CAUSES)
    assert {16, 17, 18, 19, 20, 21, 27, 34, 41, 127} <= set(CAUSES)


def test_every_outcome_of_the_network_has_a_rule_and_dead_numbers_are_left() -> None:
    told = {each.outcome for each in MEANINGS} - {"answered", "failed"}  # the flow's, and `interrupted`'s
    assert told <= set(DEFAULT_RULES)
    assert {name for name in told if DEFAULT_RULES[name].skip_number} == FINAL_FOR_NUMBER
