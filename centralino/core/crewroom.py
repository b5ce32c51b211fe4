"""The agents of this node, put together: desk, legs, diary, presence, and what may be asked of them."""

import asyncio
from collections.abc import Callable, Collection, Coroutine
from typing import Any, Final

import structlog

from agents import Desk, Diary, Disposing, Presence, Shift
from agents.diary import Told
from agents.ports import LEG_PREFIX, agent_of
from agents.presence import KEY, read_presence
from agents.returning import left_by, returned
from agents.seat import AgentState, Seat
from agents.service import agent_cards, last_events
from ami import (
    AmiUnavailableError,
    BridgeEntered,
    BridgeLeft,
    ContactChanged,
    Disconnected,
    Gateway,
    HungUp,
    Resynced,
)
from centralino.core.agentcommands import AgentCommands, LetsGo
from centralino.core.agentlines import NETWORK_LOST, SILENT, AgentLines
from centralino.core.telephones import News, account_of, is_browser
from store import Answerer, Database, LiveStore
from values import Clock

log = structlog.get_logger(__name__)

PARK: Final = "holding_bridge"
LEASE_SECONDS: Final = 10.0
"""How long simulated agents stay after a restart of ours unless their program says that it is there."""


class CrewRoom:
    """One node's agents. Make it before the gateway starts; `desk` hands them out, `shift` has their legs."""

    def __init__(
        self,
        db: Database,
        live: LiveStore,
        gateway: Gateway,
        clock: Clock,
        *,
        node: str,
        phones: Collection[str],
        city_trunk: str = "",
        told: Told | None = None,
    ) -> None:
        """`phones` and `city_trunk` as `AgentLines` takes them; `told` as the `Diary` does."""
        self._db = db
        self._live = live
        self._clock = clock
        self._node = node
        self._tasks: set[asyncio.Task[None]] = set()
        self._lines = AgentLines(gateway, phones=phones, city_trunk=city_trunk)
        self.desk = Desk(clock.monotonic)
        self._diary = Diary(db, clock, told=told)
        self.desk.on_change(self._diary.turned)
        self._presence = Presence(self.desk, live, clock, node)
        self.shift = Shift(self.desk, self._lines, clock, leases_run=lambda: not live.is_away)
        gateway.subscribe(BridgeEntered, self._entered)
        gateway.subscribe(BridgeLeft, self._left)
        gateway.subscribe(HungUp, self._hung_up)
        gateway.subscribe(ContactChanged, self._phone)
        gateway.subscribe(Disconnected, self._disconnected)
        gateway.subscribe(Resynced, lambda _: self._spawn(self._resync()))

    def on_handled(self, tell: Callable[[str, float], None]) -> None:
        """Call this with campaign and seconds whenever a talk of a campaign and its wrap-up are over."""

        def handled(seat: Seat, seconds: float) -> None:
            if seat.campaign:
                tell(seat.campaign, seconds)

        self.desk.on_handled(handled)

    def answer(self, answerer: Answerer, dispose: Disposing, lets_go: LetsGo | None = None) -> None:
        """Let agents' commands be asked for; `dispose` takes what they say of their talks.

        `lets_go` ends a talk so that its customer stays, where there is something more for them.
        """
        commands = AgentCommands(
            self._db, self.shift, self._lines, self._diary, self._presence, dispose, self._node, lets_go
        )
        commands.register(answerer)

    async def start(self) -> None:
        """Take over who was signed in when an earlier process ended. Raises `StoreUnavailableError`."""
        await self._inherit()
        self._spawn(self._diary.run())
        self._spawn(self._presence.run())
        self._spawn(self.shift.watch())

    async def close(self) -> None:
        """Stop, and write down the rest. Legs that are up stay up for the next process."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.shift.close()
        await self._presence.tell(everybody=True)
        await self._diary.close()

    async def _inherit(self) -> None:
        async with self._db.read() as session:
            cards = {card.name: card for card in await agent_cards(session, node=self._node)}
            rows = await last_events(session, list(cards))
        told = read_presence(await self._live.fields(KEY))
        now, seconds = self._clock.now(), self._clock.monotonic()
        for row in rows:
            card, seen = cards[row.agent], told.get(row.agent)
            if seen is not None and seen.node != self._node:
                seen = None
            if seat := returned(card, left_by(row, seen), now=now, seconds=seconds):
                self.shift.inherit(seat, card, lease=LEASE_SECONDS if card.simulated else None)
        if len(self.desk):
            log.info("agents.inherited", agents=len(self.desk))

    async def _resync(self) -> None:
        try:
            await self.shift.resynced()
        except AmiUnavailableError:
            log.info("agents.resync_put_off")  # the switch's return begins anew

    def _disconnected(self, _event: Disconnected) -> None:
        self._lines.telephones.forget()
        self.shift.heard_disconnected()

    def _entered(self, event: BridgeEntered) -> None:
        if event.uniqueid.startswith(LEG_PREFIX):
            self.shift.heard_entered(event.uniqueid, event.channel, parked=event.technology == PARK)

    def _left(self, event: BridgeLeft) -> None:
        if event.uniqueid.startswith(LEG_PREFIX):
            self.shift.heard_left(event.uniqueid, parked=event.technology == PARK)

    def _hung_up(self, event: HungUp) -> None:
        if event.uniqueid.startswith(LEG_PREFIX):
            self._lines.telephones.over(event.uniqueid)
            self.shift.heard_hangup(event.uniqueid, lost=event.cause in {NETWORK_LOST, SILENT})

    def _phone(self, event: ContactChanged) -> None:
        """A browser that is closed tells it by its socket, long before its line has been silent too long."""
        telephones = self._lines.telephones
        phone = telephones.owner(event.aor)
        if not phone:
            return
        news = telephones.heard(event.aor, event.status, event.uri)
        for leg, channel in self.shift.legs_of(phone):
            if news is News.WENT and telephones.cut_off(leg, channel, event.aor, event.uri):
                log.info("agent.phone_gone", phone=event.aor)
                self._spawn(self._cut_off(leg))
            elif news is News.CAME and is_browser(event.aor) and self._moves(leg, channel):
                self._spawn(self._cut_off(leg))
        for leg in self.shift.rung_at(phone):  # in a window that is no more, nobody picks up
            gone = news is News.WENT and telephones.cut_off(leg, "", event.aor, event.uri)
            if gone or (news is News.CAME and telephones.moved(leg, event.aor, event.uri)):
                self._spawn(self._cut_off(leg))
        if news in {News.CAME, News.THERE}:
            self.shift.heard_phone(phone, came=news is News.CAME)

    def _moves(self, leg: str, channel: str) -> bool:
        """Whether a leg goes along to the browser that an agent has just opened: in no talk it does."""
        seat = self.desk.seat(agent_of(leg) or "")
        idle = seat is not None and seat.parked and seat.state in {AgentState.READY, AgentState.PAUSED}
        return idle and not is_browser(account_of(channel))

    async def _cut_off(self, leg: str) -> None:
        try:
            await self._lines.cut_off(leg)
        except AmiUnavailableError:
            log.info("agent.cut_off_put_off")  # the switch's own timer ends it

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
