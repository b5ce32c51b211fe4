"""What if: the hours to come under a changed setting."""

import pytest
from pydantic import ValidationError

from dialer.pacing import PacingState
from dialer.pacing.making import campaign_pacer
from dialer.simulator import Estimates, Settings, as_forecast, compare, forecast
from values import BadInputError
from values.testing import FixedClock

pytestmark = pytest.mark.unit

NOW = Estimates(answered=0.3, handling_mean=175, live=600, abandoned=6, attempts_per_contact=2)
MINUTE_LONG = 60.0


def test_a_change_of_mode_is_forecast_beside_the_present_one() -> None:
    present, changed = compare(
        NOW, 10, Settings(mode="progressive"), Settings(mode="predictive"),
        hours=3, contacts_left=3000, seeds=2, max_seconds=MINUTE_LONG, clock=FixedClock(),
    )  # fmt: skip
    assert present.runs == changed.runs == 2
    assert present.utilisation.mean == pytest.approx(0.72, abs=0.03)
    assert changed.utilisation.mean > present.utilisation.mean + 0.05
    assert present.utilisation.low < present.utilisation.mean < present.utilisation.high
    assert present.abandonment.mean < 0.01  # six that were abandoned before, among more live answers
    assert 0.015 < changed.abandonment.mean <= 0.03, "what was left is spent once, not in each hour"
    assert present.list_end is not None
    assert changed.list_end is not None
    assert changed.list_end.mean < present.list_end.mean
    assert present.list_end.mean == pytest.approx(6000 / present.calls_per_hour)


def test_more_agents_end_the_list_sooner() -> None:
    few, many = compare(
        NOW, 8, Settings(mode="progressive"), Settings(mode="progressive", agents=16),
        contacts_left=2000, seeds=1, max_seconds=MINUTE_LONG,
    )  # fmt: skip
    assert few.list_end is not None
    assert many.list_end is not None
    assert many.list_end.mean == pytest.approx(few.list_end.mean / 2, rel=0.15)


def test_what_the_running_pacer_has_learned_can_be_taken_over() -> None:
    pacer = campaign_pacer("predictive")
    for number in range(400):
        outcome, rang = ("connected", 12) if number % 4 == 0 else ("no_answer", 30)
        pacer.call_ended(placed=number, ended=number + rang, outcome=outcome, rang=rang)
        if outcome == "connected":
            pacer.agent_freed(30 + number % 90)
        pacer.calls_to_place(PacingState(number + 30.0, 1, [], [], 0))
    estimates = Estimates.of(pacer.estimates, live=100, abandoned=2)
    assert estimates.answered == pytest.approx(0.25, abs=0.05)
    assert estimates.handling_mean == pytest.approx(75, abs=25)
    found = forecast(estimates, 6, Settings(), seeds=1, learned=pacer.learned())
    assert 0.4 < found.utilisation.mean < 0.95
    with pytest.raises(BadInputError, match="learned"):
        forecast(estimates, 6, Settings(), learned={"of": "somebody else"})


def test_no_time_is_still_a_run_or_two_and_no_list_has_no_end() -> None:
    found = forecast(NOW, 5, Settings(mode="ratio", ratio=1.5), seeds=9, max_seconds=0)
    assert found.runs == 2
    assert forecast(NOW, 60, Settings(mode="progressive"), seeds=9, max_seconds=0).runs == 1
    assert found.list_end is None


def test_nobody_signed_in_calls_nobody() -> None:
    found = forecast(NOW, 0, Settings(mode="progressive"), contacts_left=10, seeds=1)
    assert found.calls_per_hour == 0
    assert found.list_end is not None
    assert found.list_end.mean == float("inf")
    assert as_forecast(found)["list_end"] == {"mean": None, "low": None, "high": None}
    assert found.abandonment.mean == pytest.approx(0.01)


def test_what_cannot_be_is_refused_by_name() -> None:
    with pytest.raises(BadInputError, match="hours"):
        forecast(NOW, 5, Settings(), hours=0)
    for field, wrong in {"max_abandon": 2, "ratio": 0, "agents": -1, "mode": "preview", "speed": 3}.items():
        with pytest.raises(ValidationError, match=field):
            Settings.model_validate({field: wrong})
    for field, wrong in {"answered": 1.2, "handling_mean": 0, "machine": 0.8, "abandoned": 601}.items():
        with pytest.raises(ValidationError, match=field):
            Estimates.model_validate(NOW.model_dump() | {field: wrong})
