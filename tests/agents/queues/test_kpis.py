"""Every figure of a queue by its definition, on the one vector of the rules; n/a where there is nothing."""

import pytest

from agents.queues import kpis
from agents.queues.definitions import definitions
from agents.queues.kpis import AgentTime, SelfService, Tally

pytestmark = pytest.mark.unit

VECTOR = Tally(
    offered=100,
    answered=80,
    in_time=70,
    abandoned=12,
    abandoned_in_time=6,
    short=4,
    flow_outs=8,
    answered_wait=960.0,
    handled=80,
    talk=16_000.0,
    hold=800.0,
    wrap=2_400.0,
)


@pytest.mark.parametrize(
    ("name", "percent"),
    [
        ("service_level", 70.0),
        ("service_level_genesys", 76.1),
        ("service_level_genesys_without_short", 79.5),
        ("service_level_genesys_with_flow_outs", 70.0),
        ("service_level_late_abandons", 81.4),
        ("service_level_asterisk", 87.5),
        ("service_level_asterisk_2", 76.0),
    ],
)
def test_service_levels_of_the_vector(name: str, percent: float) -> None:
    value = kpis.QUEUE_KPIS[name](VECTOR)
    assert value is not None
    assert round(100 * value, 1) == percent


def test_waiting_losing_and_handling_of_the_vector() -> None:
    assert kpis.asa(VECTOR) == 12.0
    assert kpis.abandon_rate(VECTOR) == 0.12
    assert kpis.short_abandon_rate(VECTOR) == 0.04
    assert kpis.aht(VECTOR) == 240.0


def test_nothing_makes_no_figure_at_all() -> None:
    assert {name: make(Tally()) for name, make in kpis.QUEUE_KPIS.items()} == dict.fromkeys(kpis.QUEUE_KPIS)
    assert kpis.told(Tally())["service_level"] is None
    assert (kpis.occupancy(AgentTime()), kpis.utilisation(AgentTime())) == (None, None)
    assert (kpis.containment(SelfService()), kpis.resolution(SelfService())) == (None, None)


def test_only_short_abandons_leave_one_definition_without_anything() -> None:
    hung_up = Tally(offered=3, abandoned=3, abandoned_in_time=3, short=3)
    assert kpis.copc(hung_up) == 0.0
    assert kpis.genesys_without_short(hung_up) is None
    assert kpis.asterisk(hung_up) is None


def test_who_still_waits_is_in_no_ratio_yet() -> None:
    assert kpis.copc(Tally(offered=2, waiting=1, answered=1, in_time=1)) == 1.0
    assert kpis.abandon_rate(Tally(offered=1, waiting=1)) is None


def test_intervals_add_up() -> None:
    whole = kpis.total([VECTOR, Tally(offered=10, answered=10, in_time=10, longest_wait=9.0), Tally()])
    assert (whole.offered, whole.in_time, whole.longest_wait) == (110, 80, 9.0)


def test_breaks_are_out_of_occupancy_and_in_utilisation() -> None:
    hour = AgentTime(talking=1800, wrap_up=600, idle=600, paused=600)
    assert kpis.occupancy(hour) == 0.8
    assert kpis.utilisation(hour) == pytest.approx(2400 / 3600)


def test_a_hang_up_in_the_menu_is_contained_but_not_solved() -> None:
    calls = SelfService(calls=10, contained=6, resolved=3, settled=8)
    assert (kpis.containment(calls), kpis.resolution(calls)) == (0.6, 0.375)


def test_each_figure_has_its_words_in_three_languages() -> None:
    figures = {*kpis.QUEUE_KPIS, *kpis.AGENT_KPIS, "containment", "self_service_resolution"}
    assert set(definitions()) == figures
    for each in definitions().values():
        assert set(each.title) == set(each.words) == {"en", "it", "ru"}
        assert each.unit in {"percent", "seconds"}
        assert all(each.told(language)["words"] for language in ("en", "it", "ru"))
    assert definitions()["asa"].told("fr")["title"] == "Average speed of answer"
