"""What the predictive pacer learns, forgets, keeps over a restart, and risks."""

import json

import pytest

from dialer.pacing import PacingState
from dialer.pacing.campaign import CampaignPacer
from dialer.pacing.making import campaign_pacer
from tests.dialer.pacing.days import Day, always
from values import BadInputError

pytestmark = pytest.mark.unit


def taught(mode: str = "predictive", *, answer: float = 0.3, hours: float = 1.0) -> CampaignPacer:
    pacer = campaign_pacer(mode)
    Day(always(20), always(answer), hours=hours).run(pacer)
    return pacer


def moment(now: float = 4000.0, *, idle: int = 1, ringing: int = 0) -> PacingState:
    """Twenty agents, of whom some are idle and the others talk."""
    return PacingState(now, idle, [20.0 * i for i in range(20 - idle)], [4.0] * ringing, 0)


def test_the_first_calls_of_a_day_are_one_for_each_agent() -> None:
    pacer = campaign_pacer("predictive")
    assert pacer.calls_to_place(PacingState(0.0, 10, [], [], 0)) == 10


def test_an_unlucky_start_does_not_pass_for_a_list_that_nobody_answers() -> None:
    pacer = campaign_pacer("predictive")
    for i in range(35):
        pacer.call_ended(placed=float(i % 2), ended=28.0, outcome="no_answer", rang=27.0)
    for second in range(40, 44):
        placed = pacer.calls_to_place(PacingState(float(second), 25, [], [], 0))
        assert placed <= 25 + 35


def test_it_learns_how_people_answer_and_how_long_they_talk() -> None:
    estimates = taught(answer=0.3).estimates
    assert estimates.answer_probability == pytest.approx(0.3, abs=0.07)
    assert estimates.ring_mean == pytest.approx(11, abs=1.5)
    assert estimates.handling_mean == pytest.approx(175, rel=0.15)
    assert 0.4 < estimates.handling_cv < 1.1
    assert estimates.machine_share < 0.02
    assert 0 < estimates.abandonment <= 0.03
    assert estimates.lines_per_agent > 1


def test_it_dials_ahead_once_it_knows() -> None:
    assert taught().calls_to_place(moment(idle=4)) > 4
    assert campaign_pacer("progressive").calls_to_place(moment(idle=4)) == 4


def test_a_tripled_answer_rate_is_noticed_within_a_minute() -> None:
    pacer = taught(answer=0.15)
    before = pacer.calls_to_place(moment(3601.0, idle=6))
    for second in range(60):
        pacer.calls_to_place(moment(3601.0 + second, idle=6, ringing=5))
        for outcome, rang in (("connected", 10.0), ("no_answer", 27.0)):
            pacer.call_ended(placed=3591.0 + second, ended=3601.0 + second, outcome=outcome, rang=rang)
    assert pacer.estimates.answer_probability > 0.3
    assert pacer.calls_to_place(moment(3661.0, idle=6)) < before


def test_calls_under_way_that_are_answered_in_a_row_slow_it_down_at_once() -> None:
    pacer = taught(answer=0.15)
    before = pacer.calls_to_place(moment(3601.0, idle=6))
    for _ in range(12):
        pacer.call_ended(placed=3591.0, ended=3602.0, outcome="connected", rang=11.0)
    assert pacer.calls_to_place(moment(3602.0, idle=6)) < before


def test_agents_who_will_not_come_back_are_not_counted_on() -> None:
    busy = [150.0] * 20
    all_stay = taught().calls_to_place(PacingState(4000.0, 3, busy, [], 0))
    half_leave = taught().calls_to_place(PacingState(4000.0, 3, busy, [], 0, leaving=18))
    assert half_leave < all_stay


def test_once_the_budget_is_overdrawn_no_live_answer_is_risked() -> None:
    pacer = taught()
    pacer.restore(connected=100, abandoned=6)
    assert pacer.estimates.budget_left < 0
    assert pacer.calls_to_place(moment()) == 1
    assert pacer.calls_to_place(moment(4001.0, idle=5, ringing=3)) == 2


def test_persons_hung_up_on_as_machines_take_from_the_budget() -> None:
    pacer = taught()
    left = pacer.estimates.budget_left
    pacer.charge(2.5)
    assert pacer.estimates.budget_left == pytest.approx(left - 2.5 * 0.97)
    pacer.charge(50)
    assert pacer.calls_to_place(moment()) == 1


def test_the_limit_changes_at_once_and_nothing_is_forgotten() -> None:
    pacer = taught()
    knows = json.dumps(pacer.learned())
    pacer.max_abandon = 0.0
    assert pacer.calls_to_place(moment(idle=4)) == 4
    pacer.max_abandon = 0.03
    assert pacer.calls_to_place(moment(4001.0, idle=4)) > 4
    assert json.loads(knows)["handling"] == pacer.learned()["handling"]


def test_what_was_learned_and_counted_survives_a_restart() -> None:
    old = taught()
    new = campaign_pacer("predictive")
    new.relearn(json.loads(json.dumps(old.learned())))
    new.restore(connected=500, abandoned=12, amd_false=1.5)
    old.restore(connected=500, abandoned=12, amd_false=1.5)
    assert new.estimates.handling_mean == pytest.approx(old.estimates.handling_mean)
    assert new.estimates.answer_probability == pytest.approx(old.estimates.answer_probability)
    assert new.estimates.abandonment == pytest.approx(13.5 / 513.5)
    assert new.calls_to_place(moment(10.0, idle=4)) > 4


def test_another_mode_takes_over_what_was_learned() -> None:
    old = taught("progressive")
    new = campaign_pacer("predictive")
    new.relearn(old.learned())
    assert new.estimates.answer_probability == pytest.approx(old.estimates.answer_probability)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda learned: learned.pop("ring"),
        lambda learned: learned["ring"]["live"].pop(),
        lambda learned: learned["ring"].update(answers=[0.0] * 48),
        lambda learned: learned["handling"].update(sums=[-1.0, 0.0, 0.0]),
        lambda learned: learned["handling"].update(ended="none"),
        lambda learned: learned.update(level="high"),
        lambda learned: learned.update(level=99.0),
    ],
)
def test_what_no_pacer_learned_is_refused(spoil: object) -> None:
    learned = json.loads(json.dumps(campaign_pacer("predictive").learned()))
    spoil(learned)  # type: ignore[operator]
    with pytest.raises(BadInputError):
        campaign_pacer("predictive").relearn(learned)


def test_longer_patience_lets_it_dial_more() -> None:
    pacer = taught()
    two = pacer.calls_to_place(moment(4000.0, idle=1))
    pacer.patience = 20.0
    assert pacer.calls_to_place(moment(4001.0, idle=1)) > two


def test_the_cap_on_occupancy_leaves_agents_alone() -> None:
    pacer = campaign_pacer("progressive", max_occupancy=0.5)
    for second in range(300):
        pacer.calls_to_place(moment(float(second), idle=4))
    assert pacer.calls_to_place(moment(301.0, idle=4)) == 0
    pacer.max_occupancy = None
    assert pacer.calls_to_place(moment(302.0, idle=4)) == 4
