"""Values the whole house speaks in: clock, identifiers, money, phone numbers, sounds, errors. No I/O.

Everything here is immutable, typed and safe to print. Other rooms import from this page, not from its
modules; doubles for tests (virtual time) are in `values.testing`.
"""

from values.areas import AREAS
from values.clock import Clock, SystemClock
from values.cursor import cursor_of, read_cursor
from values.days import HOUSE_ZONE, check_year, local_day
from values.errors import BadInputError, CentralinoError
from values.ids import AttemptId, CallId, CustomerId, EventId, new_id
from values.line import ANY_KEY, HangupError, Keyed, KeyedEnd, Recorded, TransferEnd
from values.money import Money
from values.nearest import nearest
from values.phone import PhoneNumber, parse_phone
from values.privacy import mask_digits, mask_number
from values.refusals import no_such, refused, what_to_do
from values.scalars import Scalar, from_json, to_json
from values.sound import Sound
from values.yaml_data import from_yaml

__all__ = [
    "ANY_KEY",
    "AREAS",
    "HOUSE_ZONE",
    "AttemptId",
    "BadInputError",
    "CallId",
    "CentralinoError",
    "Clock",
    "CustomerId",
    "EventId",
    "HangupError",
    "Keyed",
    "KeyedEnd",
    "Money",
    "PhoneNumber",
    "Recorded",
    "Scalar",
    "Sound",
    "SystemClock",
    "TransferEnd",
    "check_year",
    "cursor_of",
    "from_json",
    "from_yaml",
    "local_day",
    "mask_digits",
    "mask_number",
    "nearest",
    "new_id",
    "no_such",
    "parse_phone",
    "read_cursor",
    "refused",
    "to_json",
    "what_to_do",
]
