"""The voice core: where the rooms that know telephony and those that know customers are joined.

One process, one event loop: FastAGI server, the manager connection, the dial loop, the journal, the outbox.
`app.Core` puts it together; every other module here joins two things and does nothing else.
"""

from centralino.core.app import serve

__all__ = ["serve"]
