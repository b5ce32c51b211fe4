"""The bench's own arithmetic on joins."""

from datetime import timedelta

import pytest

from bench.joins import _rate
from values.testing import EPOCH

pytestmark = pytest.mark.unit


def test_the_rate_leaves_out_the_slow_ends() -> None:
    steady = [EPOCH + timedelta(seconds=place / 20) for place in range(100)]
    late = [EPOCH + timedelta(seconds=60 + place) for place in range(5)]
    assert _rate(steady) == pytest.approx(20.0)
    assert _rate([*steady, *late]) == pytest.approx(20.0)


def test_of_hardly_any_there_is_no_rate() -> None:
    assert _rate([]) == _rate([EPOCH]) == 0.0
