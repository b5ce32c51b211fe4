from datetime import UTC, datetime, timedelta

import pytest

from bench.audit import strays
from bench.floor import PEOPLE, share
from bench.forecast import ANSWERS, BUSY, RINGS, scenario_of
from bench.town import rung
from bench.worktime import Turn, seconds_in, utilisation
from city import read_people
from city.subscribers import RING_SECONDS

pytestmark = pytest.mark.unit

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def turn(agent: str, second: float, state: str) -> Turn:
    return Turn(agent, NOON + timedelta(seconds=second), state)


ANNA = [
    turn("anna", -30, "ready"),
    turn("anna", 10, "talking"),
    turn("anna", 40, "wrap_up"),
    turn("anna", 50, "ready"),
]


def test_time_counts_within_the_hours_alone() -> None:
    spent = seconds_in(ANNA, NOON, NOON + timedelta(seconds=60))
    assert spent == {"ready": 20.0, "talking": 30.0, "wrap_up": 10.0}
    assert utilisation(spent) == pytest.approx(40 / 60)


def test_a_talk_that_outlasts_the_hours_counts_up_to_their_end() -> None:
    assert seconds_in(ANNA, NOON, NOON + timedelta(seconds=20)) == {"ready": 10.0, "talking": 10.0}


def test_each_agents_time_is_their_own() -> None:
    both = [*ANNA, turn("bruno", 0, "ready"), turn("bruno", 30, "offline")]
    spent = seconds_in(both, NOON, NOON + timedelta(seconds=60))
    assert spent["ready"] == 50.0
    assert utilisation(spent) == pytest.approx(40 / 90), "who is offline is not there to be used"


def test_a_pause_is_not_idleness() -> None:
    assert utilisation({"talking": 30.0, "ready": 30.0, "paused": 600.0}) == 0.5
    assert utilisation({}) == 0.0


def test_abandoned_calls_are_a_share_of_live_answers() -> None:
    assert share(3, 97) == 0.03
    assert share(0, 0) == 0.0


def test_a_number_rung_more_often_than_attempted_is_found() -> None:
    assert strays({"+391": 1, "+392": 2}, {"+391": 1, "+392": 2}) == 0
    assert strays({"+391": 2}, {"+391": 1}) == 1
    assert strays({"+399": 1}, {}) == 1
    assert strays({}, {"+391": 1}) == 0, "one may be given up before it rings"


def test_the_town_tells_of_its_subscribers_and_not_of_agents_telephones() -> None:
    heard = {"Event": "Hangup", "Context": "city-called", "Exten": "+393291000001"}
    assert rung(heard) == "+393291000001"
    assert rung(heard | {"Context": "from-centralino", "Exten": "sim-agent-001"}) == ""
    assert rung(heard | {"Event": "OriginateResponse"}) == ""


def test_the_forecast_is_made_of_the_people_who_are_called() -> None:
    called = read_people(PEOPLE).called
    (people,) = called
    total = sum(each.share for each in people.does)
    answers = [each for each in people.does if each.answers]
    assert sum(each.share for each in answers) / total == ANSWERS
    assert sum(each.share for each in people.does if each.busy) / total == BUSY
    assert [(each.share, each.answers.rings * RING_SECONDS) for each in answers if each.answers] == list(
        RINGS
    )


def test_the_forecast_lasts_as_long_as_the_bench() -> None:
    scenario = scenario_of(10, 40)
    assert scenario.seconds == 600
    assert scenario.staff.agents.at(0) == 40
