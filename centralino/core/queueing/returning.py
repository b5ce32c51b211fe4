"""Who waited under an earlier core: their place, and their visit."""

import asyncio
from collections.abc import Collection

import structlog

from agents.queues import Visit
from agents.queues.models import QueueVisit
from agents.queues.service import visit_of
from centralino.core.joining.ports import Line
from centralino.core.queueing.passes import Pass, read_pass
from store import Database, StoreUnavailableError

log = structlog.get_logger(__name__)

PLACE = "CENTRALINO_QUEUE"
"""The channel variable with what a restarted core needs to know of who waits."""
READ_SECONDS = 1.0


async def returned(line: Line, queues: Collection[str]) -> Pass | None:
    """They waited here under an earlier core: they keep their place, and it is the same visit."""
    found = read_pass(await line.get_variable(PLACE))
    if found is not None and found.visit_id and found.queue in queues:
        log.info("queue.returned", queue=found.queue)
        return found
    return None


async def written(db: Database, visit_id: str) -> Visit | None:
    """A visit of an earlier core that is not over; None also when the database takes too long."""
    try:
        async with asyncio.timeout(READ_SECONDS), db.read() as session:
            row = await session.get(QueueVisit, visit_id)
            return visit_of(row) if row is not None and row.end is None else None
    except (StoreUnavailableError, TimeoutError):
        return None
