"""A contract is read whole, and every mistake is named by its field."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from surveys.contracts import EXAMPLE, Contract, ContractError, contract_of, read_contract, schema

pytestmark = pytest.mark.unit


def example(**changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(EXAMPLE.read_text())
    return data | changes


def test_the_example_is_a_contract_and_says_whose_figures_it_has() -> None:
    text = EXAMPLE.read_text()
    contract = read_contract(text)
    assert contract_of(contract.plain()) == contract
    assert "figures are examples of ours" in text
    jsonschema.validate(example(), schema())


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"cap": 500}, "cap", "write 100 or less"),
        ({"floor": 5}, "floor", "write 0 or less"),
        ({"valid_from": "2026-13"}, "valid_from", "write a month as in 2026-11"),
        ({"valid_until": "2025-01"}, "contract", "must not lie before"),
        ({"minimun": 10}, "minimun", "no field 'minimun'; did you mean 'minimum'"),
        ({"version": 0}, "version", "write 1 or more"),
        ({"minimum": 29}, "minimum", "write 30 or more: of fewer answers nothing is told"),
        ({"exclusions": {"areas": ["adsl"]}}, "exclusions", "say why"),
        ({"exclusions": {"weeks": ["2026-W60"], "why": "x"}}, "exclusions.weeks", "2026-W48"),
        ({"indicators": []}, "indicators", "must not be empty"),
    ],
)
def test_each_mistake_is_named(changes: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(ContractError, match=words) as caught:
        contract_of(example(**changes))
    assert str(caught.value).startswith(f"{field}:")


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"weight": 0.5}, "contract", "weights come to 1.1, and must come to 1"),
        ({"best": 200}, "indicators.0", "nps goes from -100 to 100"),
        ({"worst": 25}, "indicators.0", "worst must lie below the target band"),
        ({"target": [30, 20]}, "indicators.0.target", "lower end of the band first"),
        ({"indicator": "nsp"}, "indicators.0.indicator", "'nps'"),
        ({"indicator": "csat"}, "indicators.0", "csat goes from 0 to 1"),
    ],
)
def test_each_mistake_of_an_indicator_is_named(change: dict[str, Any], field: str, words: str) -> None:
    data = example()
    data["indicators"][0] |= change
    with pytest.raises(ContractError, match=words) as caught:
        contract_of(data)
    assert str(caught.value).startswith(f"{field}:")


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ContractError) as caught:
        contract_of(example(cap=500, floor=3, currency="euro"))
    assert [problem.field for problem in caught.value.problems] == ["cap", "floor", "currency"]


@pytest.mark.parametrize(
    "text", ["", "- a", "name: [", "just words", "until: 2026-06-31", "name: " + "[" * 900]
)
def test_what_is_no_contract_at_all(text: str) -> None:
    with pytest.raises(ContractError, match="contract:"):
        read_contract(text)


def test_one_that_was_kept_stands_whatever_new_ones_must_say() -> None:
    assert Contract.kept(example(minimum=5)).minimum == 5
    assert schema()["properties"]["minimum"]["minimum"] == 30


def test_the_schema_for_editors_is_up_to_date() -> None:
    """When this fails: `centralino opinion contract schema > docs/reference/contract.schema.json`."""
    kept = Path(__file__).parents[3] / "docs/reference/contract.schema.json"
    assert json.loads(kept.read_text(encoding="utf-8")) == schema()
