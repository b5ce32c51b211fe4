"""What the flows of 0611 can have done: recognise, tell, note."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from care.models import CallbackRequest, ContactReason, Source
from care.rules import bill, fault_to_tell, order_to_tell
from customers import Channel, ContactDirection, ContactNote, CustomerCard, Customers, FaultStatus
from dialer.gate import destination_problem
from ivr.actions import ActionContext, ActionFunction, Actions
from store import Database, Event, emit, insert_missing, upsert
from values import BadInputError, CentralinoError, CustomerId, EventId, Scalar, local_day, parse_phone

Answer = Mapping[str, Scalar]


class NobodyError(CentralinoError):
    """It is not known (any more) whose account is asked for."""

    error_id = "nobody"


class CareDesk:
    """The actions `care.…`. Each may be done twice for one call without harm."""

    def __init__(self, db: Database, customers: Customers, *, country: str) -> None:
        self._db = db
        self._customers = customers
        self._country = country

    def register(self, actions: Actions) -> None:
        """Offer them to the flows."""

        def offer(name: str, function: ActionFunction, takes: str, gives: str, optional: str = "") -> None:
            actions.register(
                f"care.{name}",
                function,
                fields=frozenset(takes.split()) | frozenset(optional.split()),
                results=frozenset(gives.split()),
                optional=frozenset(optional.split()),
            )

        offer("verify", self.verify, "value number", "ok")
        offer("recognise", self.recognise, "number code", "found candidate_id candidate_name")
        offer("save_reason", self.save_reason, "reason", "", "customer_id")
        offer("balance", self.balance, "customer_id", "invoices owed due overdue")
        offer("fault", self.fault, "customer_id", "fault_state opened")
        offer("settle_fault", self.settle_fault, "customer_id works", "settled")
        offer("order", self.order, "customer_id", "order_state planned")
        offer("ask_call_back", self.ask_call_back, "", "noted", "number customer_id")

    async def verify(self, _ctx: ActionContext, value: str, number: str) -> Answer:
        """Whether this is the code on the bill of somebody who has that number."""
        return {"ok": await self._owner(number, value) is not None}

    async def recognise(self, _ctx: ActionContext, number: str, code: str | None) -> Answer:
        """Who it is out of those who have that number: the one with this code on the bill."""
        owner = await self._owner(number, code or "")
        if owner is None:
            return {"found": False, "candidate_id": "", "candidate_name": ""}
        return {"found": True, "candidate_id": owner.id, "candidate_name": owner.name}

    async def save_reason(self, ctx: ActionContext, reason: str, customer_id: str | None = "") -> Answer:
        """Keep why the customer rings, at once; said again when it is known who rings, it is theirs."""
        row = {"call_id": ctx.call_id, "reason": reason, "customer_id": customer_id or "", "at": ctx.now}
        async with self._db.write() as session:
            if customer_id:
                await upsert(session, ContactReason, [row], key=["call_id", "reason"])
                await self._customers.note_contacts(session, [self._note(ctx, customer_id, reason)])
            else:
                await insert_missing(session, ContactReason, [row])
        return {}

    async def balance(self, ctx: ActionContext, customer_id: str | None) -> Answer:
        """What the customer owes, by when, and whether that is past."""
        wanted = _known(customer_id)
        async with self._db.read() as session:
            found = await self._customers.open_balances(session, [wanted])
            zone = await self._zone(session, wanted)
        return bill(found.get(wanted), local_day(ctx.now, zone))

    async def fault(self, _ctx: ActionContext, customer_id: str | None) -> Answer:
        """The fault the customer most likely rings about."""
        wanted = _known(customer_id)
        async with self._db.read() as session:
            found = await self._customers.open_faults(session, [wanted])
            zone = await self._zone(session, wanted)
        return fault_to_tell(found.get(wanted, ()), zone)

    async def settle_fault(self, ctx: ActionContext, customer_id: str, works: object) -> Answer:
        """Close the restored fault, or reopen it, as the customer says."""
        wanted = _known(customer_id)
        async with self._db.write() as session:
            found = await self._customers.open_faults(session, [wanted])
            ids = [fault.id for fault in found.get(wanted, ()) if fault.status is FaultStatus.RESTORED]
            status = FaultStatus.CLOSED if works in (True, "true") else FaultStatus.REOPENED
            settled = await self._customers.set_fault_status(
                session, ids[:1], status, at=ctx.now, call_id=ctx.call_id
            )
        return {"settled": bool(settled)}

    async def order(self, _ctx: ActionContext, customer_id: str | None) -> Answer:
        """Where the customer's newest open order stands."""
        wanted = _known(customer_id)
        async with self._db.read() as session:
            found = await self._customers.open_orders(session, [wanted])
        return order_to_tell(found.get(wanted, ()))

    async def ask_call_back(
        self, ctx: ActionContext, number: str = "", customer_id: str | None = ""
    ) -> Answer:
        """Note a number to be called back on: the one keyed, or the one the call comes from."""
        try:
            wanted = parse_phone(number or ctx.caller, self._country)
        except BadInputError:
            return {"noted": False}
        if destination_problem(wanted, {self._country}):
            return {"noted": False}
        row = {
            "call_id": ctx.call_id,
            "at": ctx.now,
            "number": wanted,
            "caller": ctx.caller,
            "customer_id": customer_id or "",
            "language": ctx.language,
            "source": Source.FLOW,
            "settled": None,
        }
        async with self._db.write() as session:
            await upsert(session, CallbackRequest, [row], key=["call_id"])
            await emit(session, [call_back_wanted(row, ctx.now)])
        return {"noted": True}

    async def _owner(self, number: str, code: str) -> CustomerCard | None:
        try:
            owners = await self._customers.who_rings(parse_phone(number, self._country))
        except BadInputError:
            owners = ()
        async with self._db.read() as session:  # also for a number of nobody, which is to take as long
            found = await self._customers.whose_code(session, [owner.id for owner in owners], code)
        return next((owner for owner in owners if owner.id == found), None)

    async def _zone(self, session: AsyncSession, customer_id: CustomerId) -> str:
        """Where the customer lives; of one who is no more there is nothing to tell, on no day."""
        found = await self._customers.find_by_ids(session, [customer_id])
        return found[customer_id].zone if customer_id in found else ""

    def _note(self, ctx: ActionContext, customer_id: str, reason: str) -> ContactNote:
        return ContactNote(
            id=f"h-{ctx.call_id}-{reason}"[:64],
            customer_id=CustomerId(customer_id),
            at=ctx.now,
            channel=Channel.VOICE,
            direction=ContactDirection.INBOUND,
            reason=reason,
            call_id=ctx.call_id,
        )


def call_back_wanted(row: Mapping[str, object], at: datetime) -> Event:
    """The fact that somebody waits to be called back; one a call."""
    call_id = str(row["call_id"])
    return Event(
        id=EventId(f"callback-{call_id}"),
        kind="care.call_back_wanted",
        at=at,
        key=call_id,
        payload={name: row[name] for name in ("call_id", "number", "customer_id", "language")},
    )


def _known(customer_id: str | None) -> CustomerId:
    """A customer to tell something to. Who is none (any more) must hear an excuse, never an empty account."""
    if not customer_id:
        raise NobodyError
    return CustomerId(customer_id)
