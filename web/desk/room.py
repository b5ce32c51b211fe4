"""What the desk's handlers work with, and what they show of a call: put together once an application."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final

import structlog
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from agents import Present, present
from agents.pauses import PauseReason, load_pauses
from agents.queues import UnknownQueueError, queue
from customers import Customers
from dialer.endings import UNSAID
from dialer.models import Attempt
from store import Asker, AuditNote, Database, StoreUnavailableError, note_audit
from values import CentralinoError
from web.access import who
from web.customer.cards import TEMPLATE, card_values, draw
from web.desk.call import AtHand, at_hand
from web.desk.feed import DeskFeed, as_text
from web.desk.outbox import Outbox
from web.desk.tabs import Tabs
from web.errors import ForbiddenError
from web.keys import DOOR, FEED, PARTS, PATIENCE, TEMPLATES, WORDS

log = structlog.get_logger(__name__)

SESSIONS_SECONDS: Final = 60.0
"""How often the sessions of those who are on a shift are kept from running out."""
_FOR_SCRIPTS: Final = frozenset({"interview"})
"""What a campaign knows of somebody for its script alone: it says nothing to a person."""


class NotYoursError(CentralinoError):
    """This call is another agent's."""

    error_id = "not-yours"


class DeskRoom:
    """The desks of everybody who has one open here."""

    def __init__(self, app: web.Application) -> None:
        parts = app[PARTS]
        self._app = app
        self._db: Database = parts.db
        self._live = parts.live
        self.clock = parts.clock
        self.gate = parts.gate
        self.shown_number = parts.shown
        self.customers = Customers(parts.db)
        self.asker = Asker(parts.live, parts.clock)
        self.tabs = Tabs(parts.live)
        self.feed = DeskFeed(parts.live, self.tabs, app[FEED])
        self.pauses: Sequence[PauseReason] = load_pauses()
        self._tasks: set[asyncio.Task[None]] = set()
        self._open: dict[Outbox, str] = {}
        self.feed.on_pop(self._popped)

    async def running(self, _app: web.Application) -> AsyncIterator[None]:
        """Keep sessions for as long as the application runs (aiohttp's `cleanup_ctx`)."""
        self._app[TEMPLATES].get_template(TEMPLATE)  # compiled now, and not in the moment of the first pop
        watching = asyncio.create_task(self._keep_sessions(), name="desk.sessions")
        yield
        for task in (watching, *self._tasks):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(watching, *self._tasks)

    # Pages that are open.

    def enter(self, outbox: Outbox, session_key: str) -> None:
        """A page is open, in this session."""
        self._open[outbox] = session_key
        self.feed.open(outbox)

    def leave(self, outbox: Outbox) -> None:
        """It is closed."""
        self._open.pop(outbox, None)
        self.feed.close(outbox)

    async def standing(self, agent: str) -> Present | None:
        """Where an agent stands, as the core last said."""
        return (await present(self._live, self.clock.now())).get(agent)

    # Calls.

    async def current(self, agent: str, language: str) -> dict[str, Any] | None:
        """The call an agent talks in or wraps up, or that waits for their word; None when there is none.

        It waits for as long as the dialler does, also for who has gone home since.
        """
        stands, pop = await self.standing(agent), await self.feed.last_pop(agent)
        if stands is not None and stands.call:
            return await self.shown(agent, stands.call, pop, language)
        if pop is None:
            return None
        call = str(pop.get("call"))
        async with self._db.read() as session:
            hand = await self.hand(session, agent, call, pop)
        if hand.said or (hand.over is not None and self.clock.now() - hand.over >= UNSAID):
            return None
        return await self.shown(agent, call, pop, language)

    async def shown(
        self, agent: str, call: str, pop: Mapping[str, Any] | None, language: str
    ) -> dict[str, Any]:
        """A call with its customer's card, as the page shows it."""
        async with self._db.read() as session:
            hand = await self.hand(session, agent, call, pop)
            values = (
                await card_values(
                    session,
                    self.customers,
                    hand.customer,
                    self.clock,
                    language,
                    self._app[PATIENCE],
                    besides=call,
                )
                if hand.customer
                else None
            )
        words = self._app[WORDS]
        html = draw(self._app[TEMPLATES], words, language, values) if values else ""
        return {"call": call, "hand": told(hand), "html": html}

    async def hand(
        self, session: AsyncSession, agent: str, call: str, pop: Mapping[str, Any] | None
    ) -> AtHand:
        """All about one call, with the words and the script of its queue."""
        name = str(pop.get("queue") or "") if pop and pop.get("call") == call else ""
        words: Sequence[Mapping[str, Any]] = ()
        script = ""
        if name:
            with suppress(UnknownQueueError):
                found = await queue(session, name)
                words, script = found.dispositions, found.script
        return await at_hand(session, agent, call, pop, words, script)

    async def mine(self, session: AsyncSession, agent: str, call: str) -> AtHand:
        """A call of this agent's own. Raises `NotYoursError` for every other."""
        stands, pop = await self.standing(agent), await self.feed.last_pop(agent)
        own = (stands and stands.call == call) or (pop and pop.get("call") == call)
        if not own:
            attempt = await session.get(Attempt, call)
            if attempt is None or attempt.agent != agent:
                raise NotYoursError
        return await self.hand(session, agent, call, pop)

    async def note_opened(self, agent: str, hand: Mapping[str, Any]) -> None:
        """Write down whose data an agent's page showed because they were joined."""
        note = AuditNote(
            at=self.clock.now(),
            by=agent,
            what="customer.opened",
            customer_id=str(hand["customer"]),
            about=str(hand["call"]),
        )
        async with self._db.write() as session:
            await note_audit(session, [note])

    # Inside.

    def _popped(self, pop: Mapping[str, Any]) -> None:
        task = asyncio.get_running_loop().create_task(self._card(pop))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _card(self, pop: Mapping[str, Any]) -> None:
        """The customer's card to the agent's pages, in the language of each; written down right after."""
        agent, call = str(pop["agent"]), str(pop["call"])
        try:
            drawn: dict[str, dict[str, Any]] = {}
            for page in self.feed.of(agent):
                if page.language not in drawn:
                    drawn[page.language] = await self.shown(agent, call, pop, page.language)
                page.put("card", as_text("card", drawn[page.language]))
            for shown in list(drawn.values())[:1]:
                if shown["html"]:
                    await self.note_opened(agent, shown["hand"])
        except StoreUnavailableError:
            self.feed.tell(agent, "card_away", {"call": call})
        except Exception:
            log.exception("desk.card_failed", call=call)
            self.feed.tell(agent, "card_away", {"call": call})

    async def _keep_sessions(self) -> None:
        """Whoever is on a shift is at work, though they may press nothing for an hour."""
        sessions = self._app[DOOR].sessions
        while True:
            await asyncio.sleep(SESSIONS_SECONDS)
            for outbox, key in list(self._open.items()):
                if key and self.feed.at_work(outbox.agent):
                    await sessions.look(key, touch=True)


DESK = web.AppKey("desk", DeskRoom)


def told(hand: AtHand) -> dict[str, Any]:
    """A call at hand as the page's scripts read it."""
    shown = asdict(hand)
    shown["fields"] = {name: value for name, value in hand.fields.items() if name not in _FOR_SCRIPTS}
    shown["dispositions"] = [each.model_dump(mode="json") for each in hand.dispositions]
    shown["inbound"] = hand.inbound
    return shown


def agent_of(request: web.Request) -> str:
    """The agent whose desk this is. Raises `ForbiddenError` for who works as none."""
    visitor = who(request)
    if not visitor.agent:
        raise ForbiddenError("You work as no agent; whoever manages people can make you one.")
    return visitor.agent
