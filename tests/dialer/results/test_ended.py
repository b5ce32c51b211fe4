"""How single attempts are read: who was a person, who was abandoned, who was joined in time."""

import pytest

from dialer.results import Reading, counts_of
from tests.dialer.results.samples import AGENTS, ended

pytestmark = pytest.mark.unit

AUTOMATIC = Reading()


def test_a_person_who_gets_an_agent_in_time_is_connected() -> None:
    talk = ended(answered=10, joined=10.02, released=130, over=131, outcome="sold", goal=True, agent="ada")
    assert (talk.person, talk.connected, talk.abandoned, talk.right_party) == (True, True, False, True)
    counts = counts_of(talk)
    assert counts["talk"] == (1, pytest.approx(119.98))
    assert counts["joined"] == (1, pytest.approx(0.02))
    assert counts["rang"] == (1, pytest.approx(10.0))
    assert counts["outcome:sold"] == (1, 0.0)


def test_an_agent_who_comes_too_late_does_not_undo_the_abandoning() -> None:
    late = ended(answered=10, joined=13.5, released=100, over=100, outcome="sold")
    assert (late.connected, late.abandoned) == (False, True)


def test_the_clock_starts_at_the_end_of_the_greeting_where_the_law_says_so() -> None:
    words = Reading(agents=True, answer_within=2.0, from_detection=True)
    assert ended(words, answered=10, detected=12, joined=13.9, over=60, outcome="done").connected
    assert ended(words, answered=10, detected=12, joined=14.1, over=60, outcome="done").abandoned


def test_nobody_free_is_abandoned_and_who_hangs_up_at_once_is_not() -> None:
    assert ended(answered=10, over=13.2, outcome="abandoned").abandoned
    gone = ended(answered=10, over=11, outcome="hangup")
    assert (gone.person, gone.connected, gone.abandoned) == (True, False, False)
    assert ended(answered=10, over=19, outcome="hangup").abandoned  # nine seconds of nothing


def test_a_core_that_dies_while_somebody_waits_has_abandoned_them() -> None:
    assert ended(answered=10, over=14, outcome="interrupted").abandoned
    assert not ended(AUTOMATIC, answered=10, over=14, outcome="interrupted").abandoned


@pytest.mark.parametrize("outcome", ["machine", "message_left", "screening", "silence", "fax"])
def test_no_person_is_abandoned_who_was_none(outcome: str) -> None:
    found = ended(answered=10, over=40, outcome=outcome, amd="MACHINE")
    assert (found.person, found.abandoned, found.connected) == (False, False, False)


def test_an_agent_who_says_machine_is_believed() -> None:
    reading = Reading(agents=True, answer_within=3.0, machines=frozenset({"machine"}))
    found = ended(
        reading, answered=10, joined=11, over=20, outcome="machine", disposition="machine", amd="HUMAN"
    )
    assert (found.machine, found.connected) == (True, False)
    assert counts_of(found)["machine_joined"] == (1, 0.0)


def test_a_flow_without_agents_abandons_nobody() -> None:
    heard = ended(AUTOMATIC, answered=5, over=30, outcome="resolved", goal=True)
    assert (heard.person, heard.connected, heard.abandoned, heard.right_party) == (True, False, False, True)


def test_a_machine_that_turns_out_to_talk_is_a_false_positive() -> None:
    assert ended(answered=5, over=30, outcome="sold", goal=True, amd="MACHINE").amd_false
    left = ended(answered=5, over=30, outcome="message_left", amd="MACHINE")
    assert (left.amd_proved, left.amd_false) == (True, False)
    hung_up_on = ended(answered=5, over=8, outcome="machine", amd="MACHINE")
    assert (hung_up_on.amd_machine, hung_up_on.amd_proved, hung_up_on.amd_false) == (True, False, False)


def test_giving_up_after_too_short_a_ring_is_abandoning_where_the_law_says_so() -> None:
    strict = Reading(agents=True, ring_under=15.0)
    words = {"ringing": 2, "outcome": "no_answer"}
    assert ended(strict, over=10, cause=16, **words).abandoned
    assert not ended(strict, over=20, cause=19, **words).abandoned
    assert not ended(strict, over=10, cause=19, sip_cause="480", **words).abandoned  # their telephone said so
    assert not ended(AGENTS, over=10, cause=16, **words).abandoned
    assert not ended(strict, over=0.5, cause=34, sip_cause="503", outcome="refused").abandoned
