"""What pages and the command line may ask of the core about queues, by name through `store.Asker`."""

from collections.abc import Mapping
from typing import Any

from centralino.core.queueing.board import QueueBoard
from centralino.core.queueing.hall import Hall
from store import Answerer
from values import BadInputError, Clock, mask_number

Fields = Mapping[str, Any]


class QueueCommands:
    """`queues.live`, `queues.waiting`, `queues.enter`, `queues.refresh`."""

    def __init__(self, hall: Hall, board: QueueBoard, clock: Clock) -> None:
        self._hall = hall
        self._board = board
        self._clock = clock

    def register(self, answerer: Answerer) -> None:
        """Make them known."""
        answerer.register("queues.live", self.live)
        answerer.register("queues.waiting", self.waiting)
        answerer.register("queues.enter", self.enter)
        answerer.register("queues.refresh", self.refresh)

    async def live(self, fields: Fields) -> Any:  # noqa: ARG002  (all commands alike)
        """All queues as they stand."""
        return self._board.now()

    async def waiting(self, fields: Fields) -> Any:
        """Who waits in a `queue` (all: ''), in the order in which they are served."""
        wanted = fields.get("queue", "")
        seconds = self._hall.desk.seconds()
        visits = {visit.call_id: visit for visit in self._hall.keeper.waits()}
        found: list[dict[str, Any]] = []
        for each in self._hall.waiting:
            if not each.inbound or not each.queue or wanted not in ("", each.queue):
                continue
            visit = visits.get(each.call)
            found.append(
                {
                    "call": mask_number(each.call) if each.call.startswith("+") else each.call,
                    "queue": each.queue,
                    "position": len(found) + 1,
                    "waited": round(seconds - each.since, 1),
                    "head_start": each.head,
                    "front": each.front,
                    "call_back": each.absent,
                    "customer": visit.customer_id if visit else "",
                    "tier": visit.tier if visit else "",
                    "language": visit.language if visit else "",
                    "reason": visit.reason if visit else "",
                }
            )
        return {"waiting": found}

    async def enter(self, fields: Fields) -> Any:
        """Have `call` go to `queue` as soon as its talk is over; with `front` before everybody else."""
        call, queue = fields.get("call"), fields.get("queue")
        if not isinstance(call, str) or not call:
            raise BadInputError("name the call", field="call")
        if not isinstance(queue, str) or not self._hall.known(queue):
            raise BadInputError(f"there is no queue {str(queue)[:40]!r}", field="queue")
        self._hall.enter(call, queue, front=fields.get("front") is True)
        return {"call": call, "queue": queue}

    async def refresh(self, fields: Fields) -> Any:  # noqa: ARG002  (all commands alike)
        """A queue was changed: heed it now."""
        await self._hall.refresh()
        return {"queues": sorted(self._hall.queues)}
