"""Putting the caller through to somebody."""

import asyncio
import re

from agi.commands import application
from agi.connection import Connection
from values import BadInputError, TransferEnd

_ENDPOINT = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")
_CHANNEL = re.compile(r"^[A-Za-z0-9]+/[A-Za-z0-9_.:@/;+-]{1,79}$")
_PLACE = re.compile(r"^[A-Za-z0-9_-]+\^[A-Za-z0-9_-]+\^[A-Za-z0-9_-]+$")

LEG = "leg^s^1"
"""The dialplan's subroutine for the other leg before it rings: it has the leg's quality told at its end."""
LEAVING_SECONDS = 0.4
"""How long a channel may take to leave the bridge it is in: a millisecond, and dozens on a busy machine. Less
than the half second after which joining takes a command that is still unanswered for one that has joined."""
AGAIN_SECONDS = 0.01

_DIAL_ENDS = {
    "ANSWER": TransferEnd.TALKED,
    "BUSY": TransferEnd.BUSY,
    "NOANSWER": TransferEnd.NO_ANSWER,
}


async def dial(line: Connection, endpoint: str, ring_seconds: float) -> TransferEnd:
    """Ring one of our endpoints and stay until the talk is over; the flow goes on when they hang up."""
    if not _ENDPOINT.match(endpoint):
        raise BadInputError(f"{endpoint[:40]!r} is not the name of an endpoint", field="target")
    seconds = str(max(1, round(ring_seconds)))
    await line.command(application("Dial", (f"PJSIP/{endpoint}", seconds, f"gb({LEG})")))
    status = (await line.command("GET VARIABLE DIALSTATUS")).note
    return _DIAL_ENDS.get(status, TransferEnd.FAILED)


async def bridge(line: Connection, channel: str, park: str) -> bool:
    """Join the caller with a channel that is up, until either hangs up; then that channel goes to `park`.

    `park` is `context^extension^priority`. False when the channel is not there to be joined, which is known
    at once. One that is just leaving another bridge is there, and Asterisk cannot join it until it has left:
    nobody has been joined then, and it is tried again.
    """
    if not _CHANNEL.match(channel):
        raise BadInputError(f"{channel[:40]!r} is not the name of a channel", field="channel")
    if not _PLACE.match(park):
        raise BadInputError(f"{park[:40]!r} is not context^extension^priority", field="park")
    now = asyncio.get_running_loop().time
    until = now() + LEAVING_SECONDS
    while True:
        await line.command(application("Bridge", (channel, f"F({park})")))
        result = (await line.command("GET VARIABLE BRIDGERESULT")).note
        if result != "FAILURE" or now() >= until:
            return result == "SUCCESS"
        await asyncio.sleep(AGAIN_SECONDS)
