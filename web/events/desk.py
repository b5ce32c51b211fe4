"""The proactive room as the web has it: it takes events and shows rules, and works nothing off."""

from typing import Final

from aiohttp import web

from customers import Customers
from proactive.desk import ProactiveDesk
from proactive.events import Intake
from proactive.processes import Processes
from web.keys import PARTS, Parts

DESK: Final = web.AppKey("proactive_desk", ProactiveDesk)


def desk_of(request: web.Request) -> ProactiveDesk:
    """The room this process has opened."""
    return request.app[DESK]


def intake_of(request: web.Request) -> Intake:
    """Where events come in."""
    return desk_of(request).intake


def set_up(app: web.Application) -> None:
    """Have a room: the one handed in, or one of our own that knows the house's rules."""
    parts = app[PARTS]
    app[DESK] = parts.proactive or _own(parts)


def _own(parts: Parts) -> ProactiveDesk:
    """The processes say what the house's rules may name."""
    customers = Customers(parts.db)
    desk = ProactiveDesk(parts.db, customers, parts.clock)
    Processes(parts.db, customers, parts.clock, desk)
    return desk
