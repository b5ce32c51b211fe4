"""The house's rooms as the core opens them, without speech and without a network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

import proactive
import surveys
from customers import Channel, Customers
from dialer import Gate, Purpose, load_profiles
from ivr import Actions, Shelf
from ivr.language import load_flow
from messages.webhooks import heard_kinds, intake
from proactive.desk import ProactiveDesk
from proactive.processes import Processes
from store import Courier, Database, Handler
from surveys import OpinionDesk
from values import Clock, CustomerId

FLOW_FOLDERS: Final = (proactive.FLOWS, surveys.FLOWS, Path(__file__).parent.parent / "flows")


@dataclass(frozen=True, slots=True)
class House:
    """Open rooms."""

    db: Database
    clock: Clock
    customers: Customers
    gate: Gate
    desk: ProactiveDesk
    processes: Processes
    opinion: OpinionDesk
    actions: Actions

    async def consents(
        self, session: AsyncSession, asked: Sequence[tuple[str, Purpose]]
    ) -> frozenset[tuple[str, Purpose]]:
        """Which of these (customer, purpose) have consented to be called."""
        given: set[tuple[str, Purpose]] = set()
        for purpose in {purpose for _, purpose in asked}:
            ids = [CustomerId(customer) for customer, wanted in asked if wanted is purpose]
            words = await self.customers.consents(
                session, ids, purpose.value, Channel.VOICE, self.clock.now()
            )
            given |= {(customer, purpose) for customer, yes in words.items() if yes}
        return frozenset(given)

    def subscriptions(self) -> Mapping[str, Sequence[Handler | Courier]]:
        """Who hears of what, webhooks among them."""
        heard: dict[str, list[Handler | Courier]] = {}
        for room in (self.processes, self.opinion):
            for kind, handlers in room.subscriptions().items():
                heard.setdefault(kind, []).extend(handlers)
        webhooks = intake(self.clock)
        for kind in heard_kinds():
            heard.setdefault(kind, []).append(webhooks)
        return heard


def open_house(db: Database, clock: Clock, *, profile: str, caller_id: str) -> House:
    """Open the rooms over a database."""
    customers = Customers(db)
    gate = Gate(load_profiles(), country="IT")
    desk = ProactiveDesk(db, customers, clock)
    processes = Processes(db, customers, clock, desk)
    opinion = OpinionDesk(
        db, customers, clock, gate, profile=profile, caller_id=caller_id, known=lambda _: True
    )
    actions = Actions()
    processes.register(actions)
    opinion.register(actions)
    return House(db, clock, customers, gate, desk, processes, opinion, actions)


def shelf() -> Shelf:
    """All flows that are rung with."""
    files = [path for folder in FLOW_FOLDERS for path in sorted(folder.glob("*.yaml"))]
    loaded = [load_flow(path.read_text(encoding="utf-8"), file=path.name) for path in files]
    return Shelf([each.flow for each in loaded], {each.flow.flow: each.version for each in loaded})
