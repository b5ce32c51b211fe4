"""The conditions of a flow: `owed > 0 and tier == "gold"`. Small, safe, and never failing while a call runs.

    condition  = alternative { "or" alternative }
    alternative = part { "and" part }
    part       = "not" part | comparison
    comparison = value [ ("==" | "!=" | "<" | "<=" | ">" | ">=") value | ["not"] "in" list ]
    value      = number | "text" | true | false | none | variable | "(" condition ")"
    list       = "[" value { "," value } "]"

A variable that has no value is `none`. How values compare is told in `ivr.language.comparing`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from ivr.language.comparing import compare, equal, truth
from ivr.language.tokens import COMPARISONS, ExpressionError, Token, tokenize
from values import Scalar

__all__ = ["Expression", "ExpressionError", "parse_expression"]

DEEPEST = 20
"""How many brackets and `not`s may lie inside each other."""

LONGEST = 500
"""Characters of a condition."""

_NOTHING: frozenset[str] = frozenset()
Values = Mapping[str, Scalar]


class Node(Protocol):
    """A part of a condition."""

    def value(self, values: Values) -> Scalar:
        """What it comes to."""
        ...

    def known(self, *, when: bool) -> frozenset[str]:
        """Variables that surely have a value once this has come to yes (`when`) or to no."""
        ...

    def needs(self) -> frozenset[str]:
        """Variables that are compared with something without having been asked for before."""
        ...


@dataclass(frozen=True, slots=True)
class Constant:
    """A value as written."""

    constant: Scalar

    def value(self, values: Values) -> Scalar:  # noqa: ARG002  (a constant looks nothing up)
        return self.constant

    def known(self, *, when: bool) -> frozenset[str]:  # noqa: ARG002
        return _NOTHING

    def needs(self) -> frozenset[str]:
        return _NOTHING


@dataclass(frozen=True, slots=True)
class Variable:
    """A value looked up."""

    name: str

    def value(self, values: Values) -> Scalar:
        return values.get(self.name)

    def known(self, *, when: bool) -> frozenset[str]:
        return frozenset({self.name}) if when else _NOTHING

    def needs(self) -> frozenset[str]:
        return _NOTHING


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: Node

    def value(self, values: Values) -> Scalar:
        return not truth(self.part.value(values))

    def known(self, *, when: bool) -> frozenset[str]:
        return self.part.known(when=not when)

    def needs(self) -> frozenset[str]:
        return self.part.needs()


@dataclass(frozen=True, slots=True)
class Joined:
    """Several parts, all (`and`) or one (`or`) of which must hold."""

    every: bool
    parts: tuple[Node, ...]

    def value(self, values: Values) -> Scalar:
        found = (truth(part.value(values)) for part in self.parts)
        return all(found) if self.every else any(found)

    def known(self, *, when: bool) -> frozenset[str]:
        each = [part.known(when=when) for part in self.parts]
        # "all hold" and "none holds" tell something of every part; the others only what all parts share
        return frozenset.union(*each) if self.every == when else frozenset.intersection(*each)

    def needs(self) -> frozenset[str]:
        asked, needed = _NOTHING, _NOTHING
        for part in self.parts:
            needed |= part.needs() - asked
            # a later part counts only where the earlier ones came to this
            asked |= part.known(when=self.every)
        return needed


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two values compared."""

    left: Node
    word: str
    right: Node

    def value(self, values: Values) -> Scalar:
        return compare(self.left.value(values), self.word, self.right.value(values))

    def known(self, *, when: bool) -> frozenset[str]:
        for one, other in ((self.left, self.right), (self.right, self.left)):
            if isinstance(one, Variable) and isinstance(other, Constant):
                holds_of_none = compare(None, self.word, other.constant)
                return frozenset({one.name}) if when != holds_of_none else _NOTHING
        if when and self.word not in ("==", "!="):  # an order holds only between two values
            return frozenset(side.name for side in (self.left, self.right) if isinstance(side, Variable))
        return _NOTHING

    def needs(self) -> frozenset[str]:
        sides = (self.left, self.right)
        if any(isinstance(side, Constant) and side.constant is None for side in sides):
            return _NOTHING
        return frozenset(side.name for side in sides if isinstance(side, Variable))


