"""What is done with a call that something other than a person seems to have answered."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import structlog

from agi import RecordingError
from centralino.core.joining.announcing import Announcements
from centralino.core.joining.outlasting import REPLY_SECONDS, Ended, hear_out, heard_in, somebody_comes
from centralino.core.joining.ports import LeaveMessage, Line, Outcome, TalkOrder
from dialer import Machines
from values import Clock

log = structlog.get_logger(__name__)

SCREENED_SECONDS = 15.0
"""How long a machine that is to be hung up on is listened to: it may be an assistant who asks who calls."""


class Next(StrEnum):
    """Whether the call is over, or somebody came to the line after all."""

    OVER = "over"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class AtTheMachine:
    """Hears machines out, leaves messages, tells assistants who calls."""

    announcements: Announcements
    leave_message: LeaveMessage
    clock: Clock
    recordings: Path
    """Where what is heard of a machine lies, as long as it is listened to."""
    reply_seconds: float = REPLY_SECONDS
    """How long an assistant may take to fetch somebody."""

    async def deal(self, line: Line, order: TalkOrder, note: "Note") -> Next:
        """Do what the campaign wants done, noting what the call has come to so far: it may hang up any time.

        Raises `HangupError`.
        """
        note.outcome = Outcome.MACHINE
        leaves = order.machines is Machines.LEAVE_MESSAGE
        try:
            if leaves:
                ended = await hear_out(line, self.clock)
            else:
                ended = await hear_out(line, self.clock, longest=SCREENED_SECONDS)
            if ended is Ended.WAITS:
                return await self._tell(line, order, note)
        except RecordingError as problem:
            log.error("joining.deaf", call=line.call_id, why=str(problem))  # noqa: TRY400
            return Next.OVER
        finally:  # whoever hangs up while speaking leaves a file
            left = self.recordings / f"{heard_in(line.call_id)}.wav"
            await asyncio.to_thread(left.unlink, missing_ok=True)
        if leaves and ended is Ended.BEEP and await self.leave_message(line, order):
            note.outcome = Outcome.MESSAGE_LEFT
        return Next.OVER

    async def _tell(self, line: Line, order: TalkOrder, note: "Note") -> Next:
        note.outcome = Outcome.SCREENING
        log.info("joining.screened", call=line.call_id)
        await line.play(await self.announcements.who_calls(order.language))
        came = somebody_comes(line, self.clock, within=self.reply_seconds)
        return Next.PERSON if await came else Next.OVER


@dataclass(slots=True)
class Note:
    """What a call would have come to if it ended now."""

    outcome: Outcome = Outcome.HANGUP
