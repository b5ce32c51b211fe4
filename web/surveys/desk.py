"""The opinion room as the web has it: it sets up and starts, and rings nobody itself."""

from aiohttp import web

from customers import Customers
from proactive.events import KINDS
from surveys import OpinionDesk
from surveys.names import Names
from surveys.questionnaires import items_in
from web.keys import PARTS
from web.lawful import house_profile


def desk_of(request: web.Request) -> OpinionDesk:
    """The room, by what this process works with."""
    parts = request.app[PARTS]
    return OpinionDesk(
        parts.db,
        Customers(parts.db),
        parts.clock,
        parts.gate,
        profile=house_profile(request),
        caller_id=parts.shown,
        known=lambda name: name in parts.library.names(),
        flows=parts.library.names,
        names=Names(events=KINDS),
        items=items_in(parts.library),
    )
