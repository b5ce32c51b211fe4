"""Keeps one connection to Asterisk up: connects, signs in, pings, and begins again when it is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random

import structlog

from ami.account import Account, Timings
from ami.errors import ActionRefusedError, AmiError, AmiLoginError, AmiUnavailableError
from ami.reading import Headers
from ami.wire import Wire
from values import Clock

log = structlog.get_logger(__name__)


def retry_delay(failures: int, timings: Timings, chance: Random) -> float:
    """Seconds to wait after so many failures in a row (1 or more): doubling, bounded, cut by chance."""
    longest = min(timings.last_retry, timings.first_retry * 2.0 ** min(failures - 1, 30))
    return longest * chance.uniform(0.5, 1.0)


class Link:
    """The connection of a gateway.

    After signing in `prepare` is awaited; then it is up and `on_up` is called. `on_down` is called after the
    end of each connection that signed in, with the reason.
    """

    def __init__(
        self,
        account: Account,
        clock: Clock,
        timings: Timings,
        *,
        on_event: Callable[[Headers], None],
        prepare: Callable[[Wire], Awaitable[None]],
        on_up: Callable[[], None],
        on_down: Callable[[str], None],
        chance: Random,
    ) -> None:
        self._account = account
        self._clock = clock
        self._timings = timings
        self._on_event = on_event
        self._prepare = prepare
        self._on_up = on_up
        self._on_down = on_down
        self._chance = chance
        self._task: asyncio.Task[None] | None = None
        self._wire: Wire | None = None
        self.up = asyncio.Event()
        self.problem: AmiError | None = None
        """Why it is not up, as far as known."""

    @property
    def wire(self) -> Wire:
        """The connection that is up. Raises `AmiUnavailableError`."""
        if self._wire is None:
            raise AmiUnavailableError(
                str(self.problem or f"not connected to Asterisk ({self._account})"), sent=False
            )
        return self._wire

    def start(self) -> None:
        """Begin to connect, and keep at it until `close`."""
        if self._task is None:
            self._task = asyncio.create_task(self._keep_up(), name=f"ami {self._account}")

    async def close(self) -> None:
        """Cut the connection and every retry; what waits for an answer fails."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        self.problem = AmiUnavailableError("the gateway is closed")

    async def _keep_up(self) -> None:
        failures = 0
        while True:
            try:
                await self._one_connection()
                failures = 0
            except AmiLoginError as problem:
                self.problem = problem
                delay = self._timings.login_retry * self._chance.uniform(0.9, 1.1)
                log.error(  # noqa: TRY400  (a stack would say nothing)
                    "ami.login_refused",
                    account=str(self._account),
                    reason=str(problem),
                    retry_seconds=round(delay, 1),
                )
                await self._clock.sleep(delay)
                continue
            except (OSError, AmiError) as problem:
                self.problem = AmiUnavailableError(
                    f"cannot reach Asterisk ({self._account}): {str(problem) or type(problem).__name__}"
                )
            except Exception as problem:
                log.exception("ami.connection_broken", account=str(self._account))
                self.problem = AmiUnavailableError(
                    f"the connection to Asterisk broke: {type(problem).__name__}"
                )
            failures += 1
            delay = retry_delay(failures, self._timings, self._chance)
            log.warning(
                "ami.unavailable",
                account=str(self._account),
                reason=str(self.problem),
                retry_seconds=round(delay, 2),
            )
            await self._clock.sleep(delay)

    async def _one_connection(self) -> None:
        """From connect to loss. Returns normally only if it had been up."""
        async with asyncio.timeout(self._timings.connect):
            wire = await Wire.open(self._account.host, self._account.port, self._on_event)
        pinging: asyncio.Task[None] | None = None
        try:
            await wire.login(self._account.username, self._account.secret, seconds=self._timings.action)
            pinging = asyncio.create_task(self._ping(wire), name=f"ami ping {self._account}")
            await self._prepare(wire)
            self._wire = wire
            self.problem = None
            self.up.set()
            self._on_up()
            await wire.until_lost()
            self.problem = AmiUnavailableError(f"the connection to Asterisk was lost: {wire.lost}")
        finally:
            self.up.clear()
            self._wire = None
            wire.cut("closed by us")
            if pinging is not None:
                pinging.cancel()
                self._on_down(wire.lost)

    async def _ping(self, wire: Wire) -> None:
        while not wire.lost:
            await self._clock.sleep(self._timings.ping_every)
            try:
                with suppress(ActionRefusedError):  # a refusal is an answer
                    await wire.ask("Ping", {}, seconds=self._timings.ping)
            except AmiUnavailableError as problem:
                if not wire.lost:
                    log.warning("ami.link_dead", account=str(self._account), reason=str(problem))
                    wire.cut("it no longer answers")
