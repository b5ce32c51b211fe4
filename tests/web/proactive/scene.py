"""A year of contacts by process, a hundredth of Wind's, and a control group that was left alone."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from customers import Channel, ContactDirection, ContactNote, Customers
from customers.seed import id_of, seed
from dialer.models import Attempt, Contact, ContactState
from proactive.rules import Result, RuleDecision
from store import Database
from tests.dialer.results.samples import add, attempt_row, contact_row
from values import CustomerId

A_MONTH: Mapping[str, tuple[int, int]] = {
    "works_notice": (9, 16), "line_notice": (12, 24), "welcome": (10, 20), "appointments": (2, 5),
    "fault_closure": (30, 70), "traffic_alarm": (5, 14),
}  # fmt: skip
OUTCOMES: Mapping[str, str] = {"fault_closure": "fixed"}


async def worked(db: Database, session: AsyncSession, now: datetime) -> None:
    """From January to the present month."""
    dice = random.Random(9)
    await seed(session, 300, day=now.date())
    contacts: list[dict[str, Any]] = []
    attempts: list[dict[str, Any]] = []
    for month in range(1, now.month + 1):
        for process, (low, high) in A_MONTH.items():
            for _ in range(dice.randint(low, high)):
                number = len(contacts)
                at = datetime(now.year, month, dice.randint(1, 20), 10, tzinfo=UTC)
                reached = dice.random() < 0.74
                told = reached and dice.random() < 0.86
                outcome = OUTCOMES.get(process, "told") if told else "hung_up" if reached else "no_answer"
                row = contact_row(
                    number, campaign=process, created=at, state=ContactState.DONE, outcome=outcome, goal=told,
                    attempts=1 if reached else 3,
                )  # fmt: skip
                if number % 40 == 7:  # called once, and to be called again
                    row |= {"state": ContactState.READY, "outcome": "", "goal": False, "attempts": 1}
                contacts.append({name: value for name, value in row.items() if not name.startswith("lease")})
                if reached:
                    attempts.append(attempt_row(number, campaign=process, answered=5.0, outcome=outcome))
    await add(session, *contacts, model=Contact)
    await add(session, *attempts, model=Attempt)
    await add(session, *[_decision(number, now) for number in range(240)], model=RuleDecision)
    rang = [number for number in range(240) if dice.random() < (0.38 if number % 4 == 0 else 0.12)]
    later, inbound = now - timedelta(days=28), ContactDirection.INBOUND
    notes = [
        ContactNote(CustomerId(id_of(number)), later, Channel.VOICE, inbound, "fault") for number in rang
    ]
    await Customers(db).note_contacts(session, notes)


def _decision(number: int, now: datetime) -> dict[str, Any]:
    at = now - timedelta(days=30)
    result = Result.CONTROL if number % 4 == 0 else Result.CONTACT
    return {
        "id": f"d{number}", "rule": "repair_check", "event": f"e{number}", "type": "repair.done", "at": at,
        "decided": at, "campaign": "fault_closure", "customer_id": id_of(number), "key": "", "result": result,
        "share": 0.25,
    }  # fmt: skip
