"""Values as flows write them: constants, `{variable}` as it is, and texts with variables filled in."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.language.basics import PLACEHOLDER
from values import Scalar

Values = Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same."""

    value: Scalar
    names: frozenset[str] = frozenset()

    def resolve(self, values: Values) -> Scalar:  # noqa: ARG002  (the same face as the others)
        """The value."""
        return self.value


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable by itself; it keeps its type."""

    name: str
    names: frozenset[str]

    def resolve(self, values: Values) -> Scalar:
        """The variable's value, None when it has none."""
        return values.get(self.name)


@dataclass(frozen=True, slots=True)
class Template:
    """A text with variables in it."""

    pieces: tuple[str, ...]
    """Text, name, text, name, …, text."""
    names: frozenset[str]

    def resolve(self, values: Values) -> Scalar:
        """The text; variables without a value leave nothing."""
        return "".join(
            _text(values.get(piece)) if place % 2 else piece for place, piece in enumerate(self.pieces)
        )


Literal = Constant | Variable | Template


def prepare_literal(written: Scalar) -> Literal:
    """Read a value once, so that a call only looks up."""
    if not isinstance(written, str):
        return Constant(written)
    found = list(PLACEHOLDER.finditer(written))
    if not found:
        return Constant(written)
    names = frozenset(one[1] for one in found)
    if len(found) == 1 and found[0][0] == written and not found[0][2]:
        return Variable(found[0][1], names)
    pieces, end = [], 0
    for one in found:
        pieces += [written[end : one.start()], one[1]]
        end = one.end()
    return Template((*pieces, written[end:]), names)


def _text(value: Scalar) -> str:
    return "" if value is None else str(value)
