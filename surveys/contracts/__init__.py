"""What is agreed with partners about the customers' opinion: bonus and malus that can be reckoned again.

A contract is a version that never changes; a month keeps its terms, its counts and its result. See
`docs/explanation/opinion.md`.
"""

from surveys.contracts.guarding import held_back
from surveys.contracts.reading import EXAMPLE, ContractError, Problem, contract_of, read_contract, schema
from surveys.contracts.reckoning import Reckoned, Scored, Why, reckon
from surveys.contracts.settling import (
    Checked,
    ContractStandsError,
    MonthClosedError,
    MonthOpenError,
    UnknownContractError,
    check,
    close,
    contract_in,
    contracts,
    put_contract,
    settle,
    settlement,
    settlements,
    tried,
)
from surveys.contracts.telling import inputs_shown, result_shown
from surveys.contracts.terms import Contract, Exclusions, Proof, Term

__all__ = [
    "EXAMPLE",
    "Checked",
    "Contract",
    "ContractError",
    "ContractStandsError",
    "Exclusions",
    "MonthClosedError",
    "MonthOpenError",
    "Problem",
    "Proof",
    "Reckoned",
    "Scored",
    "Term",
    "UnknownContractError",
    "Why",
    "check",
    "close",
    "contract_in",
    "contract_of",
    "contracts",
    "held_back",
    "inputs_shown",
    "put_contract",
    "read_contract",
    "reckon",
    "result_shown",
    "schema",
    "settle",
    "settlement",
    "settlements",
    "tried",
]
