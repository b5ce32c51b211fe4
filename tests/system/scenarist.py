"""A telephone that scenarios lead on a whole telco (`ivr.scenarios.SipDriver`).

What a scenario says the actions answer is made true first: the bill, the fault, the order of a customer
nobody else in the tests rings as. The operator's telephone is there, busy or away as `transfers` says.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import count
from time import monotonic
from typing import Any

from sqlalchemy import delete, select

from centralino.core.ringbacks import FLOW, REFRESH_SECONDS, RESUME
from centralino.rooms import flow_files
from customers import Customers, FaultStatus, InvoiceState, OrderStatus
from customers.models import Customer, Fault, Invoice, Line, Order
from customers.seed import id_of, number_of
from dialer import CampaignPlan, Gate, NewContact, Purpose, enqueue, load_profiles, pause, set_up
from dialer.models import Mode
from ivr.language import load_flow
from ivr.player import sample_variables
from ivr.scenarios import Ended, Scenario, values_of
from proactive.outages import Outage, OutageLine
from surveys.interviews import Invitation, invite
from surveys.models import Occasion, Survey
from tests.dialer.results.samples import add, attempt_row
from tests.sip import Call, Login, SipPhone
from tests.sip.behaviours import answers, refuses
from tests.system.hours import set_hours
from tests.system.telco import CUSTOMERS, Telco
from tests.system.told import TOLD
from values import CustomerId, PhoneNumber, Scalar, SystemClock, TransferEnd, new_id

FLOWS = {
    flow.flow: flow
    for flow in (load_flow(path.read_text("utf-8"), file=path.name).flow for path in flow_files())
}
CLOSURE = "proactive.fault_closure"
STRANGERS = count(990000)
"""Numbers that belong to nobody."""
SHOWN = "+390650000777"
"""The number that campaigns show whose calls were missed."""
_taken: set[str] = set()


def impossible(scenario: Scenario) -> bool:
    """Whether it wants an action to fail, which nobody can ask of a real one; or goes on in another flow."""
    return scenario.outcome == RESUME or any(isinstance(each, str) for each in scenario.answers.values())


class Scenarist:
    """One call, led by a scenario."""

    def __init__(self, telco: Telco, carrier: SipPhone, operator: SipPhone) -> None:
        self._telco = telco
        self._carrier = carrier
        self._operator = operator
        self._number = ""
        self._call: Call | None = None
        self._story: Mapping[str, Any] | None = None

    async def dial(self, scenario: Scenario) -> None:
        """Make true what the scenario assumes, then ring 0611, or have it ring us."""
        await set_hours(self._telco, are_open=8 <= scenario.at.hour < 20)
        end = scenario.transfers[0]
        # No agent is at work, so whoever wants one comes to the operator's telephone.
        away = end in {TransferEnd.BUSY, TransferEnd.NO_ANSWER}
        self._operator.on_call = refuses(486) if away else answers(hangs_up_after=1.0)
        if scenario.flow.startswith("surveys."):
            await self._be_asked(scenario)
            return
        if scenario.flow in TOLD:
            await self._be_told(scenario)
            return
        if scenario.flow.startswith("proactive."):
            await self._be_called(scenario)
            return
        if scenario.flow == FLOW:
            await self._missed(scenario)
            self._call = await (await self._carrier.call(self._shown, caller=self._number)).answered()
            return
        known = values_of(scenario.variables).get("known", True)
        if known:
            customer = await self._customer(scenario)
            self._number = number_of(int(customer[1:]))
            await self._make_true(customer, scenario)
        else:
            self._number = f"+390299{next(STRANGERS)}"
            await self._make_true(id_of(17), scenario)  # whose number and code the scenario keys
        self._call = await (await self._carrier.call(self._telco.service, caller=self._number)).answered()

    async def press(self, keys: str) -> None:
        """Send keys."""
        assert self._call is not None
        await self._call.press(keys)

    async def hang_up(self) -> None:
        """End the call."""
        assert self._call is not None
        self._call.hangup()

    async def entered(self) -> Sequence[str]:
        """The steps left so far, and where the last one led."""
        await self._look()
        trace = self._story["trace"] if self._story else []
        came = [step["path"] for step in trace[1:]]
        ahead = trace[-1]["next"] if trace else None
        return [*came, ahead] if ahead else came

    async def ended(self) -> Ended | None:
        """How the call ended, once its record is closed."""
        await self._look()
        if self._story is None or self._story["state"] == "up":
            return None
        last = self._story["trace"][-1]["path"] if self._story["trace"] else ""
        return Ended(self._story["outcome"], self._story["goal"], last)

    async def _look(self) -> None:
        found = await self._telco.calls(number=self._number)
        if found:
            self._story = await asyncio.to_thread(self._telco.api, f"calls/{found[0]['call_id']}")

    async def _customer(self, scenario: Scenario) -> CustomerId:
        """Somebody who speaks the scenario's language and has not rung yet."""
        async with self._telco.db() as db, db.read() as session:
            wanted = select(Customer.id).where(
                Customer.language == (scenario.language or "it"), Customer.slow_speech.is_(scenario.slow)
            )
            found = sorted(set(await session.scalars(wanted)) - _taken - {id_of(17), id_of(0)})
        chosen = next(each for each in found if 100 <= int(each[1:]) < CUSTOMERS)
        _taken.add(chosen)
        return CustomerId(chosen)

    async def _make_true(self, customer: CustomerId, scenario: Scenario) -> None:
        now = SystemClock().now()
        told = {
            name: values_of(answer) for name, answer in scenario.answers.items() if isinstance(answer, dict)
        }
        bill, fault, order = (told.get(f"care.{name}", {}) for name in ("balance", "fault", "order"))
        async with self._telco.db() as db, db.write() as session:
            for table in (Invoice, Fault, Order):
                await session.execute(delete(table).where(table.customer_id == customer))
            if bill.get("invoices"):
                due = now.date() + timedelta(days=-3 if bill.get("overdue") else 9)
                session.add(
                    Invoice(
                        id=new_id("i"), customer_id=customer, issued=now.date(), due=due, currency="EUR",
                        amount_minor=7250, open_minor=7250, state=InvoiceState.OPEN,
                    )
                )  # fmt: skip
            if fault.get("fault_state", "none") != "none":
                session.add(await a_fault(session, customer, FaultStatus(str(fault["fault_state"]))))
            if told.get("proactive.outage", {}).get("concerned"):
                outage = new_id("u")
                session.add(
                    Outage(
                        id=outage, cause="fibre_cut", area="", opened=now - timedelta(hours=2),
                        expected_end=now + timedelta(hours=6), restored=None, unknown=0,
                    )
                )  # fmt: skip
                session.add(OutageLine(outage_id=outage, customer_id=customer, line_id="", opened=now))
            if order.get("order_state", "none") != "none":
                planned = now.date() + timedelta(days=9) if order["order_state"] == "planned" else None
                status = OrderStatus.PLANNED if planned else OrderStatus.RECEIVED
                session.add(
                    Order(
                        id=new_id("o"), customer_id=customer, kind="move", status=status, placed=now,
                        planned=planned,
                    )
                )  # fmt: skip

    @property
    def _shown(self) -> str:
        return self._telco.service.replace(":0611@", f":{SHOWN}@")

    async def _missed(self, scenario: Scenario) -> None:
        """A call of a paused campaign was missed an hour ago."""
        customer = await self._customer(scenario)
        self._number = number_of(int(customer[1:]))
        now, words = SystemClock().now(), values_of(scenario.variables)
        plan = CampaignPlan(
            name=new_id("missed"), title=str(words.get("title", "")), flow=CLOSURE,
            purpose=Purpose(str(words.get("purpose", "service"))), profile="none", caller_id=SHOWN,
            mode=Mode.PREDICTIVE if words.get("agents") else Mode.AGENTLESS,
        )  # fmt: skip
        promised = values_of(scenario.answers.get("care.promise_agent", {})).get("promised", True)  # type: ignore[arg-type]
        contact = NewContact(
            campaign=plan.name, event_id=new_id("e"), customer_id=customer, number=PhoneNumber(self._number),
            expires=None if promised else now + timedelta(minutes=10),
        )  # fmt: skip
        async with self._telco.db() as db, db.write() as session:
            await set_up(session, Gate(load_profiles(), country="IT"), plan)
            await pause(session, plan.name)
            [contact_id] = await enqueue(session, [contact], now)
            row = attempt_row(
                1, id=new_id("a"), contact_id=contact_id, campaign=plan.name, purpose=plan.purpose,
                number=self._number, customer_id=customer, caller_id=SHOWN,
                committed=now - timedelta(hours=1),
            )  # fmt: skip
            await add(session, row)
        seen = monotonic() + REFRESH_SECONDS
        await self._telco.until(lambda: monotonic() > seen)

    async def _be_called(self, scenario: Scenario) -> None:
        """A fault is asked about, or something told, by a campaign that may call at any time of day."""
        customer = await self._customer(scenario)
        self._number = number_of(int(customer[1:]))
        now = SystemClock().now()
        plan = CampaignPlan(
            name=new_id("scenarios"), flow=scenario.flow, purpose=Purpose.SERVICE, profile="none",
            caller_id="+390650000611",
        )  # fmt: skip
        self._carrier.on_call = answers()
        async with self._telco.db() as db, db.write() as session:
            fault = await a_fault(session, customer, FaultStatus.RESTORED)
            session.add(fault)
            card = (await Customers(db).find_by_ids(session, [customer]))[customer]
            await set_up(session, Gate(load_profiles(), country="IT"), plan)
            about: dict[str, Scalar] = (
                {"fault_id": fault.id, "opened": now.date()} if scenario.flow == CLOSURE else {}
            )
            fields: dict[str, Scalar] = {
                **sample_variables(FLOWS[scenario.flow]), **values_of(scenario.variables), **about,
                "customer_name": card.name, "language": card.language,
            }  # fmt: skip
            contact = NewContact(
                campaign=plan.name, event_id=new_id("e"), customer_id=customer,
                number=number_of(int(customer[1:])), fields=fields,
            )  # fmt: skip
            await enqueue(session, [contact], now)

        await self._answer()

    async def _be_told(self, scenario: Scenario) -> None:
        """Another system tells us over REST, and the house's own rules and campaigns ring the customer."""
        customer = await self._customer(scenario)
        self._number = number_of(int(customer[1:]))
        self._carrier.on_call = answers()
        await asyncio.to_thread(self._telco.post, "events", **TOLD[scenario.flow](customer))
        await self._answer()

    async def _be_asked(self, scenario: Scenario) -> None:
        """An opinion is wanted of somebody, by a campaign that may call at any time of day."""
        customer = await self._customer(scenario)
        self._number = number_of(int(customer[1:]))
        now, survey = SystemClock().now(), new_id("s")
        plan = CampaignPlan(
            name=f"opinion_{survey}", flow=scenario.flow, purpose=Purpose.SERVICE, profile="none",
            caller_id="+390650000611",
        )  # fmt: skip
        self._carrier.on_call = answers()
        async with self._telco.db() as db, db.write() as session:
            session.add(
                Survey(
                    name=survey, title=survey, questionnaire=scenario.flow, occasion=Occasion.AFTER_PROCESS,
                    area="voice", active=True, plan={}, created=now,
                )
            )  # fmt: skip
            await session.flush()
            [interview] = await invite(session, [Invitation(survey=survey, customer_id=customer)], now)
            card = (await Customers(db).find_by_ids(session, [customer]))[customer]
            await set_up(session, Gate(load_profiles(), country="IT"), plan)
            fields = {"interview": interview, "customer_name": card.name, "language": card.language}
            contact = NewContact(
                campaign=plan.name, event_id=new_id("e"), customer_id=customer,
                number=PhoneNumber(self._number), fields=fields,
            )  # fmt: skip
            await enqueue(session, [contact], now)
        await self._answer()

    async def _answer(self) -> None:
        def rung() -> list[Call]:
            return [call for call in self._carrier.calls if call.incoming and call.dialled == self._number]

        await self._telco.until(rung, within=30)
        self._call = await rung()[-1].answered()


async def a_fault(session: Any, customer: CustomerId, status: FaultStatus) -> Fault:
    """A fault of a customer in a state; the caller adds it."""
    now = SystemClock().now()
    line = await session.scalar(select(Line.id).where(Line.customer_id == customer))
    restored = now if status is FaultStatus.RESTORED else None
    return Fault(
        id=new_id("f"), customer_id=customer, line_id=line, symptom="slow", status=status,
        opened_at=now - timedelta(days=2), restored_at=restored,
    )  # fmt: skip


def login(telco: Telco) -> Login:
    """The operator's name and the secret that the telco made for it."""
    secrets = json.loads((telco.home / "secrets.json").read_text(encoding="utf-8"))
    return Login("operator", secrets["operator"])
