"""An agent's day from their events: states one after the other, and how long each took."""

from datetime import UTC, datetime, timedelta

import pytest

from agents.daybook import spans_of, totals
from agents.models import AgentEvent

pytestmark = pytest.mark.unit
MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)


def event(hour: float, state: str, **more: str) -> AgentEvent:
    words = {"reason": "", "campaign": "", "call_id": ""} | more
    return AgentEvent(
        agent="anna", at=MIDNIGHT + timedelta(hours=hour), state=state, before="", seconds=0.0, **words
    )


def test_states_follow_one_another_the_time_away_is_left_out_and_the_last_one_lasts_until_now() -> None:
    events = [
        event(8, "offline", reason="sign_in"),
        event(8.25, "ready"),
        event(9, "talking", campaign="spring", call_id="a1"),
        event(9.5, "wrap_up", campaign="spring", call_id="a1"),
        event(9.75, "paused", reason="lunch"),
        event(10, "offline", reason="sign_out"),
        event(11, "ready"),
    ]
    spans = spans_of(None, events, MIDNIGHT, MIDNIGHT + timedelta(hours=11.5))
    assert [span.state for span in spans] == ["ready", "talking", "wrap_up", "paused", "ready"]
    assert (spans[1].call, spans[1].campaign, spans[3].reason) == ("a1", "spring", "lunch")
    assert totals(spans) == {"ready": 1.25 * 3600, "talking": 1800, "wrap_up": 900, "paused": 900}


def test_a_shift_over_midnight_begins_the_day_in_its_state() -> None:
    spans = spans_of(event(-2, "talking"), [event(1, "ready")], MIDNIGHT, MIDNIGHT + timedelta(hours=2))
    assert [(span.state, span.seconds) for span in spans] == [("talking", 3600), ("ready", 3600)]


def test_a_state_left_over_by_a_crash_does_not_last_for_ever() -> None:
    spans = spans_of(None, [event(1, "ready")], MIDNIGHT, MIDNIGHT + timedelta(hours=24))
    assert totals(spans) == {"ready": 16 * 3600}
