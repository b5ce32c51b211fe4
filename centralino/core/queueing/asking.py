"""Who a caller is and why they ring, when they come into a queue: from flow and customers."""

import asyncio
from collections import OrderedDict
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy import select

from calls import TraceStep
from care.models import ContactReason
from centralino.core.queueing.ports import Whose
from customers import Customers
from store import Database, StoreUnavailableError
from values import CustomerId

log = structlog.get_logger(__name__)

LOOK_UP_SECONDS = 1.0
KEPT_CALLS = 5_000
LONGEST_LABEL = 60
REASON = "reason"
"""The variable of a flow that says why they ring."""


class Sink(Protocol):
    """Where a flow tells its steps."""

    def entered(self, path: str, kind: str, at: datetime) -> None:
        """The caller came into a step."""
        ...

    def left(self, step: TraceStep) -> None:
        """The caller left it."""
        ...


class Choices:
    """What callers chose in the menus of their flows: what was kept with a key, else where it led."""

    def __init__(self) -> None:
        self._chosen: OrderedDict[str, list[str]] = OrderedDict()
        self._reasons: OrderedDict[str, str] = OrderedDict()

    def listening(self, sink: Sink) -> Sink:
        """A flow's sink that tells us too."""
        return _Ear(sink, self)

    def heard(self, step: TraceStep) -> None:
        """A step was left."""
        if reason := step.values.get(REASON):
            self._reasons[step.call_id] = str(reason)[:LONGEST_LABEL]
        if step.kind == "menu" and step.how == "key":
            kept = [str(value) for value in step.values.values() if isinstance(value, str) and value]
            label = ", ".join(kept) or step.next_path.rpartition(">")[2].replace("_", " ")
            self._chosen.setdefault(step.call_id, []).append(label[:LONGEST_LABEL])
        while len(self._chosen) > KEPT_CALLS:
            self._chosen.popitem(last=False)
        while len(self._reasons) > KEPT_CALLS:
            self._reasons.popitem(last=False)

    def of(self, call_id: str) -> tuple[tuple[str, ...], str]:
        """What a call chose, in turn, and its reason."""
        return tuple(self._chosen.get(call_id, ())), self._reasons.get(call_id, "")


class _Ear:
    def __init__(self, sink: Sink, choices: Choices) -> None:
        self._sink = sink
        self._choices = choices

    def entered(self, path: str, kind: str, at: datetime) -> None:
        self._sink.entered(path, kind, at)

    def left(self, step: TraceStep) -> None:
        self._sink.left(step)
        self._choices.heard(step)


class WhoseCall:
    """Asks the customers' room and what was noted of the call (`queueing.Asking`)."""

    def __init__(self, db: Database, customers: Customers, choices: Choices) -> None:
        self._db = db
        self._customers = customers
        self._choices = choices

    async def __call__(self, call_id: str, customer_id: str) -> Whose:
        """Never raises, and takes no longer than a second; what is not known then is not known."""
        path, reason = self._choices.of(call_id)
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS), self._db.read() as session:
                noted = await session.scalar(
                    select(ContactReason)
                    .where(ContactReason.call_id == call_id)
                    .order_by(ContactReason.at.desc())
                    .limit(1)
                )
                if noted is not None:
                    customer_id, reason = noted.customer_id or customer_id, reason or noted.reason
                wanted = CustomerId(customer_id)
                cards = await self._customers.find_by_ids(session, [wanted] if customer_id else [])
        except (StoreUnavailableError, TimeoutError) as problem:
            log.warning("queue.caller_unknown", call=call_id, why=type(problem).__name__)
            return Whose(customer_id, "", reason, path)
        card = cards.get(wanted)
        return Whose(customer_id if card else "", card.tier.value if card else "", reason, path)
