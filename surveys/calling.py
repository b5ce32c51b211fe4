"""Ringing those who are to be asked: an invitation is made with its contact, and settled with its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from customers import Channel, Customers
from dialer import CONTACT_DONE, NewContact, Purpose, Reason, enqueue, put_off, withdraw
from store import Event, Handler
from store.lifetime import slices
from surveys.book import CAMPAIGN, campaign_of
from surveys.cati.endings import NOT_TO_BE_ASKED, REFUSING
from surveys.interviews import Given, Invitation, break_off, invite, locked, settle
from surveys.items import next_week
from surveys.models import InterviewState
from surveys.quotas import waiting_in_full_cells
from surveys.telling import FINISHED
from values import Clock, CustomerId

REFUSED: Final = frozenset({"declined", "hangup", "rejected"}) | REFUSING
"""They said no: in words, by hanging up, or on the telephone itself."""
SET_ASIDE: Final = frozenset({"wrong_party", "not_noted", Reason.NOT_THEIRS.value}) | NOT_TO_BE_ASKED
NEVER_LEARNED: Final = frozenset({"unallocated", "number_changed", "invalid_number", "interrupted"})
QUOTA_FULL: Final = "quota_full"
"""The outcome of a contact whose cell has heard enough."""
NOT_TO_BE_CALLED: Final = frozenset({each.value for each in Reason} | {"erased", "opted_out", QUOTA_FULL})
_MADE: Final = "i-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An invitation by telephone; `source` makes it one, however often it comes."""

    invitation: Invitation
    source: str
    not_before: datetime | None = None
    expires: datetime | None = None
    place: float = 0.0
    """Among those that are due: the lowest is rung first."""


def state_after(outcome: str) -> InterviewState:
    """What a contact's outcome says of an interview that was never begun (AAPOR's dispositions)."""
    if outcome in REFUSED:
        return InterviewState.REFUSED
    if outcome in SET_ASIDE:
        return InterviewState.OTHER
    if outcome in NEVER_LEARNED:
        return InterviewState.UNKNOWN
    return InterviewState.INELIGIBLE if outcome in NOT_TO_BE_CALLED else InterviewState.NO_CONTACT


class Calling:
    """Makes contacts of invitations, and hears what came of them."""

    def __init__(self, customers: Customers, clock: Clock) -> None:
        self._customers = customers
        self._clock = clock

    def subscriptions(self) -> Mapping[str, Sequence[Handler]]:
        """Which events it takes."""
        return {
            CONTACT_DONE: [Handler("surveys.on_done", self.on_done)],
            FINISHED: [Handler("surveys.on_finished", self.on_finished)],
        }

    async def consenting(
        self, session: AsyncSession, ids: Sequence[CustomerId], now: datetime
    ) -> frozenset[CustomerId]:
        """Who has said that they may be asked by telephone."""
        words = await self._customers.consents(session, ids, Purpose.SURVEY.value, Channel.VOICE, now)
        return frozenset(customer for customer, yes in words.items() if yes)

    async def ring(self, session: AsyncSession, calls: Sequence[Call], now: datetime) -> list[str]:
        """Invite these and have them rung; who has no number is left out. Gives the interviews' ids."""
        ids = [CustomerId(each.invitation.customer_id) for each in calls]
        cards = await self._customers.find_by_ids(session, ids)
        numbers = await self._customers.numbers_of(session, ids, now)
        reached: list[Call] = []
        contacts: list[NewContact] = []
        for each in calls:
            customer = CustomerId(each.invitation.customer_id)
            card, theirs = cards.get(customer), numbers.get(customer)
            if card is None or not theirs:
                continue
            interview = interview_of(each.source)
            invited = replace(each.invitation, id=interview, language=card.language)
            reached.append(replace(each, invitation=invited))
            contacts.append(
                NewContact(
                    campaign=campaign_of(invited.survey),
                    event_id=f"opinion:{each.source}",
                    customer_id=customer,
                    number=theirs[0].number,
                    numbers=[number.number for number in theirs],
                    zone=card.zone,
                    fields={
                        "interview": interview,
                        "customer_name": card.name,
                        "language": card.language,
                        "slow": card.slow_speech,
                    },
                    not_before=each.not_before,
                    expires=each.expires,
                    score=-each.place,
                )
            )
        made = await enqueue(session, contacts, now)
        invited_ = [
            replace(each.invitation, contact_id=contact) for each, contact in zip(reached, made, strict=True)
        ]
        return await invite(session, invited_, now)

    async def on_done(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """Contacts of ours are over: what they came to is what came of the interview."""
        outcomes = {
            str(interview): str(event.payload.get("outcome", ""))
            for event in events
            if str(event.payload.get("campaign", "")).startswith(CAMPAIGN)
            and (interview := _interview(event))
        }
        now = self._clock.now()
        rows = await locked(session, list(outcomes))
        begun = [row.id for row in rows.values() if row.state is InterviewState.STARTED]
        await break_off(session, [Given(interview=each) for each in begun], now)
        waiting = [row.id for row in rows.values() if row.state is InterviewState.INVITED]
        await settle(session, {each: state_after(outcomes[each]) for each in waiting}, now)

    async def on_finished(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """Interviews are through: where enough were heard, those who wait to be rung are left alone.

        Where it is enough for this week, who may still be asked in the next one is rung then.
        """
        complete = InterviewState.COMPLETE.value
        counted = {
            (str(each.payload.get("survey")), str(each.payload.get("cell", "")))
            for each in events
            if each.payload.get("state") == complete
        }
        now = self._clock.now()
        monday = next_week(now)
        for waiting in await waiting_in_full_cells(session, sorted(counted), now):
            for part in slices([_source(interview) for interview in waiting.interviews]):
                later = await put_off(session, part, monday, now) if waiting.weekly else frozenset()
                await withdraw(session, [each for each in part if each not in later], QUOTA_FULL, now)


def interview_of(source: str) -> str:
    """The interview of a call."""
    return _MADE + source


def _source(interview: str) -> str:
    """The business event of an interview's contact."""
    return f"opinion:{interview.removeprefix(_MADE)}"


def _interview(event: Event) -> str:
    fields = event.payload.get("fields")
    return str(fields.get("interview", "")) if isinstance(fields, Mapping) else ""
