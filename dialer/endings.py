"""How attempts end: the result is written once, and the contact is tried again, done, or waits for a word."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from dialer.cards import (
    AnyAttempt,
    AnyContact,
    AttemptCard,
    C,
    ContactCard,
    keep_attempts,
    keep_contacts,
    locked_attempts,
    locked_contacts,
)
from dialer.contacts import Closing, close, put_back
from dialer.disposing import settle_said
from dialer.gate import Gate
from dialer.models import Attempt, AttemptState, Contact, ContactState
from dialer.numbers import turn_number
from dialer.placement import AttemptResult
from dialer.results import count, ended_of
from dialer.retry import REFUSED_BY_NETWORK
from dialer.terms import Terms, terms_of
from values import AttemptId

TALKED = "talked"
"""The outcome of a talk with an agent: what it came to is said by the agent's disposition, soon after."""
UNSAID = timedelta(minutes=15)
"""How long a talk may go without a disposition before its contact is done as `TALKED`; so long does its
agent's page ask for one."""
LOOK_BACK = timedelta(days=30)
"""For so long a contact that waits for its agent's word is found again, should the dialler have been away."""
_SWEPT = 200


async def finish(session: AsyncSession, gate: Gate, results: Sequence[AttemptResult], now: datetime) -> None:
    """Finish attempts, count them, and decide about their contacts: try again later, or done with an event.

    An attempt that is finished already is passed over, so that a result may be written twice. A contact whose
    agent has still to say what came of the talk waits for that.
    """
    if not results:
        return
    by_id = {result.attempt_id: result for result in results}
    attempts = await locked_attempts(session, Attempt.id.in_(by_id), Attempt.state != AttemptState.DONE)
    contacts = await _locked(session, {attempt.contact_id for attempt in attempts})
    terms = await terms_of(session, gate, {attempt.campaign for attempt in attempts})
    ended: list[tuple[ContactCard, AttemptResult]] = []
    said: list[tuple[ContactCard, AttemptCard]] = []
    talked: list[ContactCard] = []
    for attempt in attempts:
        result = by_id[AttemptId(attempt.id)]
        contact = contacts[attempt.contact_id]
        close_attempt(attempt, result, gate)
        count_try(contact, result)
        if attempt.disposition:
            said.append((contact, attempt))
        elif result.outcome != TALKED:
            ended.append((contact, result))
        else:
            talked.append(contact)
    await keep_attempts(session, attempts)
    await keep_contacts(session, talked)
    await count(session, [ended_of(each, terms[each.campaign].reading) for each in attempts])
    await _decide(session, ended, terms, now)
    await settle_said(session, said, now)


async def _locked(session: AsyncSession, ids: Collection[str]) -> dict[str, ContactCard]:
    """Contacts by id, and nobody else's to decide about: a promise or a withdrawal comes before, or waits."""
    return {contact.id: contact for contact in await locked_contacts(session, Contact.id.in_(ids))}


async def count_ended(session: AsyncSession, gate: Gate, attempts: Sequence[Attempt]) -> None:
    """Count attempts that have just ended, as the laws that hold for their campaigns read them."""
    terms = await terms_of(session, gate, {attempt.campaign for attempt in attempts})
    await count(session, [ended_of(each, terms[each.campaign].reading) for each in attempts])


def _answered_seconds(attempt: AnyAttempt) -> float:
    if attempt.answered is None or attempt.over is None:
        return 0.0
    return (attempt.over - attempt.answered).total_seconds()


def close_attempt(attempt: AnyAttempt, result: AttemptResult, gate: Gate) -> None:
    """Write a result and what it cost into its attempt."""
    attempt.state = AttemptState.DONE
    attempt.outcome = attempt.outcome or result.outcome  # a disposition may have come first
    attempt.goal = attempt.goal or result.goal
    attempt.over = result.over
    attempt.cause = result.cause
    attempt.sip_cause = result.sip_cause
    attempt.answered = attempt.answered or result.answered  # of an adopted call only its end is seen
    for name in ("ringing", "detected", "amd", "amd_cause", "joined", "released", "agent"):
        setattr(attempt, name, getattr(result, name) or getattr(attempt, name))
    attempt.recording = result.recording or attempt.recording
    attempt.cost = gate.cost(attempt.number, _answered_seconds(attempt))


def count_try(contact: AnyContact, result: AttemptResult) -> None:
    """Count for a contact how its try ended, over however many trunks it went: rules count tries."""
    contact.tally = {**contact.tally, result.outcome: contact.tally.get(result.outcome, 0) + 1}
    if result.outcome != REFUSED_BY_NETWORK:
        contact.attempts += 1


async def decide(
    session: AsyncSession, gate: Gate, ended: Sequence[tuple[C, AttemptResult]], now: datetime
) -> None:
    """Decide about contacts whose attempt is over: another try later, or done."""
    names = {contact.campaign for contact, _ in ended}
    await _decide(session, ended, await terms_of(session, gate, names), now)


async def _decide(
    session: AsyncSession,
    ended: Sequence[tuple[C, AttemptResult]],
    terms: Mapping[str, Terms],
    now: datetime,
) -> None:
    closings: list[Closing] = []
    waiting: dict[C, datetime] = {}
    for contact, result in ended:
        if contact.promised is not None and contact.promised > now:
            waiting[contact] = contact.promised
            continue
        again = terms[contact.campaign].rules.again(
            result.outcome, goal=result.goal, tally=contact.tally, now=now, expires=contact.expires
        )
        if again is None or not turn_number(contact, again):
            closings.append(Closing(contact, result.outcome, result.goal))
        else:
            waiting[contact] = again.at
    await put_back(session, waiting, now)
    await close(session, closings, now)


async def settle_unsaid(session: AsyncSession, now: datetime) -> list[str]:
    """Close contacts whose agent never said what came of their last talk; gives their ids."""
    another = aliased(Attempt)
    after = or_(another.state != AttemptState.DONE, another.committed > Attempt.committed)
    later = exists().where(another.contact_id == Contact.id, after)
    query = (
        select(Contact)
        .join(Attempt, Attempt.contact_id == Contact.id)
        .where(
            Attempt.outcome == literal_column(f"'{TALKED}'"),  # said so, the index of such attempts is used
            Attempt.over > now - LOOK_BACK,
            Attempt.over < now - UNSAID,
            Contact.state == ContactState.CALLING,
            ~later,
        )
        .limit(_SWEPT)
        .with_for_update(of=Contact, skip_locked=True)
    )
    unsaid = {contact.id: contact for contact in await session.scalars(query)}
    return await close(session, [Closing(contact, TALKED) for contact in unsaid.values()], now)
