"""The rooms that several of our programs open alike."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

import care
import proactive
import surveys
from agents.queues import house_queues, queues
from agents.queues.queue import TARGET
from care import CareDesk, RingBackDesk
from centralino.jurisdiction import profile_of
from centralino.places import Places
from centralino.settings import Settings
from customers import Channel, Customers
from dialer import Gate, Purpose, load_profiles
from dialer.gate import load_tariff
from ivr import Actions, FlowLibrary, FlowStore
from ivr.speech import Voice, voice_of
from messages.webhooks import heard_kinds, intake
from proactive.desk import ProactiveDesk
from proactive.events import KINDS
from proactive.processes import Processes
from store import Courier, Database, Handler, LiveStore, StoreUnavailableError, Subscriptions
from surveys import OpinionDesk
from surveys.names import Names
from surveys.questionnaires import items_in
from values import Clock, CustomerId

FLOW_FOLDERS: tuple[Path, ...] = (care.FLOWS, proactive.FLOWS, surveys.FLOWS)
"""Where the house's own flows lie."""
SCRIPT_FOLDERS: tuple[Path, ...] = (care.SCRIPTS, proactive.SCRIPTS, surveys.SCRIPTS)
"""Where the scripts of its agents lie."""
QUEUES = frozenset(f"{TARGET}.{each.name}" for each in house_queues())
TRANSFERS = frozenset({"operator", "agents", "agents.*"}) | QUEUES
"""Whom a flow can hand a caller to; behind the dot is what the agent must know, or the queue's name."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """Open rooms."""

    db: Database
    live: LiveStore
    customers: Customers
    processes: Processes
    proactive: ProactiveDesk
    opinion: OpinionDesk
    actions: Actions
    flows: FlowStore
    library: FlowLibrary
    voice: Voice
    gate: Gate

    @staticmethod
    @asynccontextmanager
    async def open(settings: Settings, clock: Clock, *, speaks: bool = False) -> AsyncIterator["Rooms"]:
        """Open them; closed in reverse. Who `speaks` to callers renders new flows before calls get them."""
        voice = voice_of(settings.home.resolve(), clock, speech=settings.speech, country=settings.country)
        async with Database(settings.database, clock=clock) as db:
            live = LiveStore(settings.redis, clock)
            try:
                customers = Customers(db)
                desk = ProactiveDesk(db, customers, clock, Places(settings.home.resolve()).rules)
                processes = Processes(db, customers, clock, desk, settings.home)
                gate = Gate(load_profiles(), country=settings.country, tariff=load_tariff())
                library = FlowLibrary(db, clock, welcome=voice.prepare if speaks else None)
                opinion = OpinionDesk(
                    db,
                    customers,
                    clock,
                    gate,
                    profile=profile_of(settings),
                    caller_id=settings.caller_id,
                    known=lambda name: name in library.names(),
                    flows=library.names,
                    names=Names(events=KINDS),
                    items=items_in(library),
                )
                actions = Actions()
                CareDesk(db, customers, country=settings.country).register(actions)
                RingBackDesk(db).register(actions)
                processes.register(actions)
                opinion.register(actions)
                yield Rooms(
                    db=db,
                    live=live,
                    customers=customers,
                    processes=processes,
                    proactive=desk,
                    opinion=opinion,
                    actions=actions,
                    flows=FlowStore(db, clock, actions=actions, transfers=TRANSFERS | await _queues(db)),
                    library=library,
                    voice=voice,
                    gate=gate,
                )
            finally:
                await live.close()
                await voice.close()

    async def consents(
        self, session: AsyncSession, asked: Sequence[tuple[str, Purpose]]
    ) -> frozenset[tuple[str, Purpose]]:
        """Which of these (customer, purpose) have consented to be called (`dialer.Consents`)."""
        given: set[tuple[str, Purpose]] = set()
        for purpose in {purpose for _, purpose in asked}:
            ids = [CustomerId(customer) for customer, wanted in asked if wanted is purpose]
            words = await self.customers.consents(
                session, ids, purpose.value, Channel.VOICE, self.db.clock.now()
            )
            given |= {(customer, purpose) for customer, yes in words.items() if yes}
        return frozenset(given)

    def subscriptions(self) -> Subscriptions:
        """Who hears of what."""
        heard: dict[str, list[Handler | Courier]] = {}
        for room in (self.processes, self.opinion):
            for kind, handlers in room.subscriptions().items():
                heard.setdefault(kind, []).extend(handlers)
        webhooks = intake(self.db.clock)
        for kind in heard_kinds():
            heard.setdefault(kind, []).append(webhooks)
        return heard


async def _queues(db: Database) -> frozenset[str]:
    """Targets of the queues that are kept; none while the database is away or has no tables yet."""
    try:
        async with db.read() as session:
            return frozenset(f"{TARGET}.{name}" for name in await queues(session))
    except (StoreUnavailableError, SQLAlchemyError):
        return frozenset()


def flow_files(folders: Sequence[Path] = FLOW_FOLDERS) -> list[Path]:
    """The house's own flows."""
    return sorted(path for folder in folders for path in folder.glob("*.yaml"))


def script_files(folders: Sequence[Path] = SCRIPT_FOLDERS) -> list[Path]:
    """The scripts of the house's agents."""
    return sorted(path for folder in folders for path in folder.glob("*.yaml"))
