"""Signing in: name, password, the one-time code of who uses one, and the wait after failures."""

import asyncio
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from store import Database, LiveStore
from users.codes import step_of, use_recovery
from users.deeds import note_deed
from users.errors import CodeNeededError, LockedError, SessionsAwayError, SignInError
from users.lockout import Lockout
from users.models import User
from users.passwords import hash_password, is_worn, matches
from users.sessions import Session, Sessions
from values import Clock

log = structlog.get_logger(__name__)

AT_ONCE: Final = 2
"""How many passwords are compared at once: each takes a tenth of a second of a core and 64 MiB."""

TURNS: Final = 64
"""Tries by one name come one after the other; a few names share a turn."""


class Door:
    """Lets people in. One per process."""

    def __init__(self, db: Database, live: LiveStore, clock: Clock) -> None:
        self.sessions = Sessions(live, clock)
        self.lockout = Lockout(live, clock)
        self._db = db
        self._live = live
        self._clock = clock
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._turns = [asyncio.Lock() for _ in range(TURNS)]

    async def sign_in(
        self, name: str, password: str, *, code: str = "", address: str, browser: str
    ) -> tuple[str, Session]:
        """Begin a session: the cookie's value, and the session.

        Raises `SignInError`, `CodeNeededError`, `LockedError`, `WaitError`, `SessionsAwayError`.
        """
        name = name.strip().lower()[:80]
        async with self._turns[hash(name) % TURNS]:  # no rush of tries slips in before the count
            user = await self._proven(name, password, code, address)
        cookie, session = await self.sessions.begin(user.name, address=address, browser=browser)
        await self.lockout.succeeded(user.name)
        return cookie, session

    async def right_password(self, user: User, password: str) -> bool:
        """Whether this is somebody's password: asked again before what matters. Counts as a try."""
        await self.lockout.check(user.name, "")
        async with self._slots:
            right = await asyncio.to_thread(matches, user.password, password)
        if not right:
            await self.lockout.failed(user.name, "")
        return right

    async def hashed(self, password: str) -> str:
        """A password's hash, made apart from the event loop."""
        async with self._slots:
            return await asyncio.to_thread(hash_password, password)

    async def _proven(self, name: str, password: str, code: str, address: str) -> User:
        if not await self._live.healthy():
            raise SessionsAwayError
        await self.lockout.check(name, address)
        async with self._db.read() as session:
            user = await session.get(User, name) if "\0" not in name else None
        async with self._slots:
            right = await asyncio.to_thread(matches, user.password if user else "", password)
        if user is None or not right:
            await self._failed(name, user, address, "password")
            raise SignInError
        if user.locked:
            raise LockedError
        if user.totp and not code.strip():
            raise CodeNeededError
        fresh = ""
        if is_worn(user.password):
            fresh = await self.hashed(password)
        async with self._db.write() as session:
            entered = await self._enter(session, name, code, fresh, address)
        if entered is None:
            await self._failed(name, user, address, "code")
            raise SignInError("The code is wrong, or it was used already.")
        return entered

    async def _enter(
        self, session: AsyncSession, name: str, code: str, fresh: str, address: str
    ) -> User | None:
        """In one transaction: the code is used up, and that they are here is written down."""
        user = await session.get(User, name, with_for_update=True)
        if user is None or user.locked:
            raise LockedError
        now = self._clock.now()
        if user.totp:
            step = step_of(user.totp, code, now, after=user.totp_step)
            if step:
                user.totp_step = step
            elif not await use_recovery(session, user, code):
                return None
        if fresh:
            user.password = fresh
        user.last_seen = now
        await note_deed(session, at=now, by=name, did="signed.in", subject=name, address=address)
        return user

    async def _failed(self, name: str, user: User | None, address: str, what: str) -> None:
        failures = await self.lockout.failed(name, address)
        log.info("users.refused", what=what, failures=failures, address=address)
        if user is None:  # the names that strangers try are no business of the audit's
            return
        async with self._db.write() as session:
            detail = {"what": what, "failures": failures}
            await note_deed(
                session, at=self._clock.now(), by=name, did="sign-in.refused", subject=name,
                detail=detail, address=address,
            )  # fmt: skip
