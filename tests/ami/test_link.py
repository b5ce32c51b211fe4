from random import Random

import pytest

from ami import Account, Timings
from ami.link import retry_delay

pytestmark = pytest.mark.unit


def test_retries_slow_down_to_a_limit_and_chance_keeps_nodes_apart() -> None:
    timings, chance = Timings(first_retry=1, last_retry=8), Random(7)
    for failures, longest in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 8), (5000, 8)]:
        delays = {retry_delay(failures, timings, chance) for _ in range(200)}
        assert len(delays) > 100
        assert longest / 2 <= min(delays) < longest * 0.6
        assert longest * 0.9 < max(delays) <= longest


def test_an_account_shows_everything_but_its_secret() -> None:
    account = Account("127.0.0.1", 5038, "centralino", "very-secret")
    assert str(account) == "centralino@127.0.0.1:5038"
    assert "very-secret" not in repr(account)
