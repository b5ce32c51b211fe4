"""What stands in the top navigation, and where each role begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from users import Right
from web.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that the navigation leads to."""

    path: str
    rights: frozenset[Right]
    word: str
    """Of `base.yaml`."""
    group: str
    """The heading it stands under where there are many; of `base.yaml` too."""
    partners: bool = False
    """Whether it is open to a partner's manager."""
    unless: Right | None = None
    """Who has this right has a wider page, which leads here."""

    def has(self, here: str) -> bool:
        """Whether a path is this page or below it."""
        return here == self.path or here.startswith(f"{self.path}/")


@dataclass(frozen=True, slots=True)
class Section:
    """Pages under one heading; a single page needs none."""

    group: str
    entries: Sequence[Entry]

    def has(self, here: str) -> bool:
        """Whether a path is one of these pages or below it."""
        return any(each.has(here) for each in self.entries)


MOST_IN_LINE: Final = 7
"""So many pages stand side by side; more are put under their headings."""


def _entry(
    path: str, word: str, group: str, *rights: Right, partners: bool = False, unless: Right | None = None
) -> Entry:
    return Entry(path, frozenset(rights), word, group, partners, unless)


ENTRIES: Final[Sequence[Entry]] = (
    _entry("/desk", "desk", "work", Right.DESK),
    _entry("/floor", "floor", "work", Right.FLOOR, partners=True),
    _entry("/supervise", "supervise", "work", Right.MONITOR, Right.STEER),
    _entry("/campaigns", "campaigns", "work", Right.CAMPAIGNS),
    _entry("/customers", "customers", "customers", Right.CUSTOMERS),
    _entry("/calls", "calls", "customers", Right.CALLS),
    _entry("/recordings", "recordings", "customers", Right.RECORDINGS),
    _entry("/texts", "texts", "customers", Right.EVENTS, Right.CALLS),
    _entry("/visits", "visits", "customers", Right.EVENTS, Right.CALLS),
    _entry("/reports", "reports", "numbers", Right.REPORTS, partners=True),
    _entry("/opinion", "opinion", "numbers", Right.REPORTS, partners=True),
    _entry("/opinion/mine", "opinion_mine", "numbers", Right.DESK, unless=Right.REPORTS),
    _entry("/proactive", "proactive", "numbers", Right.REPORTS, Right.EVENTS),
    _entry("/scripts", "scripts", "set_up", Right.SCRIPTS),
    _entry("/webhooks", "webhooks", "set_up", Right.WEBHOOKS),
    _entry("/users", "users", "set_up", Right.USERS),
    _entry("/audit", "audit", "set_up", Right.AUDIT),
)
"""In their order; one whose page is not there is left out. A role lands on the first that it may see."""


def navigation(app: web.Application, visitor: Visitor) -> list[Section]:
    """The pages that somebody may see: in one line where they are few, else by headings."""
    entries = _entries(app, visitor)
    if len(entries) <= MOST_IN_LINE:
        return [Section(each.group, [each]) for each in entries]
    groups = dict.fromkeys(each.group for each in entries)
    return [Section(group, [each for each in entries if each.group == group]) for group in groups]


def _entries(app: web.Application, visitor: Visitor) -> list[Entry]:
    there = {resource.canonical for resource in app.router.resources()}
    return [
        each
        for each in ENTRIES
        if each.path in there
        and visitor.may(*each.rights)
        and (each.partners or not visitor.partner)
        and not (each.unless and visitor.may(each.unless))
    ]


_FIRST: Final = {"admin": "/users", "operations": "/floor", "supervisor": "/floor", "marketing": "/campaigns"}


def landing(app: web.Application, visitor: Visitor) -> str:
    """Where somebody's work is."""
    paths = [each.path for each in _entries(app, visitor)]
    wanted = _FIRST.get(visitor.user.role, "") if visitor.user else ""
    return wanted if wanted in paths else next(iter(paths), "/account")
