"""Reading YAML, of which JSON is a part: what a text says, or in which line it cannot be. Pure."""

from typing import Any, Final

import yaml
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError

from values.errors import BadInputError

DEEPEST: Final = 50
"""Things inside each other; nothing that people write is nearly that deep."""
_SHOWN: Final = 40


def from_yaml(text: str | bytes, *, field: str | None = None) -> Any:
    """The names, lists and values that a text holds; bytes are in UTF-8.

    Raises `BadInputError` naming `field` for what is no YAML, for a value that cannot be (`2026-06-31`), and
    for more things inside each other than anybody means.
    """
    try:
        return yaml.load(text, _Loader)  # noqa: S506  (it is a SafeLoader)
    except yaml.YAMLError as problem:
        raise BadInputError(f"cannot be read: {_words(problem)}", field=field) from problem
    except (ArithmeticError, ValueError) as problem:  # an escape that stands for no character
        raise BadInputError(f"cannot be read: {problem}", field=field) from problem


class _Loader(yaml.SafeLoader):
    """Tells the line of a value that cannot be, and stops before it gets too deep."""

    def __init__(self, stream: str | bytes) -> None:
        super().__init__(stream)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self._depth += 1
        if self._depth > DEEPEST:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise ComposerError(problem=f"more than {DEEPEST} things inside each other", problem_mark=mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as problem:
            why = f"cannot be: {problem}" if isinstance(problem, ValueError) else "is not what its tag says"
            words = f"{str(node.value)[:_SHOWN]!r} {why}"
            raise ConstructorError(problem=words, problem_mark=node.start_mark) from problem


def _words(problem: yaml.YAMLError) -> str:
    if isinstance(problem, yaml.MarkedYAMLError) and problem.problem_mark is not None:
        return f"line {problem.problem_mark.line + 1}: {problem.problem}"
    return str(problem).splitlines()[0]
