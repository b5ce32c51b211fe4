"""Shares of late, paces, and a minute's row for the charts."""

from datetime import UTC, datetime, timedelta

import pytest

from centralino.core.floor.minutes import Minute, minute_of
from centralino.core.floor.queues import queues_told
from centralino.core.floor.rolling import Pace, Share

pytestmark = pytest.mark.unit
NOW = datetime(2026, 3, 3, 10, 0, 17, tzinfo=UTC)


def test_utilisation_is_of_the_last_samples_only_and_of_nobody_it_is_nothing() -> None:
    share = Share(most=3)
    assert share.value is None
    share.add(0, 0)
    assert share.value is None, "nobody staffed: not available, never 0 or 1"
    for busy in (4, 2, 0, 0):
        share.add(busy, 4)
    assert share.value == pytest.approx(2 / 12)


def test_a_pace_is_what_a_counter_rises_in_a_second_also_after_a_restart() -> None:
    pace = Pace(most=3)
    assert pace.value == 0
    for second, count in enumerate((0, 5, 10, 15, 15)):
        pace.add(second, count)
    assert pace.value == pytest.approx(10 / 3)
    pace.add(5, 2)
    assert pace.value == 0
    pace.add(6, 4)
    assert pace.value == 2


def test_a_minute_comes_to_means_peaks_and_last_values() -> None:
    begins = minute_of(NOW)
    minute = Minute(begins)
    for second in range(3):
        row = {"utilisation": 0.5 + second / 10, "abandonment": None, "waiting": second % 2, "lines": second}
        minute.add({"campaigns": {"spring": row}, "house": {"": {"ready": second}}})
    told = minute.row()
    assert told["at"] == int(begins.timestamp())
    assert told["campaigns"]["spring"] == [0.7, None, 1.0, 1.0, None, None]
    assert told["house"][""] == [None, None, None, None, 1.0]
    assert "queues" not in told
    assert minute_of(NOW + timedelta(seconds=43)) != begins


def test_the_queues_word_is_read_in_either_form_and_nonsense_is_nothing() -> None:
    by_name = {"queues": {"service": {"waiting": 2}}}
    listed = {"queues": [{"queue": "service", "waiting": 2}]}
    assert queues_told(by_name)["service"]["waiting"] == queues_told(listed)["service"]["waiting"] == 2
    assert queues_told(None) == queues_told([1]) == queues_told({"queues": 7}) == {}
