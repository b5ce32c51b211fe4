"""Telephones in browsers: an agent's own account, and one for whoever visits the front page of a demo."""

from web.phone.agents import routes as agent_routes
from web.phone.visitors import routes as visitor_routes
from web.phone.visitors import set_up

routes = (*agent_routes, *visitor_routes)

__all__ = ["routes", "set_up"]
