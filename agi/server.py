"""The FastAGI server: Asterisk connects, a handler talks to the caller."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from agi.connection import Connection
from agi.errors import GarbageError
from agi.headers import parse_heading, same_secret
from agi.limits import Counters, Limits, Observer, Refusal
from agi.session import Session
from values import BadInputError, Clock, HangupError

log = structlog.get_logger(__name__)

Handler = Callable[[Session], Awaitable[None]]
"""Talks to one caller. When it returns, Asterisk goes on in its dialplan."""

LISTEN_AFTER = 0.06
"""Seconds without a command after which keys are gathered; with a sweep sooner than the next key can come."""
_SWEEP = 0.05
_LATE = 0.02
"""A sweep that is later than this has no time for keys pressed ahead: the house is overloaded."""
_SECRET = re.compile(r"^[A-Za-z0-9_-]{8,200}$")


class Server:
    """Accepts FastAGI connections to `agi://HOST:PORT/SECRET/ROUTE` and runs `handler` for each."""

    def __init__(
        self,
        host: str,
        port: int,
        secret: str,
        handler: Handler,
        *,
        clock: Clock,
        limits: Limits | None = None,
        recordings: Path | None = None,
        observer: Observer | None = None,
    ) -> None:
        """Port 0 takes a free one; `recordings` is the folder for recordings (the working directory)."""
        if not _SECRET.match(secret):
            raise BadInputError("must be eight or more letters, digits, - or _", field="secret")
        self.clock = clock
        self.limits = limits or Limits()
        self.observer = observer
        self.counters = Counters()
        self.host = host
        self.port = port
        self._secret = secret
        self._handler = handler
        self._recordings = (recordings or Path()).absolute()
        self._server: asyncio.Server | None = None
        self._open: set[Connection] = set()
        self._sessions: dict[Session, asyncio.Task[None]] = {}
        self._stopping = False
        self._sweeper: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Listen. Raises `OSError` when the address is taken."""
        loop = asyncio.get_running_loop()
        self._stopping = False
        self._server = await loop.create_server(lambda: Connection(self), self.host, self.port, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]
        self._sweep()

    async def stop(self, drain_seconds: float = 0.0) -> None:
        """Take no more calls, let the sessions end by themselves for so long, then cancel the rest.

        Asterisk goes on in its dialplan with the calls that were cancelled.
        """
        self._stopping = True
        if self._server is not None:
            self._server.close()
        tasks = list(self._sessions.values())
        if tasks and drain_seconds > 0:
            await asyncio.wait(tasks, timeout=drain_seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for connection in list(self._open):
            connection.close()
        if self._sweeper is not None:
            self._sweeper.cancel()
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def sessions(self) -> list[Session]:
        """The sessions open now."""
        return list(self._sessions)

    # What connections tell us.

    def connected(self, connection: Connection) -> Refusal | None:
        """Let a peer in unless the house is full."""
        if self._stopping:
            return Refusal.STOPPING
        if len(self._open) >= self.limits.sessions:
            return Refusal.FULL
        self._open.add(connection)
        connection.on_end(lambda: self._open.discard(connection))
        return None

    def headed(self, connection: Connection, lines: list[bytes]) -> None:
        """Begin a session, if the peer knows the secret."""
        try:
            heading = parse_heading(lines)
        except GarbageError:
            connection.refuse(Refusal.GARBAGE)
            return
        if not same_secret(heading.secret, self._secret):
            connection.refuse(Refusal.SECRET)
            return
        session = Session(connection, heading, self._recordings)
        connection.expire(self.limits.session_seconds, lambda: self._expired(connection, session))
        self.counters.now += 1
        self.counters.total += 1
        task = asyncio.get_running_loop().create_task(self._serve(session))
        self._sessions[session] = task
        task.add_done_callback(lambda _: self._done(connection, session))

    def refused(self, connection: Connection, why: Refusal) -> None:
        """Count a peer that was turned away."""
        self.counters.refused[why] += 1
        if why is not Refusal.CLOSED_EARLY:
            log.warning("agi.refused", reason=why.value, peer=connection.peer)

    def garbled(self, connection: Connection, problem: GarbageError) -> None:
        """Count a peer that lost the thread."""
        self.counters.garbled += 1
        log.warning("agi.garbled", peer=connection.peer, problem=str(problem))

    async def _serve(self, session: Session) -> None:
        try:
            await self._handler(session)
        except HangupError:
            pass
        except Exception:
            self.counters.failed += 1
            log.exception("agi.session_failed", call=session.call_id, route=session.route)

    def _done(self, connection: Connection, session: Session) -> None:
        self.counters.now -= 1
        del self._sessions[session]
        connection.close()

    def _expired(self, connection: Connection, session: Session) -> None:
        self.counters.expired += 1
        log.warning("agi.session_expired", call=session.call_id, route=session.route)
        connection.close()

    def _sweep(self, due: float | None = None) -> None:
        now = self.clock.monotonic()
        if due is None or now - due < _LATE:
            for session in self._sessions:
                session.listen(now - LISTEN_AFTER)
        self._sweeper = asyncio.get_running_loop().call_later(_SWEEP, self._sweep, now + _SWEEP)
