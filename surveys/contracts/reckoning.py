"""What a partner's month comes to: from counts and terms to money, always the same. Pure.

Each indicator scores from −1 to 1: 0 within the dead-band, then in a straight line to ±1 at the corridor's
ends. The index is the weighted sum, rounded to six places. It times the cap (above 0) or the floor (below)
is the per cent of the invoice; the money is rounded to the minor unit. Both round half to even.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Final

from surveys.contracts.terms import Contract, Proof, Term
from surveys.figures.estimates import Estimate, estimate
from surveys.figures.tallies import Tally
from values import Money

PLACES: Final = Decimal("0.000001")
HUNDRED: Final = 100


class Why(StrEnum):
    """Why an indicator scores what it does."""

    PAYS = "pays"
    COSTS = "costs"
    IN_BAND = "in_band"
    """Its value lies in the dead-band."""
    NOT_PROVEN = "not_proven"
    """Its interval touches the dead-band: it could be chance."""
    TOO_FEW = "too_few"
    """Fewer answers than the contract asks for."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One indicator's part."""

    term: Term
    n: int
    estimate: Estimate | None
    score: float
    """From −1 to 1."""
    why: Why


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A month's result."""

    parts: Sequence[Scored]
    index: Decimal
    """From −1 to 1."""
    percent: Decimal
    """Of the invoice; below 0 is a malus."""
    money: Money


def reckon(contract: Contract, tallies: Mapping[str, Tally], invoice: Money) -> Reckoned:
    """A month by its contract. `tallies` are the month's answers by item, without what is excluded."""
    parts = [_scored(contract, term, tallies) for term in contract.indicators]
    index = sum((part.term.weight * _decimal(part.score) for part in parts), Decimal(0))
    index = index.quantize(PLACES, ROUND_HALF_EVEN)
    percent = percent_of(contract, index)
    return Reckoned(parts, index, percent, money_of(percent, invoice))


def percent_of(contract: Contract, index: Decimal) -> Decimal:
    """The per cent of the invoice: never above the cap, never below the floor."""
    return index * (contract.cap if index > 0 else -contract.floor)


def money_of(percent: Decimal, invoice: Money) -> Money:
    """So many per cent of an invoice, to the minor unit."""
    exact = Decimal(invoice.minor) * percent / HUNDRED
    return Money(int(exact.quantize(Decimal(1), ROUND_HALF_EVEN)), invoice.currency)


def position(term: Term, value: float) -> float:
    """Where a value lies: −1 at the corridor's lower end, 0 within the dead-band, 1 at its upper end."""
    low, high = term.target
    if value > high:
        return min(1.0, (value - high) / (term.best - high))
    if value < low:
        return max(-1.0, -(low - value) / (low - term.worst))
    return 0.0


def _scored(contract: Contract, term: Term, tallies: Mapping[str, Tally]) -> Scored:
    tally = tallies.get(term.indicator.definition.item, Tally())
    found = estimate(term.indicator, tally, contract.confidence)
    n = found.n if found else 0
    if found is None or n < contract.minimum:
        return Scored(term, n, found, 0.0, Why.TOO_FEW)
    place = position(term, found.value)
    low, high = term.target
    if place == 0.0:
        return Scored(term, n, found, 0.0, Why.IN_BAND)
    if contract.proof is Proof.INTERVAL and found.low <= high and found.high >= low:
        return Scored(term, n, found, 0.0, Why.NOT_PROVEN)
    return Scored(term, n, found, place, Why.PAYS if place > 0 else Why.COSTS)


def _decimal(score: float) -> Decimal:
    """As many places as matter, so that no machine's last bit can change the money."""
    return Decimal(repr(score)).quantize(Decimal("0.000000001"), ROUND_HALF_EVEN)
