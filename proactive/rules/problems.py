"""What is wrong with a file of rules: where, in which rule, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from values import BadInputError


@dataclass(frozen=True, slots=True, order=True)
class RuleProblem:
    """One thing that is wrong."""

    file: str
    line: int
    column: int
    rule: str
    """'' outside of all rules."""
    field: str
    message: str

    def __str__(self) -> str:
        where = f"rule {self.rule}: " if self.rule else ""
        about = f"{self.field}: " if self.field else ""
        return f"{self.file}:{self.line}:{self.column}: {where}{about}{self.message}"


class RulesError(BadInputError):
    """The rules have errors."""

    error_id = "rule-problems"

    def __init__(self, problems: Sequence[RuleProblem]) -> None:
        """Take all problems; the message lists them, a line each."""
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)
