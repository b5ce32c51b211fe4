"""Who goes first, who is offered to whom, what comes next for who waits, and what may be said of it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import AgentState, Seat
from agents.needs import Need
from agents.queues import house_queues, is_open, queue_named, queue_of, rules
from agents.queues.estimate import Handling, Told, estimated_wait, rounded
from agents.queues.hours import check_hours
from agents.queues.rules import Due, Ring
from values import BadInputError

pytestmark = pytest.mark.unit

CARE = queue_of("care", {"points": {"gold": 40, "platinum": 60, "known": 5}, "points_per_minute": 10})


def seat(agent: str, *skills: str, idle_since: float = 0.0, state: AgentState = AgentState.READY) -> Seat:
    return Seat(agent, frozenset(skills), state, parked=True, idle_since=idle_since)


def turn(tier: str, since: float) -> tuple[bool, bool, float]:
    head = rules.head_start(CARE, rules.points_of(CARE, tier))
    return rules.turn_of(inbound=True, front=False, since=since, head=head)


def test_points_are_worth_minutes_of_waiting() -> None:
    assert rules.points_of(CARE, "gold") == 45
    assert rules.points_of(CARE, "bronze") == 5
    assert rules.points_of(CARE, "") == 0
    assert rules.head_start(CARE, 45) == 270.0
    assert turn("gold", 1000.0) < turn("", 731.0)
    assert turn("", 729.0) < turn("gold", 1000.0)


@given(
    st.sampled_from(["", "gold", "platinum"]), st.sampled_from(["", "gold", "platinum"]), st.floats(0, 5e3)
)
def test_the_order_is_the_score_s_at_any_time(one: str, other: str, later: float) -> None:
    now = 6000.0
    scores = [
        rules.score(CARE, rules.points_of(CARE, tier), now - since)
        for tier, since in ((one, 0.0), (other, later))
    ]
    if abs(scores[0] - scores[1]) > 1e-6:
        assert (turn(one, 0.0) < turn(other, later)) == (scores[0] > scores[1])


@given(st.floats(0, 1e6), st.floats(0.1, 1000))
def test_nobody_starves(points: float, pace: float) -> None:
    queue = queue_of("q", {"points_per_minute": pace})
    assert rules.head_start(queue, points) <= queue.longest_head_start


def test_who_was_put_in_front_goes_before_all_and_who_we_rang_after_all() -> None:
    front = rules.turn_of(inbound=True, front=True, since=2000.0, head=0.0)
    ours = rules.turn_of(inbound=False, front=False, since=0.0, head=0.0)
    assert front < turn("platinum", 10.0) < ours


def test_the_agent_who_speaks_the_language_then_the_longest_idle() -> None:
    need = rules.need_for(CARE, "ru")
    free = [
        seat("anna", "it", idle_since=1.0),
        seat("olga", "ru", "it", idle_since=9.0),
        seat("igor", "ru", idle_since=5.0),
    ]
    assert rules.offered(need, free) == ["igor", "olga", "anna"]
    strict = rules.need_for(queue_of("care", {"language_must": True}), "ru")
    assert rules.offered(strict, free) == ["igor", "olga"]


def test_who_names_no_language_speaks_the_queue_s_first() -> None:
    strict = rules.need_for(queue_of("care", {"language_must": True, "skill": "care"}), "it")
    assert strict.fits({"care"})
    assert not strict.fits({"care", "en"})
    assert not rules.need_for(queue_of("care", {"language_must": True}), "en").fits({"care"})
    assert not strict.fits({"it"})


def test_a_language_that_the_queue_does_not_serve_is_nobody_s_need() -> None:
    assert rules.need_for(queue_of("care", {"languages": ["it"], "language_must": True}), "ru") == Need(
        languages=("it",)
    )


def test_agents_on_a_break_or_going_home_are_not_able() -> None:
    going = seat("c", state=AgentState.TALKING)
    going.leaving = True
    seats = [seat("a"), seat("b", state=AgentState.PAUSED), going, seat("d", state=AgentState.WRAP_UP)]
    assert rules.able(Need(), seats) == 2
    assert rules.unstaffed(Need(frozenset({"fibre"})), seats)


def next_of(
    waited: float,
    *,
    told: float | None = None,
    offered: bool = False,
    may: bool = True,
    estimate: float | None = None,
    **settings: object,
) -> Due:
    queue = queue_of("q", settings)
    return rules.next_due(queue, waited, told=told, offered=offered, may_offer=may, estimate=estimate)


def test_what_comes_next_for_who_waits() -> None:
    assert next_of(0.0) == Due(Ring.ANNOUNCE, 8.0)
    assert next_of(8.0, told=8.0) == Due(Ring.ANNOUNCE, 53.0)
    assert next_of(53.0, told=53.0) == Due(Ring.OFFER, 60.0)
    assert next_of(53.0, told=53.0, may=False) == Due(Ring.ANNOUNCE, 98.0)
    assert next_of(599.0, told=590.0, offered=True) == Due(Ring.TIMEOUT, 600.0)
    assert next_of(299.0, told=290.0, offered=True, overflow="flow") == Due(Ring.OVERFLOW, 300.0)


def test_a_long_estimate_brings_the_offer_at_once() -> None:
    assert next_of(8.0, told=8.0, estimate=400.0) == Due(Ring.OFFER, 8.0)
    assert next_of(0.0, estimate=400.0).at == 8.0


def test_what_is_late_comes_at_once_and_the_end_before_words() -> None:
    assert next_of(900.0, told=8.0) == Due(Ring.TIMEOUT, 900.0)


@pytest.mark.parametrize(
    ("ahead", "agents", "handling", "seconds"),
    [(0, 4, 240.0, 60.0), (3, 4, 240.0, 240.0), (2, 0, 240.0, None), (2, 4, None, None)],
)
def test_the_estimate_is_the_queue_s_length_by_the_pace_of_its_agents(
    ahead: int, agents: int, handling: float | None, seconds: float | None
) -> None:
    assert estimated_wait(ahead, agents, handling) == seconds


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [(0.0, 0), (59.9, 0), (60.0, 1), (61.0, 2), (600.0, 10), (601.0, 15), (1800.0, 30), (1801.0, 31)],
)
def test_it_is_told_rounded_up(seconds: float, minutes: int) -> None:
    assert rounded(seconds) == Told(minutes)
    assert Told(minutes).more == (minutes == 31)


def test_few_talks_say_nothing_and_old_ones_no_more() -> None:
    handling = Handling()
    for at in range(4):
        handling.note(float(at), 100.0)
    assert handling.mean(10.0) is None
    handling.note(4.0, 200.0)
    assert handling.mean(10.0) == 120.0
    assert handling.mean(8000.0) is None
    assert rounded(None) is None


def test_opening_hours_holidays_and_closed_days() -> None:
    queue = queue_of(
        "q", {"hours": {"mon": ["08:00-22:00"]}, "holidays": "IT", "closed_days": ["2026-03-09"]}
    )
    assert is_open(queue, datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
    assert not is_open(queue, datetime(2026, 3, 2, 22, 0, tzinfo=UTC))
    assert not is_open(queue, datetime(2026, 3, 9, 8, 0, tzinfo=UTC))  # a closed day
    assert not is_open(queue, datetime(2026, 4, 6, 8, 0, tzinfo=UTC))  # Easter Monday
    assert is_open(queue_of("q", {}), datetime(2026, 12, 25, 3, 0, tzinfo=UTC))
    assert not is_open(queue_of("q", {"active": False}), datetime(2026, 3, 2, 8, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"target_seconds": "20"}, "target_seconds"),
        ({"target_seconds": True}, "target_seconds"),
        ({"points_per_minute": 0}, "points_per_minute"),
        ({"languages": ["it", "fr"]}, "languages"),
        ({"languages": []}, "languages"),
        ({"hours": {"mon": ["8-22"]}}, "hours"),
        ({"overflow": "queue"}, "overflow_to"),
        ({"overflow": "queue", "overflow_to": "care"}, "overflow_to"),
        ({"short_seconds": 30}, "short_seconds"),
        ({"messages": {"closed": {"fr": "x"}}}, "messages"),
        ({"dispositions": [{"title": "x"}]}, "dispositions"),
        ({"closed_days": ["Easter"]}, "closed_days"),
        ({"title": "a\nb"}, "title"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(settings: dict[str, object], field: str) -> None:
    with pytest.raises(BadInputError) as problem:
        queue_of("care", settings)
    assert problem.value.field == field


@pytest.mark.parametrize(
    ("settings", "field"), [({"zone": "Europe/Rom"}, "zone"), ({"holidays": "ZZ"}, "holidays")]
)
def test_a_place_that_nobody_knows_is_refused(settings: dict[str, object], field: str) -> None:
    with pytest.raises(BadInputError) as problem:
        check_hours(queue_of("care", settings))
    assert problem.value.field == field


def test_settings_come_back_as_they_were_written() -> None:
    for each in house_queues():
        assert queue_of(each.name, each.settings) == each


def test_a_flow_names_a_queue_by_its_target() -> None:
    assert queue_named("queue.care") == "care"
    assert queue_named("agents.fibre") is None
    assert queue_named("queue.") is None
