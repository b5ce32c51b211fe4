"""When nobody answers: a text says what we think, and after some days the rule closes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from customers import CustomerCard, Customers, FaultStatus, LineType
from dialer import Purpose
from messages.sms import Text, TextBook, queue_texts
from proactive.assurance.asking import text_id
from proactive.assurance.models import CheckState, RepairCheck
from proactive.assurance.policy import Policy
from store import Database, StoreUnavailableError
from values import Clock, CustomerId, PhoneNumber, local_day

log = structlog.get_logger(__name__)

BY_RULE: Final = "by_rule"
TEXTS: Final = Path(__file__).with_name("texts.yaml")
LOOK_SECONDS: Final = 60.0
MOST: Final = 500
"""How many are closed in one transaction."""


class Closing:
    """Takes checks that no call could settle: to the text, then to their end by rule."""

    def __init__(self, db: Database, customers: Customers, policy: Policy, clock: Clock) -> None:
        self._db = db
        self._customers = customers
        self._policy = policy
        self._clock = clock
        self._texts = TextBook.load(TEXTS)

    async def unanswered(
        self, session: AsyncSession, checks: Sequence[RepairCheck], outcomes: Mapping[str, str], now: datetime
    ) -> None:
        """Nobody said whether it works; `outcomes` has by `ask` what the last try came to."""
        closes = now + self._policy.patience
        for check in checks:
            if check.fault_id:
                check.state, check.close_at = CheckState.WAITING, closes
            else:  # nothing of theirs is open
                check.state, check.done_at = CheckState.DONE, now
            check.result = outcomes[check.ask]
        to_text = [
            check for check in checks if check.fault_id and outcomes[check.ask] in self._policy.text_after
        ]
        await self._text(session, to_text, closes, now)

    async def _text(
        self, session: AsyncSession, checks: Sequence[RepairCheck], closes: datetime, now: datetime
    ) -> None:
        ids = [CustomerId(each) for each in sorted({check.customer_id for check in checks})]
        if not ids:
            return
        cards = await self._customers.find_by_ids(session, ids)
        numbers = await self._customers.numbers_of(session, ids, now)
        mobiles = {
            customer: found.number
            for customer, held in numbers.items()
            if (found := next((each for each in held if each.line_type is LineType.MOBILE), None))
        }
        by_ask: dict[str, list[RepairCheck]] = {}
        for check in checks:
            by_ask.setdefault(check.ask, []).append(check)
        await queue_texts(
            session,
            [
                self._words(ask, about, cards[whose], mobiles[whose], closes)
                for ask, about in by_ask.items()
                if (whose := CustomerId(about[0].customer_id)) in cards and whose in mobiles
            ],
            now,
        )

    def _words(
        self,
        ask: str,
        about: Sequence[RepairCheck],
        card: CustomerCard,
        number: PhoneNumber,
        closes: datetime,
    ) -> Text:
        words = self._texts.words(
            "unanswered_many" if len(about) > 1 else "unanswered",
            card.language,
            {
                "opened": local_day(min(check.opened for check in about), card.zone),
                "closing": local_day(closes, card.zone),
            },
        )
        return Text(
            id=text_id(ask),
            to=number,
            words=words,
            purpose=Purpose.SERVICE.value,
            customer_id=card.id,
            about=ask,
            zone=card.zone,
            expires=closes,
        )

    async def close_due(self, session: AsyncSession, now: datetime, *, most: int = MOST) -> int:
        """Close by rule what nobody spoke up about in time; how many checks that were."""
        due = (
            select(RepairCheck)
            .where(RepairCheck.state == CheckState.WAITING, RepairCheck.close_at <= now)
            .order_by(RepairCheck.close_at)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        checks = (await session.scalars(due)).all()
        found = await self._customers.faults(session, [check.fault_id for check in checks]) if checks else {}
        restored = [fault for fault, card in found.items() if card.status is FaultStatus.RESTORED]
        await self._customers.set_fault_status(session, restored, FaultStatus.CLOSED, at=now, reason=BY_RULE)
        closed = frozenset(restored)
        for check in checks:
            check.state, check.done_at = CheckState.DONE, now
            check.result = BY_RULE if check.fault_id in closed else "settled_elsewhere"
        return len(checks)

    async def once(self) -> int:
        """Close all that is due now; how many. Raises `StoreUnavailableError`."""
        closed = 0
        while True:
            async with self._db.write() as session:
                some = await self.close_due(session, self._clock.now())
            closed += some
            if some < MOST:
                return closed

    async def run(self) -> None:
        """Look each minute, for ever."""
        while True:
            await self._clock.sleep(LOOK_SECONDS)
            try:
                if closed := await self.once():
                    log.info("assurance.closed_by_rule", repairs=closed)
            except StoreUnavailableError as problem:
                log.warning("assurance.waits", why=str(problem)[:200])
            except Exception:
                log.exception("assurance.closing_failed")
