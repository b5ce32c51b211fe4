"""The business events that other systems tell us of: one strict, frozen type each, chosen by `type`.

`EVENT` and `EVENTS` read one and many (JSON by `validate_json`); `docs/how-to/events.md` shows each of them.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar, get_args

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    TypeAdapter,
    model_validator,
)
from pydantic_core import PydanticCustomError

from values import AREAS, Money, no_such

_LONGEST_LIST = 100_000

Id = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[!-~]+$")]
"""Anything printable without blanks."""
Word = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]
Text = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]


def _keyable(pin: SecretStr) -> SecretStr:
    """Its error does not hold it."""
    digits = pin.get_secret_value()
    if not (digits.isascii() and digits.isdigit() and 4 <= len(digits) <= 8):  # noqa: PLR2004  (a telephone's keys)
        raise PydanticCustomError("pin", "a PIN has 4 to 8 digits and nothing else")
    return pin


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class Amount(_Part):
    """Money as events write it: `{"minor": 7250, "currency": "EUR"}` is 72.50 euros."""

    minor: Annotated[int, Field(ge=0, le=10**12)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "EUR"

    @property
    def money(self) -> Money:
        """The same as the house counts it."""
        return Money(self.minor, self.currency)


class Slot(_Part):
    """One time that a customer may choose."""

    start: AwareDatetime
    end: AwareDatetime
    slot: Id | None = None
    """The same time of the same people, wherever it is offered; left out, it is this customer's alone."""
    capacity: Annotated[int, Field(ge=1, le=1000)] = 1
    """How many customers may have that slot."""

    @model_validator(mode="after")
    def _forward(self) -> Self:
        _in_order(self, "start", "end")
        return self


class _Event(_Part):
    """What every event says of itself."""

    ABOUT: ClassVar[str]
    """The field that names what it is about: events with the same one are worked in order."""
    WHO_NEEDED: ClassVar[bool] = True

    id: Id
    """Its sender's, and no other's: one that comes again is taken once."""
    at: AwareDatetime
    """When it happened."""
    source: Word = ""
    """The system that tells it."""
    customer: Id | None = None
    number: Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{5,14}$")] | None = None
    """In E.164, for systems that do not know our customers' ids."""

    @model_validator(mode="after")
    def _about_somebody(self) -> Self:
        if self.WHO_NEEDED and self.customer is None and self.number is None:
            raise PydanticCustomError("who", "name the customer by their id, or by a number of theirs")
        return self


class _Planned(_Event):
    ABOUT = "order"

    order: Id
    line: Id | None = None
    kind: Word
    """`la`, `lna`, `cdu`, …: which notice it calls for."""
    planned: date
    work_from: AwareDatetime | None = None
    work_to: AwareDatetime | None = None
    """From when until when the line may be dead."""

    @model_validator(mode="after")
    def _works(self) -> Self:
        _in_order(self, "work_from", "work_to")
        return self


class OrderPlanned(_Planned):
    """A day is set for an order."""

    type: Literal["order.planned"]


class OrderMoved(_Planned):
    """Another day is set for an order: what was said of the one before no longer holds."""

    type: Literal["order.moved"]


class OrderActivated(_Event):
    """The service of an order works."""

    ABOUT = "order"
    type: Literal["order.activated"]
    order: Id
    line: Id | None = None
    activated: AwareDatetime
    pin: Annotated[SecretStr, AfterValidator(_keyable)] | None = None
    """By which the customer hears more in the welcome call; kept as a hash, and never with the event."""


class OrderCancelled(_Event):
    """An order is off."""

    ABOUT = "order"
    type: Literal["order.cancelled"]
    order: Id


class FaultOpened(_Event):
    """A fault was found or reported."""

    ABOUT = "fault"
    type: Literal["fault.opened"]
    fault: Id
    line: Id
    symptom: Word


class FaultRestored(_Event):
    """The network says that a fault is repaired."""

    ABOUT = "fault"
    WHO_NEEDED = False
    type: Literal["fault.restored"]
    fault: Id


class FaultClosed(_Event):
    """A fault is over for good."""

    ABOUT = "fault"
    WHO_NEEDED = False
    type: Literal["fault.closed"]
    fault: Id


