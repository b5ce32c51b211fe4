"""Takes texts to the carrier when they may go, each once.

A text is claimed in a transaction before it is handed over; one whose process died in between is not handed
over again, since nobody could say whether the customer has it: it is `unsure` until the network says more.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from messages.sms.due import by_turn, due_texts
from messages.sms.errors import TextLaterError, TextProblemError, TextRefusedError, TextUnsureError
from messages.sms.models import TextMessage, TextState
from messages.sms.outcomes import finish
from messages.sms.patience import HAND_OVER, WORD, next_try
from messages.sms.ports import Carrier, Leave, MayText, Receipt, Wish
from store import Database, StoreUnavailableError
from values import Clock, mask_number

log = structlog.get_logger(__name__)

AT_ONCE: Final = 8
"""Texts that are being handed over at a time."""
CLAIMED: Final = 50
POLL_SECONDS: Final = 2.0
MICROS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Errand:
    """One text to be handed over."""

    id: str
    number: str
    words: str
    tries: int
    """This one included."""


class TextPost:
    """Runs beside the voice core; several may, on one database."""

    def __init__(
        self, db: Database, clock: Clock, carrier: Carrier, may_text: MayText, *, price: float = 0.0
    ) -> None:
        """`price`: what one message costs, in the house's currency."""
        self._db = db
        self._clock = clock
        self._carrier = carrier
        self._may_text = may_text
        self._price = round(price * MICROS)

    async def run(self) -> None:
        """Go on until cancelled. Survives the database's absence."""
        while True:
            try:
                done = await self.round()
            except StoreUnavailableError:
                done = 0
            except Exception:
                log.exception("texts.failed")
                done = 0
            if not done:
                await self._clock.sleep(POLL_SECONDS)

    async def round(self) -> int:
        """Deal with what is due now; how many texts that were. Raises `StoreUnavailableError`."""
        now = self._clock.now()
        async with self._db.read() as session:
            due = await session.scalar(due_texts(now).with_only_columns(TextMessage.id).limit(1))
        if due is None:
            return 0
        async with self._db.write() as session:
            found = (await session.scalars(by_turn(now, CLAIMED))).all()
            errands = await self._claim(session, found, now)
        gate = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._go(errand, gate) for errand in errands))
        return len(found)

    async def _claim(
        self, session: AsyncSession, found: Sequence[TextMessage], now: datetime
    ) -> list[Errand]:
        """Which of these go now; the others are put off, or over."""
        left = [each for each in found if each.state is TextState.SENDING]
        await finish(session, left, TextState.UNSURE, now, why="we were interrupted while handing it over")
        quiet = [each for each in found if each.state is TextState.SENT]
        for each in quiet:  # no word came; it was taken, and that is all there is to tell
            await finish(session, [each], TextState.SENT, now, why="the network has said no more")
        waiting = [each for each in found if each.state is TextState.WAITING]
        late = [each for each in waiting if each.expires <= now]
        for each in late:  # what kept it waiting is why it never went
            await finish(session, [each], TextState.EXPIRED, now, why=each.why, code=each.code)
        waiting = [each for each in waiting if each.expires > now]
        if not self._carrier.on:
            await finish(
                session, waiting, TextState.NOT_SENT, now, why="texts are not set up: twilio_account"
            )
            return []
        return await self._with_leave(session, waiting, now)

    async def _with_leave(
        self, session: AsyncSession, waiting: Sequence[TextMessage], now: datetime
    ) -> list[Errand]:
        if not waiting:
            return []
        wishes = [Wish(each.number, each.purpose, each.customer_id, each.zone) for each in waiting]
        errands = []
        for each, leave in zip(waiting, await self._may_text(session, wishes, now), strict=True):
            if not leave.allowed:
                await _put_off(session, each, leave, now)
                continue
            each.state, each.tries, each.next_at = TextState.SENDING, each.tries + 1, now + HAND_OVER
            errands.append(Errand(each.id, each.number, each.words, each.tries))
        await session.flush()
        return errands

    async def _go(self, errand: Errand, gate: asyncio.Semaphore) -> None:
        async with gate:
            try:
                came: Receipt | TextProblemError = await self._carrier.send(
                    errand.id, errand.number, errand.words
                )
            except TextProblemError as problem:
                came = problem
        try:
            await self._note(errand, came)
        except StoreUnavailableError:
            log.warning("texts.unnoted", id=errand.id)  # it is `unsure` once its time is over

    async def _note(self, errand: Errand, came: Receipt | TextProblemError) -> None:
        now = self._clock.now()
        async with self._db.write() as session:
            row = await session.get(TextMessage, errand.id, with_for_update=True)
            if row is None:  # erased meanwhile
                return
            if isinstance(came, Receipt):
                await self._taken(session, row, came, now)
            elif row.state is TextState.SENDING:
                await _not_taken(session, row, came, now)
        if not isinstance(came, Receipt):
            log.warning("texts.not_taken", id=errand.id, number=mask_number(errand.number), why=str(came))

    async def _taken(self, session: AsyncSession, row: TextMessage, came: Receipt, now: datetime) -> None:
        row.sid = row.sid or came.sid
        row.segments = came.segments or row.segments
        row.cost_micros = row.segments * self._price
        row.sent = row.sent or now
        if row.state is not TextState.SENDING:  # its word was here first
            return
        row.state, row.why, row.next_at = TextState.SENT, "", now + WORD
        if not self._carrier.tells:
            await finish(session, [row], TextState.SENT, now)


async def _put_off(session: AsyncSession, row: TextMessage, leave: Leave, now: datetime) -> None:
    if leave.retry_at is None:
        await finish(session, [row], TextState.FORBIDDEN, now, why=leave.why)
    elif leave.retry_at >= row.expires:
        await finish(session, [row], TextState.EXPIRED, now, why=leave.why)
    else:
        row.next_at, row.why = leave.retry_at, leave.why[:300]


async def _not_taken(session: AsyncSession, row: TextMessage, why: TextProblemError, now: datetime) -> None:
    match why:
        case TextLaterError():
            again = next_try(row.tries, now, chance=random.random())
            if again is None or again >= row.expires:
                await finish(session, [row], TextState.REFUSED, now, why=str(why), code=why.code)
            else:
                row.state, row.next_at, row.why, row.code = TextState.WAITING, again, str(why), why.code
        case TextRefusedError():
            await finish(session, [row], TextState.REFUSED, now, why=str(why), code=why.code)
        case TextUnsureError() | TextProblemError():
            await finish(session, [row], TextState.UNSURE, now, why=str(why), code=why.code)
