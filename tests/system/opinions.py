"""A survey after the calls of the queue `care`, on a telco: whom it asks, how it sounds, what came of it."""

from sqlalchemy import select

from customers.models import Consent, CustomerNumber
from ivr.language import load_flow
from ivr.speech.testing import tone_of
from surveys import FLOWS as SURVEYS
from surveys.models import Interview, InterviewState, Occasion, Survey
from tests.system.telco import Telco
from values import SystemClock


async def ask_after_care(telco: Telco) -> None:
    async with telco.db() as db, db.write() as session:
        session.add(
            Survey(
                name="after_care",
                title="After a call",
                questionnaire="surveys.four_items",
                occasion=Occasion.AFTER_CALL,
                area="",
                active=True,
                plan={"after_call": {"queues": {"care": "commercial"}, "shortest": 0}},
                created=SystemClock().now(),
            )
        )


async def willing(telco: Telco, place: int) -> str:
    """The number of somebody who has never said that they want no surveys; each place another."""
    async with telco.db() as db, db.read() as session:
        unwilling = select(Consent.customer_id).where(Consent.withdrawn_at.is_not(None))
        query = (
            select(CustomerNumber.number)
            .where(CustomerNumber.customer_id.not_in(unwilling), CustomerNumber.number.like("+39329%"))
            .where(CustomerNumber.valid_to.is_(None))
            .order_by(CustomerNumber.number)
            .offset(place)
            .limit(1)
        )
        return str((await session.scalars(query)).one())


def sounds_like(step: str) -> int:
    """How a question of the questionnaire sounds."""
    steps = load_flow((SURVEYS / "four_items.yaml").read_text("utf-8"), file="four_items").document.data[
        "steps"
    ]
    question = steps[step].get("rate", {}).get("question") or steps[step]["menu"]["greeting"]
    return tone_of(question["en"])


async def opinion(telco: Telco, state: InterviewState) -> Interview:
    found: list[Interview] = []

    async def so() -> bool:
        async with telco.db() as db, db.read() as session:
            query = select(Interview).order_by(Interview.invited.desc()).limit(1)
            found[:] = list(await session.scalars(query))
        return bool(found) and found[0].state is state

    await telco.until(so, within=20, what=f"an interview that is {state}")
    return found[0]
