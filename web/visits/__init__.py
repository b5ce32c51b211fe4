"""Technicians' visits: on a page, and for programs."""

from web.visits.listing import routes as _listing
from web.visits.page import routes as _page

routes = [*_listing, *_page]

__all__ = ["routes"]
