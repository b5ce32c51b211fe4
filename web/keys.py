"""Where the application keeps what its handlers work with."""

from dataclasses import dataclass, field
from pathlib import Path

import jinja2
from aiohttp import web

from dialer import Gate
from ivr import Actions, FlowLibrary
from messages.sms import TwilioSettings
from proactive.assurance import Policy
from proactive.desk import ProactiveDesk
from store import Database, LiveStore
from users import Door
from values import Clock
from web.board import BoardFeed
from web.telephones import Telephones
from web.words import Words


@dataclass(frozen=True, slots=True)
class Parts:
    """What the web works with; it owns none of it."""

    db: Database
    live: LiveStore
    library: FlowLibrary
    clock: Clock
    token: str = field(repr=False)
    """The house's own bearer token, which may do everything."""
    gate: Gate = field(kw_only=True)
    """What a campaign's settings are checked against."""
    shown: str = field(default="", kw_only=True)
    """The number that calls of a campaign show unless it says otherwise; '' for none."""
    profile: str = field(default="", kw_only=True)
    """The jurisdiction that holds for the house's calls; '' for the one of its country."""
    lists: Path = field(kw_only=True)
    """Where files on their way into lists lie, and the reports of what could not be taken."""
    recordings: Path | None = field(default=None, kw_only=True)
    """Where recordings of talks lie; None: there are none to listen to."""
    hosts: frozenset[str] = field(default_factory=lambda: frozenset({"localhost", "127.0.0.1"}))
    """The names we answer to."""
    connect: tuple[str, ...] = field(default=(), kw_only=True)
    """Where scripts may connect besides us, as in `ws://127.0.0.1:8088`."""
    company: str = field(default="Centralino", kw_only=True)
    """Whose pages these are."""
    actions: Actions = field(default_factory=Actions, kw_only=True)
    """What flows and scripts can have the business do."""
    transfers: frozenset[str] | None = field(default=None, kw_only=True)
    """Whom a flow can hand a caller to; None: not checked."""
    webhook_networks: tuple[str, ...] = field(default=(), kw_only=True)
    """Inner networks that webhooks may reach."""
    texts: TwilioSettings = field(default_factory=TwilioSettings, kw_only=True, repr=False)
    """Who sends our texts, and so may say what became of them."""
    fonts: Path | None = field(default=None, kw_only=True)
    """Where the letters of printed reports lie; None: where distributions put them."""
    town: bool = field(default=False, kw_only=True)
    """Whether the simulated town is on, so that a visitor may try it."""
    telephones: Telephones | None = field(default=None, kw_only=True)
    """Gives out accounts for telephones in browsers; None: there are none."""
    proactive: ProactiveDesk | None = field(default=None, kw_only=True)
    """Takes business events, and knows the rules; None: one with the house's rules alone."""


PARTS = web.AppKey("parts", Parts)
FEED = web.AppKey("feed", BoardFeed)
DOOR = web.AppKey("door", Door)
PATIENCE = web.AppKey("patience", Policy)
"""For how long outages whose end nobody tells are believed to last."""
WORDS = web.AppKey("words", Words)
TEMPLATES = web.AppKey("templates", jinja2.Environment)
