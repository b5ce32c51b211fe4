"""What the dialler knows of a call that was just answered."""

from collections.abc import Sequence

from dialer import DialLoop, Placement, placements_of
from store import Batcher, Database
from values import AttemptId, CallId


class PlacedCalls:
    """Attempts by their call: those in the air from memory, adopted ones from the database."""

    def __init__(self, db: Database, dial_loop: DialLoop) -> None:
        self._db = db
        self._dial_loop = dial_loop
        self._asked: Batcher[AttemptId, Placement] = Batcher(self._fetch)

    async def find(self, call_id: CallId) -> Placement | None:
        """The attempt behind a call. Raises `StoreUnavailableError`."""
        attempt_id = AttemptId(call_id)
        return self._dial_loop.placement(attempt_id) or await self._asked.get(attempt_id)

    async def _fetch(self, ids: Sequence[AttemptId]) -> dict[AttemptId, Placement]:
        async with self._db.read() as session:
            return await placements_of(session, ids)