class OutageOpened(_Event):
    """One cause, many customers."""

    ABOUT = "outage"
    WHO_NEEDED = False
    type: Literal["outage.opened"]
    outage: Id
    cause: Text
    area: Word | None = None
    lines: Annotated[list[Id], Field(max_length=_LONGEST_LIST)] | None = None
    customers: Annotated[list[Id], Field(max_length=_LONGEST_LIST)] | None = None
    expected_end: AwareDatetime | None = None


class OutageRestored(_Event):
    """An outage is over."""

    ABOUT = "outage"
    WHO_NEEDED = False
    type: Literal["outage.restored"]
    outage: Id


class UsageRead(_Event):
    """How much traffic of a line is not billed yet."""

    ABOUT = "line"
    type: Literal["usage.read"]
    line: Id
    cycle: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    """The month of the bill, as `2026-11`."""
    unbilled: Amount


class AppointmentOffered(_Event):
    """Times are offered for a technician's visit."""

    ABOUT = "appointment"
    type: Literal["appointment.offered"]
    appointment: Id
    kind: Word
    slots: Annotated[list[Slot], Field(min_length=1, max_length=10)]
    until: AwareDatetime
    """Until when one of them may be chosen."""


class AppointmentSet(_Event):
    """A visit has its time."""

    ABOUT = "appointment"
    type: Literal["appointment.set"]
    appointment: Id
    start: AwareDatetime
    end: AwareDatetime

    @model_validator(mode="after")
    def _forward(self) -> Self:
        _in_order(self, "start", "end")
        return self


class AppointmentCancelled(_Event):
    """A visit is off."""

    ABOUT = "appointment"
    type: Literal["appointment.cancelled"]
    appointment: Id


def _area(word: str) -> str:
    """An area of care, however it is written: what is none would be counted as another."""
    area = word.strip().lower()
    if area not in AREAS:
        shown = "".join("•" if sign.isdigit() else sign for sign in word)  # a number may stand there
        raise PydanticCustomError("area", "{why}", {"why": no_such(shown, AREAS, "area")})
    return area


class ContactEnded(_Event):
    """A customer was served elsewhere, and may be asked for an opinion."""

    ABOUT = "contact"
    type: Literal["contact.ended"]
    contact: Id
    channel: Word
    area: Annotated[Word, AfterValidator(_area)]
    agent: Word | None = None
    team: Word | None = None
    site: Word | None = None
    partner: Word | None = None


AnyEvent = Annotated[
    OrderPlanned
    | OrderMoved
    | OrderActivated
    | OrderCancelled
    | FaultOpened
    | FaultRestored
    | FaultClosed
    | OutageOpened
    | OutageRestored
    | UsageRead
    | AppointmentOffered
    | AppointmentSet
    | AppointmentCancelled
    | ContactEnded,
    Field(discriminator="type"),
]
_QUIET = ConfigDict(hide_input_in_errors=True)
# what is refused may hold a PIN, and errors end in logs
EVENT: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent, config=_QUIET)
EVENTS: TypeAdapter[list[AnyEvent]] = TypeAdapter(list[AnyEvent], config=_QUIET)

KINDS: Mapping[str, type[_Event]] = {
    get_args(kind.model_fields["type"].annotation)[0]: kind for kind in get_args(get_args(AnyEvent)[0])
}
"""Every type by its name."""
COMMON = frozenset(_Event.model_fields) | {"type"}
"""The fields that every event has."""
SECRET = frozenset({"pin"})
"""The fields that are stored nowhere with their event, and that no rule may name."""

E = TypeVar("E", bound=_Event)


def about(event: AnyEvent) -> str:
    """The id of what an event is about: the order's, the fault's."""
    return str(getattr(event, event.ABOUT))


def said(event: AnyEvent) -> dict[str, Any]:
    """An event's own fields as JSON has them, without those that every event has, and without secrets."""
    return event.model_dump(mode="json", exclude=_COMMON_SET, exclude_none=True)


_COMMON_SET = set(COMMON | SECRET)


def _in_order(part: BaseModel, first: str, second: str) -> None:
    one, other = getattr(part, first), getattr(part, second)
    if one is not None and other is not None and one >= other:
        raise PydanticCustomError("order", f"{second}: must come after {first}")
