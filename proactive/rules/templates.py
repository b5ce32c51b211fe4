"""Texts of rules with values in them: `order-{order}`, `{planned}`, `{opened:day}`. Pure.

A text that is one value alone keeps its kind (a date stays a date); `:day` makes the customer's day of a
time, `:clock` its time of the day as `18:30`, `:local` the time as clocks there show it, to be spoken;
`:epoch` its whole seconds since 1970, for ids.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from proactive.rules.moments import zone_of
from values import BadInputError, Scalar, local_day

FORMS = ("day", "clock", "local", "epoch")
_SLOT = re.compile(r"\{(?P<name>[a-z][a-z0-9_]*)(?::(?P<form>[a-z]+))?\}")


@dataclass(frozen=True, slots=True)
class Slot:
    """A value to be put in."""

    name: str
    form: str = ""

    def fill(self, values: Mapping[str, Scalar], zone: str) -> Scalar:
        """The value, in its form."""
        value = values.get(self.name)
        if not self.form or not isinstance(value, datetime):
            return value
        if self.form == "day":
            return local_day(value, zone)
        if self.form == "epoch":
            return int(value.timestamp())
        local = value.astimezone(zone_of(zone))
        return local.replace(tzinfo=None) if self.form == "local" else local.strftime("%H:%M")


@dataclass(frozen=True, slots=True)
class Template:
    """A text with slots."""

    parts: tuple[str | Slot, ...]

    @property
    def names(self) -> frozenset[str]:
        """The values it wants."""
        return frozenset(part.name for part in self.parts if isinstance(part, Slot))

    def fill(self, values: Mapping[str, Scalar], zone: str) -> Scalar:
        """Its value: of any kind where it is one slot alone, else a text."""
        if len(self.parts) == 1 and isinstance(self.parts[0], Slot):
            return self.parts[0].fill(values, zone)
        return self.text(values, zone)

    def text(self, values: Mapping[str, Scalar], zone: str) -> str:
        """As a text; what has no value is left empty."""
        return "".join(
            part if isinstance(part, str) else _written(part.fill(values, zone)) for part in self.parts
        )


@lru_cache(maxsize=4096)
def parse_template(text: str) -> Template:
    """Read one. Raises `BadInputError`."""
    parts: list[str | Slot] = []
    end = 0
    for found in _SLOT.finditer(text):
        parts.append(text[end : found.start()])
        if found["form"] and found["form"] not in FORMS:
            raise BadInputError(f"{found[0]}: there is no form {found['form']!r}; use {', '.join(FORMS)}")
        parts.append(Slot(found["name"], found["form"] or ""))
        end = found.end()
    parts.append(text[end:])
    for part in parts:
        if isinstance(part, str) and ("{" in part or "}" in part):
            raise BadInputError(f"{text!r}: a value stands in braces by its name, as in {{order}}")
    return Template(tuple(part for part in parts if part != ""))


def _written(value: Scalar) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else str(value)
