"""The node's queues at work: callers wait with music, are told their place, are called back, are counted.

`QueueRoom` puts them together, `Hall` is the one who knows; flows come in by `transfer: queue.<name>`, talks
by `Hall.turn`.
"""

from centralino.core.queueing.hall import Hall
from centralino.core.queueing.ports import Met
from centralino.core.queueing.room import Around, QueueRoom
from centralino.core.queueing.words import QueueWords

__all__ = ["Around", "Hall", "Met", "QueueRoom", "QueueWords"]