@dataclass(frozen=True, slots=True)
class Membership:
    """A value looked for in a list."""

    wanted: Node
    among: tuple[Node, ...]

    def value(self, values: Values) -> Scalar:
        wanted = self.wanted.value(values)
        return any(equal(wanted, one.value(values)) for one in self.among)

    def known(self, *, when: bool) -> frozenset[str]:
        constants = [one.constant for one in self.among if isinstance(one, Constant)]
        if not isinstance(self.wanted, Variable) or len(constants) < len(self.among):
            return _NOTHING
        return frozenset({self.wanted.name}) if when != (None in constants) else _NOTHING

    def needs(self) -> frozenset[str]:
        if any(isinstance(one, Constant) and one.constant is None for one in self.among):
            return _NOTHING
        return frozenset(one.name for one in (self.wanted, *self.among) if isinstance(one, Variable))


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition, read and ready."""

    text: str
    node: Node
    names: frozenset[str]
    """The variables it looks at."""

    def evaluate(self, values: Values) -> bool:
        """Whether it holds. Never raises; variables that are missing count as none."""
        return truth(self.node.value(values))

    def known(self, *, when: bool) -> frozenset[str]:
        """Variables that surely have a value where the condition held (`when=True`) or did not."""
        return self.node.known(when=when)

    def needs(self) -> frozenset[str]:
        """Variables compared with something other than none before it is sure that they have a value."""
        return self.node.needs()


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> Expression:
    """Read a condition. Raises `ExpressionError` with the column, saying what to write instead."""
    if len(text) > LONGEST:
        raise ExpressionError(
            f"the condition is longer than {LONGEST} characters; split it over two steps", 1
        )
    tokens = tokenize(text)
    reader = _Reader(tokens)
    node = reader.condition()
    reader.end()
    return Expression(text, node, frozenset(token.text for token in tokens if token.kind == "name"))


class _Reader:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    def _take(self, *texts: str) -> bool:
        if self._token.kind in ("word", "sign") and self._token.text in texts:
            self._at += 1
            return True
        return False

    def end(self) -> None:
        token = self._token
        if token.kind == "end":
            return
        if token.text in COMPARISONS:
            raise ExpressionError("compare two values at a time; join several with and", token.column)
        if token.text == ",":
            raise ExpressionError(
                "a comma belongs in a list; decimals follow a point, as in 3.5", token.column
            )
        if token.text in (")", "]"):
            raise ExpressionError(f"{token.text} opens nowhere", token.column)
        raise ExpressionError(f"{token} stands here alone; join conditions with and, or", token.column)

    def condition(self) -> Node:
        return self._joined("or", self._all)

    def _all(self) -> Node:
        return self._joined("and", self._part)

    def _joined(self, word: str, read: Callable[[], Node]) -> Node:
        parts = [read()]
        while self._take(word):
            parts.append(read())
        return parts[0] if len(parts) == 1 else Joined(word == "and", tuple(parts))

    def _part(self) -> Node:
        if self._take("not"):
            self._deeper()
            part: Node = Not(self._part())
            self._depth -= 1
            return part
        return self._comparison()

    def _comparison(self) -> Node:
        left = self._value()
        token = self._token
        if self._take(*COMPARISONS):
            return Comparison(left, token.text, self._value())
        if self._take("in"):
            return Membership(left, self._list())
        if token.text == "not" and self._tokens[self._at + 1].text == "in":
            self._at += 2
            return Not(Membership(left, self._list()))
        return left

    def _value(self) -> Node:
        token = self._token
        if token.kind == "name":
            self._at += 1
            return Variable(token.text)
        if token.kind == "value":
            self._at += 1
            return Constant(token.constant)
        if self._take("("):
            self._deeper()
            inside = self.condition()
            self._close(")", token)
            self._depth -= 1
            return inside
        if token.kind == "end":
            raise ExpressionError("the condition stops here; a value or a variable is missing", token.column)
        raise ExpressionError(f"a value or a variable belongs here, not {token}", token.column)

    def _list(self) -> tuple[Node, ...]:
        opening = self._token
        if not self._take("["):
            raise ExpressionError('after in comes a list, as in ["gold", "silver"]', opening.column)
        found = [self._value()]
        while self._take(","):
            found.append(self._value())
        self._close("]", opening)
        return tuple(found)

    def _close(self, sign: str, opening: Token) -> None:
        if not self._take(sign):
            raise ExpressionError(f"the {opening.text} is never closed; write {sign}", opening.column)

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionError(f"more than {DEEPEST} brackets inside each other", self._token.column)
