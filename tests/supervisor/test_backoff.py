"""A part that falls is started again soon, then ever later, and soon again after a steady life."""

import pytest

from centralino.supervisor.backoff import FIRST, LONGEST, STEADY, Backoff

pytestmark = pytest.mark.unit


def test_waits_longer_each_time_up_to_a_limit() -> None:
    backoff = Backoff()
    waits = [backoff.after(lived=1.0) for _ in range(12)]
    assert waits[:4] == [FIRST, FIRST * 2, FIRST * 4, FIRST * 8]
    assert waits[-1] == LONGEST


def test_a_steady_life_earns_a_fresh_start() -> None:
    backoff = Backoff()
    for _ in range(5):
        backoff.after(lived=1.0)
    assert backoff.after(lived=STEADY) == FIRST
    assert backoff.after(lived=1.0) == FIRST * 2
