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
    partners: bool = False
    """Whether it is open to a partner's manager."""


def _entry(path: str, word: str, *rights: Right, partners: bool = False) -> Entry:
    return Entry(path, frozenset(rights), word, partners)


ENTRIES: Final[Sequence[Entry]] = (
    _entry("/desk", "desk", Right.DESK),
    _entry("/floor", "floor", Right.FLOOR, partners=True),
    _entry("/supervise", "supervise", Right.MONITOR, Right.STEER),
    _entry("/campaigns", "campaigns", Right.CAMPAIGNS),
    _entry("/customers", "customers", Right.CUSTOMERS),
    _entry("/calls", "calls", Right.CALLS),
    _entry("/recordings", "recordings", Right.RECORDINGS),
    _entry("/scripts", "scripts", Right.SCRIPTS),
    _entry("/reports", "reports", Right.REPORTS, partners=True),
    _entry("/webhooks", "webhooks", Right.WEBHOOKS),
    _entry("/users", "users", Right.USERS),
    _entry("/audit", "audit", Right.AUDIT),
)
"""In their order; one whose page is not there is left out. A role lands on the first that it may see."""


def navigation(app: web.Application, visitor: Visitor) -> list[Entry]:
    """The pages that somebody may see."""
    there = {resource.canonical for resource in app.router.resources()}
    return [
        each
        for each in ENTRIES
        if each.path in there and visitor.may(*each.rights) and (each.partners or not visitor.partner)
    ]


_FIRST: Final = {"admin": "/users", "operations": "/floor", "supervisor": "/floor", "marketing": "/campaigns"}


def landing(app: web.Application, visitor: Visitor) -> str:
    """Where somebody's work is."""
    paths = [each.path for each in navigation(app, visitor)]
    wanted = _FIRST.get(visitor.user.role, "") if visitor.user else ""
    return wanted if wanted in paths else next(iter(paths), "/account")
