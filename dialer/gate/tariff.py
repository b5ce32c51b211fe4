"""What calls cost: a price list as data, and the cost of one call. Pure."""

from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError, model_validator

from dialer.gate.destination import NumberKind, destination
from values import BadInputError, from_yaml, what_to_do

FILE = Path(__file__).parent / "tariffs.yaml"
ANYWHERE = "*"

Price = Annotated[Decimal, Field(ge=0)]


class Rate(BaseModel, frozen=True, extra="forbid"):
    """The price of calls to a country, or to one kind of its numbers."""

    country: Annotated[str, Field(pattern=r"^([A-Z]{2}|\*)$")]
    kind: NumberKind | None = None
    """None: every kind."""
    connection: Price = Decimal(0)
    """For each answered call, in minor units of the currency."""
    minute: Price
    step: Annotated[int, Field(ge=1, le=60)] = 1
    """How many seconds are billed at a time."""

    def fits(self, region: str, kind: NumberKind) -> bool:
        """Whether it is the price of such a number."""
        return self.country in {region, ANYWHERE} and self.kind in {kind, None}


class Tariff(BaseModel, frozen=True, extra="forbid"):
    """A price list; the first rate that fits counts, and the last fits everything."""

    tariff: str
    status: str
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    rates: Annotated[tuple[Rate, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _complete(self) -> "Tariff":
        last = self.rates[-1]
        if last.country != ANYWHERE or last.kind is not None:
            raise ValueError('the last rate must be for country: "*", so that every call has a price')
        return self

    def rate_of(self, number: str) -> Rate:
        """The rate of a number; that of anywhere for one the plan does not know."""
        found = destination(number)
        return next(rate for rate in self.rates if rate.fits(found.region, found.kind))

    def cost_of(self, number: str, seconds: float) -> int:
        """What a call of so many seconds costs, in minor units, rounded up; 0 when nobody answered."""
        if seconds <= 0:
            return 0
        rate = self.rate_of(number)
        steps = (Decimal(str(seconds)) / rate.step).to_integral_value(ROUND_CEILING)
        price = rate.connection + rate.minute * steps * rate.step / 60
        return int(price.to_integral_value(ROUND_CEILING))


def load_tariff(path: Path = FILE) -> Tariff:
    """Read a price list. Raises `BadInputError` naming the file and the wrong field."""
    try:
        return Tariff.model_validate(from_yaml(path.read_bytes()))
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInputError(
            f"{path.name}: {where}: {what_to_do(first, Tariff.model_fields)}", field="tariff"
        ) from problem
    except BadInputError as problem:
        raise BadInputError(f"{path.name}: {problem}", field="tariff") from problem
