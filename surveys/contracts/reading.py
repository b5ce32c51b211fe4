"""Reading a contract from YAML or JSON, with every mistake named by its field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from surveys.contracts.terms import Contract
from values import BadInputError, from_yaml, what_to_do

_MONTHS: Final = frozenset({"valid_from", "valid_until"})
EXAMPLE: Final = Path(__file__).with_name("example.yaml")
"""A contract to begin from. Its figures are ours: no telco's contract stands behind them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake."""

    field: str
    """`indicators.1.weight`; '' for the whole."""
    words: str


class ContractError(BadInputError):
    """The contract cannot be understood."""

    error_id = "contract-wrong"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Tell all of them, one a line."""
        super().__init__("\n".join(f"{each.field or 'contract'}: {each.words}" for each in problems))
        self.field = problems[0].field
        self.problems = tuple(problems)


def read_contract(text: str) -> Contract:
    """A contract from YAML, of which JSON is a part. Raises `ContractError` with every mistake."""
    try:
        data = from_yaml(text)
    except BadInputError as problem:
        raise ContractError([Problem("", str(problem))]) from problem
    if not isinstance(data, dict):
        raise ContractError([Problem("", "write fields and their values, as in the example")])
    return contract_of(data)


def contract_of(data: Mapping[Any, Any]) -> Contract:
    """A contract from its fields. Raises `ContractError` with every mistake."""
    try:
        return Contract.model_validate(dict(data))
    except ValidationError as problem:
        raise ContractError([_problem(each) for each in problem.errors()]) from problem


def schema() -> Mapping[str, Any]:
    """The JSON schema, for editors."""
    return Contract.model_json_schema()


def _problem(found: Any) -> Problem:
    field = ".".join(str(part) for part in found["loc"])
    if field in _MONTHS and found["type"] == "string_pattern_mismatch":
        return Problem(field, "write a month as in 2026-11")
    known = Contract.model_fields if len(found["loc"]) == 1 else ()
    return Problem(field, what_to_do(found, known))
