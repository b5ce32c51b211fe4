"""Tells the pages what is live: the board and the figures, through Redis, at most four times a second."""

from typing import Any

from calls import Direction, LiveBoard, LiveCall
from centralino.core.figures import Figures
from centralino.core.register import Register
from store import LiveStore
from values import Clock, mask_number

CHANNEL = "centralino:live"
FIGURES = "centralino:metrics"
EVERY_SECONDS = 0.25
AT_LEAST_EVERY = 4
"""Told every so many rounds even when nothing changed, so that the pages know we are there."""
SHOWN = 200
"""Calls shown one by one."""
FIGURES_LIVE_SECONDS = 10.0


class Bulletin:
    """Publishes this node's board. Redis may be away; then nobody hears, and nothing else happens."""

    def __init__(
        self, live: LiveStore, board: LiveBoard, register: Register, figures: Figures, clock: Clock, node: str
    ) -> None:
        self._live = live
        self._board = board
        self._register = register
        self._figures = figures
        self._clock = clock
        self._node = node
        self._changed = True
        board.on_change(self._note)

    async def run(self) -> None:
        """Publish until cancelled."""
        rounds = 0
        while True:
            rounds += 1
            if self._changed or rounds % AT_LEAST_EVERY == 0:
                self._changed = False
                await self._live.publish(CHANNEL, self._board_now())
            if rounds % (AT_LEAST_EVERY * 2) == 1:
                await self._live.put(FIGURES, self._figures.text(), seconds=FIGURES_LIVE_SECONDS)
            await self._clock.sleep(EVERY_SECONDS)

    def _note(self, _call_id: str, _call: LiveCall | None) -> None:
        self._changed = True

    def _board_now(self) -> dict[str, Any]:
        return {
            "node": self._node,
            "at": self._clock.now(),
            "live": len(self._board),
            "started": self._register.started,
            "ended": self._register.ended,
            "calls": [_shown(call) for call in self._board.snapshot()[-SHOWN:][::-1]],
        }


def _shown(call: LiveCall) -> dict[str, Any]:
    other = call.caller if call.direction is Direction.INBOUND else call.dialled
    return {
        "id": call.call_id,
        "direction": call.direction,
        "who": mask_number(other),
        "flow": call.flow,
        "step": call.step,
        "since": call.began,
    }
