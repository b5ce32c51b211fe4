"""The page and the REST API, served by aiohttp. Floor 7.

The page shows live calls with their step, the last calls with their trace, and the flows drawn; it needs no
sign-in, listens on loopback and masks numbers. The API under `/api/v1` wants the bearer token. Durable facts
come from the database, live ones from Redis; when Redis is away the page says so and goes on with the rest.
"""

from web.app import create_app
from web.keys import Parts

__all__ = ["Parts", "create_app"]
