"""Texts to customers: what became of them, as Twilio tells it, and as operations look it up."""

from web.texts.listing import routes as _listing
from web.texts.page import routes as _page
from web.texts.status import routes as _status

routes = [*_status, *_listing, *_page]

__all__ = ["routes"]
