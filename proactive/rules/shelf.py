"""The rules that hold now: the house's, and over them the operator's own file, read again when it changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import structlog

from proactive.rules.book import RuleBook
from proactive.rules.problems import RuleProblem, RulesError
from proactive.rules.reader import read_rules
from proactive.rules.rule import Rule
from proactive.rules.vocabulary import Vocabulary

log = structlog.get_logger(__name__)

HOUSE = Path(__file__).with_name("house.yaml")
"""The house's own rules."""


def read_book(texts: Sequence[tuple[str, str]], vocabulary: Vocabulary) -> RuleBook:
    """The rules of several (file, text); later ones replace earlier ones by name. Raises `RulesError`."""
    rules: dict[str, Rule | None] = {}
    for file, text in texts:
        rules |= read_rules(text, vocabulary, file=file)
    version = sha256("\0".join(text for _, text in texts).encode()).hexdigest()[:12]
    return RuleBook(tuple(rule for rule in rules.values() if rule is not None), version)


@dataclass(frozen=True, slots=True)
class _Seen:
    modified: int
    size: int


class Shelf:
    """Keeps the book. A file with problems changes nothing: the rules before it go on."""

    def __init__(
        self, vocabulary: Callable[[], Vocabulary], own: Path | None = None, *, house: Path = HOUSE
    ) -> None:
        """Rules are first read when they are first wanted, and every process has said by then what it knows.

        `own` is the operator's file, which need not exist.
        """
        self._vocabulary = vocabulary
        self.own = own
        self._house = house
        self._seen: _Seen | None = None
        self._book: RuleBook | None = None
        self.problems: Sequence[RuleProblem] = ()
        """Of the operator's file as it is now; none: it holds."""

    @property
    def vocabulary(self) -> Vocabulary:
        """What rules may name."""
        return self._vocabulary()

    @property
    def book(self) -> RuleBook:
        """The rules that hold. Raises `RulesError` when the house's own are not sound."""
        if self._book is None:
            self._book = read_book([self._house_text()], self.vocabulary)
            self.refresh()
        return self._book

    def refresh(self) -> bool:
        """Look whether the operator's file has changed; whether other rules hold now."""
        before = self.book.version
        seen = _seen(self.own)
        if self.own is None or seen == self._seen:
            return False
        self._seen = seen
        texts = [self._house_text()]
        try:
            if seen is not None:
                texts.append((self.own.name, self.own.read_text(encoding="utf-8")))
            self._book = read_book(texts, self.vocabulary)
        except (RulesError, OSError, UnicodeDecodeError) as problem:
            self.problems = _problems(self.own, problem)
            log.warning("rules.kept", file=self.own.name, why=str(problem)[:2000])
            return False
        self.problems = ()
        log.info("rules.read", version=self._book.version, rules=len(self._book.rules))
        return self._book.version != before

    def look_over(self, vocabulary: Vocabulary) -> Sequence[RuleProblem]:
        """What the operator's file names that is not there, though it holds: it may be set up tomorrow.

        `vocabulary`: with the campaigns that are set up, and the flows.
        """
        if self.problems or self.own is None or not self.own.is_file():
            return ()
        try:
            read_rules(self.own.read_text(encoding="utf-8"), vocabulary, file=self.own.name)
        except (RulesError, OSError, UnicodeDecodeError) as problem:
            return _problems(self.own, problem)
        return ()

    def _house_text(self) -> tuple[str, str]:
        return self._house.name, self._house.read_text(encoding="utf-8")


def _problems(file: Path, problem: Exception) -> Sequence[RuleProblem]:
    if isinstance(problem, RulesError):
        return problem.problems
    return (RuleProblem(file.name, 1, 1, "", "", f"cannot be read: {problem}"),)


def _seen(file: Path | None) -> _Seen | None:
    try:
        found = file.stat() if file is not None else None
    except OSError:
        return None
    return _Seen(found.st_mtime_ns, found.st_size) if found is not None else None
