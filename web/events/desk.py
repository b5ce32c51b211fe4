"""The proactive room as the web has it: it takes events and shows rules, and works nothing off."""

from dataclasses import replace
from typing import Final

from aiohttp import web

from customers import Customers
from dialer import campaigns
from proactive.desk import ProactiveDesk
from proactive.events import Intake
from proactive.processes import Processes
from proactive.rules import Vocabulary, guides_of, inputs_of
from web.keys import PARTS, PATIENCE, Parts

DESK: Final = web.AppKey("proactive_desk", ProactiveDesk)


def desk_of(request: web.Request) -> ProactiveDesk:
    """The room this process has opened."""
    return request.app[DESK]


def intake_of(request: web.Request) -> Intake:
    """Where events come in."""
    return desk_of(request).intake


async def vocabulary_of(request: web.Request) -> Vocabulary:
    """What rules may name, with the campaigns that are set up, and the flows and scripts published here."""
    parts = request.app[PARTS]
    async with parts.db.read() as session:
        known = guides_of(await campaigns(session))
    flows = inputs_of(parts.library.flow(name) for name in parts.library.names())
    scripts = inputs_of(parts.library.flow(name) for name in parts.library.scripts())
    return replace(desk_of(request).vocabulary(), campaigns=known, flows=flows, scripts=scripts)


def set_up(app: web.Application) -> None:
    """Have a room: the one handed in, or one of our own that knows the house's rules."""
    parts = app[PARTS]
    app[DESK] = parts.proactive or _own(parts)
    app[PATIENCE] = app[DESK].assurance


def _own(parts: Parts) -> ProactiveDesk:
    """The processes say what the house's rules may name."""
    customers = Customers(parts.db)
    desk = ProactiveDesk(parts.db, customers, parts.clock)
    Processes(parts.db, customers, parts.clock, desk)
    return desk
