"""From counts to money: monotone, capped, and the same every time."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.contracts import Contract, Proof, Why, contract_of, reckon
from surveys.contracts.reckoning import money_of, percent_of, position
from surveys.figures import Tally
from tests.surveys.contracts.test_terms import example
from values import Money

pytestmark = pytest.mark.unit

INVOICE = Money(10_000_000)  # a hundred thousand euros


def csat(**changes: Any) -> Contract:
    """One indicator: 0 from 78 % to 82 %, the whole bonus of 5 % at 92 %, the whole malus of 3 % at 68 %."""
    term = {"indicator": "csat", "weight": 1, "worst": 0.68, "target": [0.78, 0.82], "best": 0.92}
    return contract_of(example(indicators=[term], cap=5, floor=-3, **changes))


def month(good: int, n: int) -> Mapping[str, Tally]:
    return {"satisfaction": Tally.plain({5: good, 1: n - good})}


@pytest.mark.parametrize(
    ("good", "why", "cents"),
    [
        (1000, Why.PAYS, 500_000),  # more than the corridor's end: the cap, and no more
        (920, Why.PAYS, 500_000),
        (870, Why.PAYS, 250_000),  # half way from 82 to 92
        (830, Why.NOT_PROVEN, 0),  # 80.5-85.2 touches the band
        (800, Why.IN_BAND, 0),
        (770, Why.NOT_PROVEN, 0),
        (730, Why.COSTS, -150_000),  # half way from 78 to 68
        (100, Why.COSTS, -300_000),
    ],
)
def test_a_months_money(good: int, why: Why, cents: int) -> None:
    found = reckon(csat(), month(good, 1000), INVOICE)
    assert (found.parts[0].why, found.money.minor) == (why, cents)


def test_too_few_answers_neither_pay_nor_cost() -> None:
    assert reckon(csat(), month(99, 99), INVOICE).parts[0].why is Why.TOO_FEW
    assert reckon(csat(), month(100, 100), INVOICE).money.minor == 500_000
    assert reckon(csat(), {}, INVOICE).money.minor == 0


def test_a_contract_may_be_content_with_the_number_of_answers() -> None:
    found = reckon(csat(proof=Proof.COUNT), month(830, 1000), INVOICE)
    assert (found.parts[0].why, found.money.minor) == (Why.PAYS, 50_000)


def test_indicators_weigh_as_agreed() -> None:
    terms = [
        {"indicator": "nps", "weight": 0.6, "worst": 0, "target": [20, 30], "best": 50},
        {"indicator": "csat", "weight": 0.4, "worst": 0.68, "target": [0.78, 0.82], "best": 0.92},
    ]
    contract = contract_of(example(indicators=terms, cap=5, floor=-3))
    tallies = {"recommend": Tally.plain({10: 700, 0: 100, 7: 200}), **month(730, 1000)}
    found = reckon(contract, tallies, INVOICE)
    assert [part.score for part in found.parts] == [1.0, pytest.approx(-0.5)]
    assert found.index == Decimal("0.400000")  # 0.6 - 0.2
    assert (found.percent, found.money) == (Decimal("2.000000"), Money(200_000))


def test_half_a_cent_goes_to_the_even_one() -> None:
    assert money_of(Decimal("0.5"), Money(100)) == Money(0)
    assert money_of(Decimal("1.5"), Money(100)) == Money(2)
    assert money_of(Decimal("-0.5"), Money(300)) == Money(-2)


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(100, 3000), st.sampled_from(Proof))
def test_better_answers_never_bring_less(first: int, second: int, n: int, proof: Proof) -> None:
    fewer, more = sorted((min(first, n), min(second, n)))
    contract = csat(proof=proof)
    low, high = (reckon(contract, month(good, n), INVOICE).money for good in (fewer, more))
    assert low <= high
    assert -300_000 <= low.minor <= high.minor <= 500_000


@given(
    st.decimals(-1, 1, places=6),
    st.integers(0, 10**12),
    st.decimals(0, 100, places=2),
    st.decimals(-100, 0, places=2),
)
def test_no_more_than_the_cap_and_no_less_than_the_floor(
    index: Decimal, invoice: int, cap: Decimal, floor: Decimal
) -> None:
    contract = contract_of(example(cap=str(cap), floor=str(floor)))
    money = money_of(percent_of(contract, index), Money(invoice)).minor
    assert money_of(floor, Money(invoice)).minor <= money <= money_of(cap, Money(invoice)).minor


@given(st.floats(-100, 100), st.floats(-100, 100))
def test_the_corridor_rises_and_ends(one: float, other: float) -> None:
    term = contract_of(example()).indicators[0]
    low, high = sorted((one, other))
    assert -1 <= position(term, low) <= position(term, high) <= 1
    assert position(term, 20) == position(term, 30) == 0
    assert (position(term, 0), position(term, 50)) == (-1, 1)
