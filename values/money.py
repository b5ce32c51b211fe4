"""Money: integer minor units with a currency."""

from dataclasses import dataclass
from decimal import Decimal

from values.errors import BadInputError

_CURRENCY_LETTERS = 3


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of money, in minor units (cents) of an ISO 4217 currency with two decimals."""

    minor: int
    currency: str = "EUR"

    def __post_init__(self) -> None:
        """Refuse what is not an amount."""
        if not (
            len(self.currency) == _CURRENCY_LETTERS and self.currency.isascii() and self.currency.isupper()
        ):
            raise BadInputError(
                f"{self.currency!r} is not a currency; write three capitals as in EUR", field="currency"
            )

    @property
    def amount(self) -> Decimal:
        """The amount in major units: 7250 minor units are 72.50."""
        return Decimal(self.minor) / 100

    def __add__(self, other: "Money") -> "Money":
        """Add two amounts of one currency."""
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        """Take one amount from another of the same currency."""
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __str__(self) -> str:
        return f"{self.amount:.2f} {self.currency}"

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise BadInputError(f"cannot put {self.currency} and {other.currency} together", field="currency")
