"""Named queues of callers who wait for agents: who goes first, how long it will take, what became of each.

`Queue` is one as its owner sets it; `agents.queues.rules` and `agents.queues.estimate` decide, without I/O;
`Book` writes down each caller's stay; `agents.queues.kpis` makes figures of that by definitions with names.
"""

from agents.queues.book import Book
from agents.queues.hours import is_open
from agents.queues.queue import Queue, queue_named, queue_of
from agents.queues.seeds import house_queues
from agents.queues.service import UnknownQueueError, put_queue, queue, queues, seed_queues
from agents.queues.visits import Happening, Visit, VisitEnd

__all__ = [
    "Book",
    "Happening",
    "Queue",
    "UnknownQueueError",
    "Visit",
    "VisitEnd",
    "house_queues",
    "is_open",
    "put_queue",
    "queue",
    "queue_named",
    "queue_of",
    "queues",
    "seed_queues",
]
