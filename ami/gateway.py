"""The one way to an Asterisk node's manager interface."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from random import Random
from typing import Any, Self, TypeVar

import structlog

from ami.account import Account, Timings
from ami.channels import Channel, ChannelTable
from ami.commands import NORMAL_CLEARING, Commands, Originate
from ami.dialling import Dialling
from ami.errors import AmiUnavailableError, ChannelInUseError
from ami.events import (
    AmiEvent,
    ChannelUp,
    Disconnected,
    HungUp,
    OriginateAnswered,
    OriginateFailed,
    Resynced,
)
from ami.link import Link
from ami.reading import Headers, read_event
from ami.subscribers import Subscribers, Unsubscribe
from ami.verdicts import DialResult
from ami.wire import Fields, Wire
from values import Clock

log = structlog.get_logger(__name__)

E = TypeVar("E", bound=AmiEvent)


class Gateway(Commands):
    """One guarded connection to one Asterisk: events in, actions out, and what is live.

    It connects, pings and connects again by itself between `start` and `close` (or as `async with`). Every
    action has a deadline; a lost connection fails those that wait, and nothing is ever sent a second time.
    After each connect it asks which channels exist and tells `Resynced`; before that, and while it is down,
    `live` and every action raise `AmiUnavailableError`. Must be made and used in one event loop.
    """

    def __init__(
        self, account: Account, clock: Clock, *, timings: Timings | None = None, chance: Random | None = None
    ) -> None:
        self._account = account
        self._clock = clock
        self._timings = timings or Timings()
        self._subscribers = Subscribers()
        self._table = ChannelTable()
        self._placed: dict[str, asyncio.Event] = {}
        self._link = Link(
            account,
            clock,
            self._timings,
            on_event=self._take,
            prepare=self._resynchronise,
            on_up=self._came_up,
            on_down=self._went_down,
            chance=chance or Random(),
        )
        self._dialling = Dialling(self, self._subscribers, clock, self._timings)

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._link.start()

    async def close(self) -> None:
        """Cut the connection, give up retries, fail what still waits. Calls that are up stay up."""
        await self._link.close()

    async def ready(self, seconds: float) -> None:
        """Wait until connected and in step with Asterisk.

        Raises after so many seconds what stands in the way: `AmiLoginError` or `AmiUnavailableError`.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._link.up.wait()
        except TimeoutError:
            raise self._link.problem or AmiUnavailableError(
                f"no connection to Asterisk ({self._account})"
            ) from None

    @property
    def connected(self) -> bool:
        """Whether Asterisk is there and we know what is live."""
        return self._link.up.is_set()

    @property
    def problem(self) -> str:
        """Why it is not connected, for a person; "" when it is."""
        return (
            "" if self.connected else str(self._link.problem or f"connecting to Asterisk ({self._account})")
        )

    def subscribe(self, kind: type[E], handler: Callable[[E], None]) -> Unsubscribe:
        """Call a plain function with every event of a type, in order, on the event loop; keep it short.

        What it raises is logged and goes no further. `live` has the event in it already. The answer
        unsubscribes.
        """
        return self._subscribers.add(kind, handler)

    def live(self) -> Mapping[str, Channel]:
        """The channels that exist now, by unique id: a copy.

        Raises `AmiUnavailableError` while that is unknown.
        """
        self._link.wire  # noqa: B018  (raises when there is none)
        return self._table.snapshot()

    async def ask(self, action: str, fields: Fields, *, action_id: str = "") -> Any:
        """Send one action and give back its answer, for what has no method here; raises as `Commands`."""
        return await self._link.wire.ask(action, fields, seconds=self._timings.action, action_id=action_id)

    async def originate(self, order: Originate, *, action_id: str = "") -> None:
        """Have a call placed; `OriginateAnswered` or `OriginateFailed` follows, and the channel's own events.

        Raises `ChannelInUseError` when a channel with this id is live or being placed; then nothing was sent.
        """
        fields = order.fields()
        wire = self._link.wire
        if order.channel_id in self._placed or order.channel_id in self._table:
            raise ChannelInUseError(f"a channel {order.channel_id} is up or being placed")
        self._placed[order.channel_id] = asyncio.Event()
        try:
            await wire.ask("Originate", fields, seconds=self._timings.action, action_id=action_id)
        except AmiUnavailableError as problem:
            if not problem.sent:
                self._settled(order.channel_id)
            raise
        except Exception:
            self._settled(order.channel_id)
            raise

    async def dial(self, order: Originate) -> DialResult:
        """Have a call placed and wait until it is answered or over; see `ami.dialling`."""
        return await self._dialling.dial(order)

    async def hang_up(self, channel: str, cause: int = NORMAL_CLEARING) -> bool:
        """End a channel with a Q.850 cause, one being placed as soon as it exists.

        False when it was gone already.
        """
        if being_placed := self._placed.get(channel):
            with suppress(TimeoutError):
                async with asyncio.timeout(self._timings.action):
                    await being_placed.wait()
        return await super().hang_up(channel, cause)

    def _settled(self, channel_id: str) -> None:
        """Asterisk has made a channel of an order, or has said that it will not."""
        if being_placed := self._placed.pop(channel_id, None):
            being_placed.set()

    def _take(self, headers: Headers) -> None:
        event = read_event(headers, self._clock.now())
        if event is None:
            return
        self._table.apply(event)
        if isinstance(event, ChannelUp | HungUp | OriginateAnswered | OriginateFailed):
            self._settled(event.uniqueid)
        self._subscribers.tell(event)

    async def _resynchronise(self, wire: Wire) -> None:
        try:
            async with asyncio.timeout(self._timings.booted):
                await wire.until_booted()
        except TimeoutError:
            log.warning("ami.boot_unsaid", account=str(self._account), seconds=self._timings.booted)
        self._table.merge(await wire.ask_list("CoreShowChannels", {}, seconds=self._timings.action))

    def _came_up(self) -> None:
        live = frozenset(self._table.snapshot())
        log.info("ami.connected", account=str(self._account), channels=len(live))
        self._subscribers.tell(Resynced(self._clock.now(), live))

    def _went_down(self, reason: str) -> None:
        self._table.forget()
        for channel_id in list(self._placed):
            self._settled(channel_id)
        self._subscribers.tell(Disconnected(self._clock.now(), reason))
