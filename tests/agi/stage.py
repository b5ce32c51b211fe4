"""A caller, a real Asterisk and our server; a test brings the scene that is played between them."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self

from agi import Server, Session
from tests.rig import Loopback, NodeRig
from tests.sip import PCMA, Call, SipPhone, tone
from values import HangupError, Sound, SystemClock

Scene = Callable[[Session], Awaitable[Any]]

LOW, MIDDLE, HIGH = 500, 1100, 2300
"""Hertz of the prompts: far from each other and from the tones of keys."""


async def until(seen: Callable[[], bool], within: float = 20.0) -> None:
    """Wait for what nobody tells of."""
    async with asyncio.timeout(within):
        while not seen():  # noqa: ASYNC110  (there is no event to wait for)
            await asyncio.sleep(0.01)


class Stage:
    """One server and one phone at the carrier's address."""

    def __init__(self, node: NodeRig, loopback: Loopback, recordings: Path) -> None:
        self.node = node
        self.uri = f"sip:0611@{node.plan.sip}"
        self.phone = SipPhone(loopback.city, user="carrier")
        self.server = self._make(recordings)
        self.routes: list[str] = []
        self.session: Session | None = None
        """The latest."""
        self._recordings = recordings
        self._scene: Scene | None = None
        self._result: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> Self:
        await self.server.start()
        await self.phone.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.phone.__aexit__(None, None, None)
        await self.server.stop()

    async def restart_server(self) -> None:
        """As after a crash: every session is let go, a new server listens."""
        await self.server.stop()
        self.server = self._make(self._recordings)
        await self.server.start()

    async def call(self, scene: Scene) -> Call:
        """Ring 0611; the scene begins."""
        self._scene, self.session = scene, None
        self._result = asyncio.get_running_loop().create_future()
        return await self.phone.call(self.uri, caller="+393290000017")

    async def outcome(self, within: float = 30.0) -> Any:
        """What the scene returned; what it raised is raised here."""
        return await asyncio.wait_for(asyncio.shield(self._result), within)

    async def gathers(self) -> None:
        """Wait until keys pressed ahead are gathered, as while nothing is asked of the line."""
        await until(lambda: self.session is not None and self.session._line._listening)

    async def gathered(self, keys: str) -> None:
        """Wait until these keys are gathered, and none besides."""
        await until(lambda: self.session is not None and self.session._line.ahead == keys)

    def sound(self, hertz: int, seconds: float = 0.5) -> Sound:
        """A prompt in the wire's own codec: a tone."""
        path = self.node.plan.prompts / f"tone-{hertz}-{round(seconds * 1000)}"
        file = path.with_suffix(".alaw")
        if not file.exists():
            file.write_bytes(PCMA.encode(tone(hertz, seconds)))
            file.chmod(0o644)
        return Sound(f"{hertz} Hz", str(path))

    def _make(self, recordings: Path) -> Server:
        at, secret = self.node.plan.agi, self.node.plan.agi_secret
        return Server(at.host, at.port, secret, self._play, clock=SystemClock(), recordings=recordings)

    async def _play(self, session: Session) -> None:
        self.routes.append(session.route)
        self.session = session
        assert self._scene is not None
        try:
            result = await self._scene(session)
        except HangupError as gone:
            if not self._result.done():
                self._result.set_exception(gone)
            return
        except Exception as problem:  # noqa: BLE001  (shown where the test waits)
            self._result.set_exception(problem)
            result = None
        if not self._result.done():
            self._result.set_result(result)
        await session.set_variable("CENTRALINO_DONE", "1")
