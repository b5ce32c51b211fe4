"""A simulated day: nobody is lost, nobody is doubled, and the law's clock is kept."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from agents import AgentState, Desk, Seat
from dialer.gate import Formula
from dialer.simulator import by_formula
from dialer.simulator.baselines import ProgressivePacer
from tests.dialer.simulator.days import Scripted, at_random, let_go_by, scenario

pytestmark = pytest.mark.unit

WORLDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "machines": {"population": {"person": 0.3, "machine": 0.3}},
    "detection": {
        "population": {"person": 0.3, "machine": 0.3, "patience": {"exponential": 3}},
        "detection": {"false_positive": 0.1, "false_negative": 0.2},
    },
    "inbound": {"inbound": {"calls_per_hour": 120, "patience": {"exponential": 30}}},
    "comings": {"staff": {"agents": [{"from": "09:10", "is": 8}, {"from": "09:30", "is": 2}], "talk": 90}},
    "list": {"list": {"contacts": 150}},
    "late": {"campaign": {"drop_after": 20}},
}


@pytest.mark.parametrize("world", WORLDS)
@settings(max_examples=4, deadline=None)
@given(seed=some.integers(0, 10_000))
def test_every_placed_call_ends_exactly_once(world: str, seed: int) -> None:
    pacer = at_random(seed)
    day = let_go_by(scenario(**WORLDS[world]), pacer, seed)
    assert day.counts.placed > 100
    assert day.counts.ended == day.counts.placed == len(pacer.ends)
    told = Counter(outcome for _, _, outcome, _ in pacer.ends)
    assert told["no_answer"] == day.counts.no_answer
    assert told["busy"] == day.counts.busy
    assert told["failed"] == day.counts.failed
    assert told["machine"] == day.counts.machines + day.counts.false_positives
    assert told["connected"] + told["abandoned"] == (
        day.counts.connected + day.counts.abandoned + day.counts.machines_joined + day.counts.machines_dropped
    )


@pytest.mark.parametrize("world", WORLDS)
def test_no_agent_talks_to_two_customers(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    talks: dict[str, int] = {}

    def watch(seat: Seat, _before: AgentState) -> None:
        if seat.state is AgentState.RESERVED:
            assert seat.agent not in talks, "handed out twice"
            talks[seat.agent] = 1
        elif seat.state is not AgentState.TALKING:
            talks.pop(seat.agent, None)

    made = Desk.__init__

    def watched(self: Desk, *args: Any, **kwargs: Any) -> None:
        made(self, *args, **kwargs)
        self.on_change(watch)

    monkeypatch.setattr(Desk, "__init__", watched)
    day = let_go_by(scenario(**WORLDS[world]), at_random())
    assert day.counts.connected > 10
    assert not talks


def test_the_same_seed_gives_the_same_day_and_another_one_another() -> None:
    world = scenario(**WORLDS["detection"], **WORLDS["inbound"])
    first = let_go_by(world, at_random(), seed=7)
    assert first == let_go_by(world, at_random(), seed=7)
    assert first != let_go_by(world, at_random(), seed=8)


def test_a_pacers_haste_does_not_change_whom_it_meets() -> None:
    def fates(calls: int) -> list[tuple[str, float]]:
        pacer = Scripted(lambda state: calls if state.now < 20 else 0)
        let_go_by(scenario(staff={"agents": 200, "talk": 10}), pacer)
        ends = sorted(pacer.ends)[: 20 * 2]  # the first forty that were placed
        return sorted((outcome, round(rang, 6)) for _, _, outcome, rang in ends if outcome != "connected")

    slow, quick = fates(2), fates(4)
    assert slow == quick


def test_who_is_joined_later_than_two_seconds_counts_as_abandoned() -> None:
    """One agent, two answers at once: the second is kept for a minute and joined after ten seconds."""
    pacer = Scripted(lambda state: 2 if state.now == 0 else 0)
    world = scenario(
        hours=0.1,
        population={"person": 1, "rings": {"person": 5}},
        staff={"agents": 1, "talk": 10, "wrap_up": 0},
        campaign={"drop_after": 60},
    )
    day = let_go_by(world, pacer)
    assert (day.counts.connected, day.counts.late, day.counts.dropped) == (1, 1, 0)
    assert day.abandonment == 0.5
    assert sorted(outcome for _, _, outcome, _ in pacer.ends) == ["abandoned", "connected"]
    assert day.utilisation == pytest.approx(20 / 360)  # the agent talked to both


def test_who_would_wait_longer_than_two_seconds_is_let_go_by_default() -> None:
    pacer = Scripted(lambda state: 2 if state.now == 0 else 0)
    world = scenario(
        population={"person": 1, "rings": {"person": 5}}, staff={"agents": 1, "talk": 10, "wrap_up": 0}
    )
    day = let_go_by(world, pacer)
    assert (day.counts.connected, day.counts.late, day.counts.dropped) == (1, 0, 1)
    assert [round(ended, 6) for _, ended, outcome, _ in pacer.ends if outcome == "abandoned"] == [7.0]
    assert max(state.waiting for state in pacer.states) == 1


def test_detection_takes_its_time_out_of_the_laws_clock_where_it_starts_at_the_answer() -> None:
    def abandoned(counts_from: str) -> int:
        world = scenario(
            population={"person": 1, "rings": {"person": 5}},
            detection={"seconds": 1.5, "false_positive": 0},
            staff={"agents": 1, "talk": 1, "wrap_up": 0},
            campaign={"counts_from": counts_from},
        )
        return let_go_by(world, Scripted(lambda state: 2 if state.now == 0 else 0)).counts.abandoned

    assert abandoned("detected") == 0  # the agent is free again after one second of two
    assert abandoned("answered") == 1  # half a second was left


def test_a_person_hung_up_as_a_machine_counts_by_the_uks_formula_alone() -> None:
    world = scenario(
        population={"person": 0.5},
        detection={"false_positive": 0.2, "false_negative": 0},
        staff={"agents": 30, "talk": 30},
        campaign={"formula": "uk"},
    )
    day = let_go_by(world, ProgressivePacer())
    assert day.counts.abandoned == 0
    assert day.abandonment == day.by_formula["uk"] == pytest.approx(0.2, abs=0.03)
    assert day.by_formula["live"] == day.by_formula["completed"] == 0


def test_italy_counts_per_completed_call() -> None:
    pacer = Scripted(lambda state: 2 if state.now == 0 else 0)
    world = scenario(
        population={"person": 1}, staff={"agents": 1, "talk": 99}, campaign={"formula": "completed"}
    )
    day = let_go_by(world, pacer)
    assert day.abandonment == by_formula(Formula.COMPLETED, day.counts) == 1.0
    assert day.by_formula["live"] == 0.5


def test_who_leaves_ends_the_talk_first_and_the_pacer_is_told() -> None:
    world = scenario(
        population={"person": 1, "rings": {"person": 1}},
        staff={
            "agents": [{"from": "09:00", "is": 4}, {"from": "09:01", "is": 1}],
            "talk": 200,
            "wrap_up": 0,
        },
    )
    pacer = Scripted(lambda state: 4 if state.now == 0 else 0)
    day = let_go_by(world, pacer)
    assert day.counts.connected == 4
    assert [state.leaving for state in pacer.states][:200] == [0] * 60 + [3] * 140
    assert pacer.states[300].idle_agents == 1
    assert not pacer.states[300].busy_agents
    assert day.staffed_hours == pytest.approx((3600 + 3 * 201) / 3600)


def test_callers_come_before_called_customers() -> None:
    world = scenario(inbound={"calls_per_hour": 600, "talk": 60, "wrap_up": 0, "patience": 600})
    day = let_go_by(world, at_random())
    assert day.inbound is not None
    assert day.inbound.answered > 250  # five agents could take 300
    assert day.counts.connected < 20


def test_lines_and_calls_a_second_hold_the_pacer_back() -> None:
    greedy = Scripted(lambda _state: 1000)
    answers = {"person": 1, "rings": {"person": 20}}
    held = {"lines": 40, "calls_per_second": 3}
    staff = {"agents": 5, "talk": 60, "wrap_up": 0}
    day = let_go_by(scenario(campaign=held, population=answers, staff=staff), greedy)
    rung = [len(state.ringing) for state in greedy.states]
    assert rung[1:4] == [3, 6, 9]
    assert max(len(state.ringing) + len(state.busy_agents) for state in greedy.states) <= 40
    assert day.abandonment > 0.3


def test_a_list_is_called_again_by_the_campaigns_rules_and_comes_to_its_end() -> None:
    rules = {"max_attempts": 3, "outcomes": {"no_answer": {"after": [5], "most": 3}, "busy": {"after": [2]}}}
    world = scenario(list={"contacts": 100}, campaign={"retry": rules}, staff={"agents": 20, "talk": 30})
    day = let_go_by(world, ProgressivePacer())
    assert day.list is not None
    assert day.list.finished == day.list.contacts == 100
    assert 40 < day.list.reached == day.counts.connected < 90
    assert 100 < day.counts.placed <= 300
    assert day.list.ends < 0.5


def test_a_list_that_does_not_end_says_when_it_would() -> None:
    day = let_go_by(scenario(list={"contacts": 10_000}), ProgressivePacer())
    assert day.list is not None
    assert day.list.finished + day.list.waiting < 10_000
    assert day.list.ends == pytest.approx(10_000 / day.list.finished)


def test_a_day_without_agents_calls_nobody() -> None:
    day = let_go_by(scenario(staff={"agents": 0}), ProgressivePacer())
    assert (day.counts.placed, day.utilisation, day.abandonment) == (0, 0, 0)


def test_the_series_adds_up_to_the_day() -> None:
    day = let_go_by(scenario(), at_random())
    assert len(day.series) == 12
    assert sum(each.placed for each in day.series) == day.counts.placed
    assert sum(each.connected for each in day.series) == day.counts.connected
    assert sum(each.abandoned for each in day.series) == day.counts.abandoned
    hours = sum(each.agents for each in day.series) / 12
    assert hours == pytest.approx(day.staffed_hours)
    busy = sum(each.agents * each.utilisation for each in day.series) / 12
    assert busy / hours == pytest.approx(day.utilisation)
