"""Sessions: who has signed in, kept in Redis, and over as soon as somebody says so.

A cookie holds nothing but a random id; Redis knows it by its SHA-256 only. Sessions may be lost with Redis,
and yet nobody should have to sign in again in the middle of a call because it was started anew: what this
process has seen lately it puts back, unless it was revoked.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from store import LiveStore
from users.errors import SessionsAwayError
from values import Clock

IDLE: Final = timedelta(hours=1)
"""A session ends when nothing was asked in it for so long."""
ABSOLUTE: Final = timedelta(hours=12)
"""And so long after it began in any case."""
TOUCHED: Final = timedelta(minutes=1)
"""How exactly it is known when something was asked last."""

MOST_KNOWN: Final = 2000
"""Beyond so many, those that are over are forgotten."""

_KEY: Final = "centralino:session:"
_OF: Final = "centralino:sessions:"
_ALIVE: Final = "centralino:sessions-kept"
_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who has signed in on one browser."""

    key: str
    """SHA-256 of the cookie: names the session without being a way into it."""
    user: str
    csrf: str = field(repr=False)
    """What a form or a script must send along to change anything."""
    began: datetime
    seen: datetime
    address: str
    browser: str

    def over(self, now: datetime) -> bool:
        """Whether its time is up."""
        return now - self.seen > IDLE or now - self.began > ABSOLUTE


class Sessions:
    """Begins, finds and ends sessions. One per process; `clock` is everybody's."""

    def __init__(self, live: LiveStore, clock: Clock) -> None:
        self._live = live
        self._clock = clock
        self._known: dict[str, Session] = {}

    async def begin(self, user: str, *, address: str, browser: str) -> tuple[str, Session]:
        """A new session: the cookie's value, and what it stands for. Raises `SessionsAwayError`."""
        cookie, now = secrets.token_urlsafe(_BYTES), self._clock.now()
        session = Session(_digest(cookie), user, secrets.token_urlsafe(24), now, now, address, browser[:120])
        if not await self._keep(session):
            raise SessionsAwayError
        if await self._live.get(_ALIVE) is None:  # it was started anew, and others have not been seen yet
            await self._put_back()
        else:
            await self._live.put(_ALIVE, 1, seconds=ABSOLUTE.total_seconds())
        return cookie, session

    async def find(self, cookie: str, *, touch: bool = True) -> Session | None:
        """The session of a cookie, as long as it lasts; `touch`: somebody is at work in it."""
        if not cookie or len(cookie) > 4 * _BYTES:
            return None
        return await self.look(_digest(cookie), touch=touch)

    async def look(self, key: str, *, touch: bool = False) -> Session | None:
        """The session of a key."""
        now = self._clock.now()
        session = _read(key, await self._live.get(_KEY + key)) or await self._lost(key)
        if session is None or session.over(now):
            self._known.pop(key, None)
            return None
        if touch and now - session.seen >= TOUCHED:
            session = replace(session, seen=now)
            await self._keep(session)
        self._remember(session)
        return session

    async def end(self, session: Session) -> None:
        """Sign this one out."""
        self._known.pop(session.key, None)
        await self._live.drop([_KEY + session.key])
        await self._live.drop_fields(_OF + session.user, [session.key])

    async def end_all(self, user: str, *, but: str = "") -> int:
        """Sign somebody out everywhere (`but` for the session of that key); how many that were."""
        ended = [each for each in await self.of(user) if each.key != but]
        for session in ended:
            await self.end(session)
        return len(ended)

    async def of(self, user: str) -> list[Session]:
        """Somebody's sessions, the latest first."""
        now, found = self._clock.now(), []
        for key in await self._live.fields(_OF + user):
            session = _read(key, await self._live.get(_KEY + key))
            if session is None or session.user != user or session.over(now):
                await self._live.drop_fields(_OF + user, [key])
            else:
                found.append(session)
        return sorted(found, key=lambda each: each.seen, reverse=True)

    async def _lost(self, key: str) -> Session | None:
        """A session that Redis does not know: revoked, or lost with it."""
        session = self._known.get(key)
        if session is None or self._live.is_away:
            return session  # as long as Redis is away, what we have seen holds
        if await self._live.get(_ALIVE) is not None:
            return None
        if self._live.is_away:
            return session
        await self._put_back()
        return session

    async def _put_back(self) -> None:
        """Redis was started anew: write down again what we have seen."""
        for each in list(self._known.values()):
            if not each.over(self._clock.now()):
                await self._keep(each)
        await self._live.put(_ALIVE, 1, seconds=ABSOLUTE.total_seconds())

    def _remember(self, session: Session) -> None:
        self._known[session.key] = session
        if len(self._known) > MOST_KNOWN:
            now = self._clock.now()
            self._known = {key: each for key, each in self._known.items() if not each.over(now)}

    async def _keep(self, session: Session) -> bool:
        """Write it down for as long as it may last unless it is touched."""
        now = self._clock.now()
        left = min(session.began + ABSOLUTE, now + IDLE + TOUCHED) - now
        seconds = max(1.0, left.total_seconds())
        told = {
            "user": session.user,
            "csrf": session.csrf,
            "began": session.began.timestamp(),
            "seen": session.seen.timestamp(),
            "address": session.address,
            "browser": session.browser,
        }
        kept = await self._live.put(_KEY + session.key, told, seconds=seconds)
        if kept:
            self._remember(session)
            await self._live.put_fields(
                _OF + session.user, {session.key: 1}, seconds=ABSOLUTE.total_seconds()
            )
        return kept


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "replace")).hexdigest()


def _read(key: str, told: Any) -> Session | None:
    if not isinstance(told, Mapping):
        return None
    try:
        return Session(
            key,
            str(told["user"]),
            str(told["csrf"]),
            _moment(told["began"]),
            _moment(told["seen"]),
            str(told["address"]),
            str(told["browser"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _moment(seconds: Any) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
