"""A customer whose agent's network fell in mid-talk: they hear music until the same agent is back."""

import asyncio
from typing import Final

from agents import Reservation
from centralino.core.joining.ports import Legs, Line, Steered
from values import HangupError

BACK_SECONDS: Final = 10.0
"""How long an agent may take: a page that is loaded anew is back in one second, a network in a few."""
MUSIC: Final = "default"


async def until_back(
    line: Line, legs: Legs, reservation: Reservation, steered: Steered | None = None
) -> bool:
    """Whether the agent's leg waits in its park again, and the talk may go on. Raises `HangupError`.

    A customer who is sent on meanwhile (a supervisor takes over) waits no longer.
    """
    await line.execute("StartMusicOnHold", MUSIC)
    back = asyncio.ensure_future(legs.rejoin(reservation, BACK_SECONDS))
    gone = asyncio.ensure_future(line.gone())
    waits = {back, gone}
    if steered is not None:
        waits.add(asyncio.ensure_future(steered.called()))
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            raise HangupError
        await line.execute("StopMusicOnHold")
        return back.done() and bool(back.result())
    finally:
        for each in waits:
            each.cancel()
