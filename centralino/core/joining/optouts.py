"""An opt-out pressed in a call: the number is called for that purpose no more, from this commit on."""

from collections.abc import Mapping

import structlog

from centralino.core.joining.ports import TalkOrder
from dialer import Suppression, forbid_calls
from store import Database
from values import Clock, mask_number

log = structlog.get_logger(__name__)

SUPPRESSIONS: Mapping[str, Suppression] = {
    "marketing": Suppression.MARKETING,
    "survey": Suppression.SURVEY,
    "service": Suppression.SERVICE,
    "collections": Suppression.COLLECTIONS,
}
"""What "calls of this kind" are. Of mandatory notices nobody is offered to opt out."""


class OptOuts:
    """Writes them down (`joining.OptOut`)."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def __call__(self, order: TalkOrder) -> None:
        """Raises `StoreUnavailableError`."""
        what = SUPPRESSIONS.get(order.purpose)
        if what is None:
            return
        async with self._db.write() as session:
            await forbid_calls(
                session, [order.number], what, source=f"call {order.attempt_id}", at=self._clock.now()
            )
        log.info("call.opted_out", number=mask_number(order.number), what=what.value)
