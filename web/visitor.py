"""Who is asking: somebody with a session, a program with a token, or nobody yet."""

import hmac
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from users import LANGUAGES, Right, Session, User, holder_of, note_used, rights_of
from values import BadInputError
from web.keys import DOOR, PARTS

COOKIE: Final = "session"
LANGUAGE_COOKIE: Final = "language"
THEME_COOKIE: Final = "theme"
OPERATOR: Final = "X-Operator"
"""The header that says who is asking, where the house's own token lets somebody in."""
API_NAME: Final = "api"
_LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever is asking."""

    name: str = ""
    """The user's; for the house's own token whom `X-Operator` names, else `api`; '' for nobody."""
    rights: frozenset[Right] = frozenset()
    user: User | None = None
    """Who it is; None for the house's own token."""
    session: Session | None = None
    """The session of a browser; None for programs."""
    token: str = ""
    """The id of the token that let a program in."""
    language: str = "en"
    theme: str = ""
    """`light`, `dark` or '' for the system's own."""

    @property
    def signed_in(self) -> bool:
        """Whether it is anybody at all."""
        return bool(self.name)

    @property
    def title(self) -> str:
        """What people call them."""
        return self.user.title if self.user else self.name

    @property
    def agent(self) -> str:
        """The agent they work as; '' none."""
        return self.user.agent if self.user else ""

    @property
    def partner(self) -> str:
        """The partner whose people alone they may see; '' when nothing is hidden from them."""
        if self.user is None:
            return ""
        return self.user.partner if self.user.role == "partner_manager" else ""

    def may(self, *rights: Right | str) -> bool:
        """Whether they have one of these rights."""
        return any(each in self.rights for each in rights)


async def recognise(request: web.Request) -> Visitor:
    """Who is asking. Raises `StoreUnavailableError` when that cannot be told now."""
    header = request.headers.get("Authorization", "")
    if header:
        return await _program(request, header)
    cookie = request.cookies.get(COOKIE, "")
    if not cookie:
        return nobody(request)
    parts = request.app[PARTS]
    session = await request.app[DOOR].sessions.find(cookie)
    if session is None:
        return nobody(request)
    async with parts.db.read() as reading:
        user = await reading.get(User, session.user)
    if user is None or user.locked or session.began < user.sessions_from:
        return nobody(request)
    return somebody(request, user, session)


def somebody(request: web.Request, user: User, session: Session) -> Visitor:
    """A user in their session."""
    return Visitor(
        user.name,
        frozenset(rights_of(user)),
        user,
        session,
        language=user.language or _asked_language(request),
        theme=user.theme,
    )


def nobody(request: web.Request) -> Visitor:
    """Somebody who has not signed in, with the language and the theme of their browser."""
    theme = request.cookies.get(THEME_COOKIE, "")
    return Visitor(language=_asked_language(request), theme=theme if theme in {"light", "dark"} else "")


async def _program(request: web.Request, header: str) -> Visitor:
    kind, _, given = header.partition(" ")
    said, parts = given.strip(), request.app[PARTS]
    if kind.lower() != "bearer" or not said:
        return nobody(request)
    if hmac.compare_digest(said.encode("utf-8", "surrogateescape"), parts.token.encode()):
        return Visitor(_operator(request), frozenset(Right), language=_asked_language(request))
    now = parts.clock.now()
    async with parts.db.read() as reading:
        holder = await holder_of(reading, said, now)
    if holder is None:
        return nobody(request)
    if holder.stale:
        async with parts.db.write() as writing:
            await note_used(writing, holder.id, now)
    return Visitor(
        holder.user.name,
        holder.rights,
        holder.user,
        token=holder.id,
        language=holder.user.language or _asked_language(request),
    )


def _operator(request: web.Request) -> str:
    """Who is asking, by their own word. Raises `BadInputError` for a name that is none."""
    name = request.headers.get(OPERATOR, API_NAME).strip()
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise BadInputError(f"write a name of up to {_LONGEST_NAME} letters", field=OPERATOR)
    return name


def _asked_language(request: web.Request) -> str:
    """As chosen earlier on this browser, else the first that the browser wants and that we speak."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    for each in request.headers.get("Accept-Language", "").split(","):
        word = each.partition(";")[0].strip().partition("-")[0].lower()
        if word in LANGUAGES:
            return word
    return "en"
