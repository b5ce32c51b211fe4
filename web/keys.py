"""Where the application keeps what its handlers work with."""

from dataclasses import dataclass, field
from pathlib import Path

import jinja2
from aiohttp import web

from dialer import Gate
from ivr import FlowLibrary
from store import Database, LiveStore
from values import Clock
from web.board import BoardFeed


@dataclass(frozen=True, slots=True)
class Parts:
    """What the web works with; it owns none of it."""

    db: Database
    live: LiveStore
    library: FlowLibrary
    clock: Clock
    token: str
    """The API's bearer token."""
    gate: Gate = field(kw_only=True)
    """What a campaign's settings are checked against."""
    shown: str = field(default="", kw_only=True)
    """The number that calls of a campaign show unless it says otherwise; '' for none."""
    lists: Path = field(kw_only=True)
    """Where files on their way into lists lie, and the reports of what could not be taken."""
    hosts: frozenset[str] = field(default_factory=lambda: frozenset({"localhost", "127.0.0.1"}))
    """The names we answer to."""


PARTS = web.AppKey("parts", Parts)
FEED = web.AppKey("feed", BoardFeed)
TEMPLATES = web.AppKey("templates", jinja2.Environment)
