"""How many people were taken for machines is estimated from what their calls came to."""

import math
from random import Random

import pytest

from dialer.machines import (
    Evidence,
    Judged,
    beta_quantile,
    beta_share,
    evidence,
    false_positive_estimate,
)

pytestmark = pytest.mark.unit


def test_without_any_proof_the_published_share_is_assumed() -> None:
    found = false_positive_estimate(Evidence(judged=80, people=0, machines=0, live=230))
    assert found.count == pytest.approx(10.0)
    assert 0 < found.low < found.count < found.high < 80
    assert found.rate == pytest.approx(10 / 240)


def test_proofs_outweigh_the_assumption() -> None:
    good = false_positive_estimate(Evidence(judged=1000, people=4, machines=396))
    bad = false_positive_estimate(Evidence(judged=1000, people=120, machines=280))
    assert good.count == pytest.approx(4 + 600 * 5.25 / 410)
    assert bad.count > 290
    assert good.high < bad.low


def test_proved_people_are_counted_even_if_all_else_are_machines() -> None:
    found = false_positive_estimate(Evidence(judged=10, people=3, machines=7))
    assert found.low == found.count == found.high == 3


def test_nothing_judged_is_nothing_wrong() -> None:
    found = false_positive_estimate(Evidence(0, 0, 0))
    assert (found.count, found.low, found.high, found.rate) == (0, 0, 0, 0)


def test_attempts_are_sorted_into_proofs() -> None:
    known = evidence(
        [
            Judged("MACHINE", "machine", joined=False, was_machine=False, count=50, keyed=2),
            Judged("MACHINE", "message_left", joined=False, was_machine=False, count=30, keyed=1),
            Judged("MACHINE", "screening", joined=False, was_machine=False, count=4),
            Judged("MACHINE", "talked", joined=True, was_machine=False, count=3),
            Judged("MACHINE", "talked", joined=True, was_machine=True, count=1),
            Judged("HUMAN", "talked", joined=True, was_machine=False, count=90),
            Judged("NOTSURE", "talked", joined=True, was_machine=True, count=6),
            Judged("HUMAN", "abandoned", joined=False, was_machine=False, count=2),
            Judged("HUMAN", "hangup", joined=False, was_machine=False, count=5),
        ]
    )
    assert known == Evidence(judged=88, people=6, machines=30, missed=6, live=92)


@pytest.mark.parametrize(
    ("x", "a", "b", "share"),
    [(0.5, 1, 1, 0.5), (0.3, 1, 4, 1 - 0.7**4), (0.8, 3, 1, 0.8**3), (0.5, 7, 7, 0.5), (0.0, 2, 2, 0.0)],
)
def test_the_distribution_agrees_with_the_cases_known_exactly(
    x: float, a: float, b: float, share: float
) -> None:
    assert beta_share(x, a, b) == pytest.approx(share, abs=1e-9)


def test_quantiles_agree_with_draws() -> None:
    chance = Random(1)
    for a, b in ((1.25, 8.75), (20, 400), (900, 100)):
        draws = sorted(chance.betavariate(a, b) for _ in range(20_000))
        for share in (0.05, 0.5, 0.95):
            error = 4 * math.sqrt(share * (1 - share) / 20_000)
            assert beta_share(draws[int(share * 20_000)], a, b) == pytest.approx(share, abs=error)
            assert beta_share(beta_quantile(share, a, b), a, b) == pytest.approx(share, abs=1e-9)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    chance, held, tries = Random(2), 0, 400
    for _ in range(tries):
        share = chance.betavariate(1.25, 8.75)
        truth = [chance.random() < share for _ in range(200)]
        people = sum(truth[:100])
        found = false_positive_estimate(Evidence(200, people, 100 - people))
        held += found.low - 6 <= sum(truth) <= found.high + 6  # the draw of the unproved adds its own
    assert held / tries > 0.85
