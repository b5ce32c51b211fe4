"""The REST API's queues: their settings, who waits, how they look now, and what they came to."""

from web.queues.routes import routes

__all__ = ["routes"]
