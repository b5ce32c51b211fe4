"""The REST API of talks that are on: what an agent does with a customer, and what a supervisor does.

An agent may steer his own talk, who may monitor any. Everything is asked of the voice core.
"""

from web.talks.deeds import routes as _deeds
from web.talks.supervising import routes as _supervising

routes = [*_deeds, *_supervising]

__all__ = ["routes"]
