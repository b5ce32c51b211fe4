"""What an agent says of a talk is kept, and does to the contact what the word means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.cards import AnyAttempt, AnyContact, C
from dialer.contacts import NOTES, Closing, close, promise, put_back
from dialer.dispositions import Disposition, Then, named, read_dispositions
from dialer.do_not_call import forbid_calls
from dialer.models import Attempt, AttemptState, Campaign, Contact, ContactState
from dialer.numbers import skip_number, turn_number
from dialer.readers import Setting, moment
from dialer.results import count, ended_of, usual_reading
from dialer.retry import RetryRule, RetryRules, read_rules
from store import Event, OutboxEvent, emit
from values import BadInputError, EventId, PhoneNumber, Scalar, to_json

_TALKED = "talked"  # as in `dialer.endings`, which imports this
AGAIN = RetryRule(after=[60, 240, 1440], most=3)
"""How a disposition is tried again for which the campaign has no rule."""
DISPOSED = "dialer.disposed"
"""The event: an agent has said what a talk came to."""
CALLBACK_AT = Setting("callback_at", moment, "when the customer was promised a call")


class UnknownAttemptError(BadInputError):
    """There is no such call."""

    error_id = "unknown-attempt"


class AlreadyDisposedError(BadInputError):
    """Something else was said of this call before; a contact is decided once."""

    error_id = "already-disposed"


@dataclass(frozen=True, slots=True)
class _Meaning:
    """A campaign's words and rules, as they are now."""

    campaign: Campaign
    dispositions: Sequence[Disposition]
    rules: RetryRules


async def dispose(
    session: AsyncSession,
    attempt_id: str,
    disposition: str,
    *,
    by: str,
    at: datetime,
    callback_at: datetime | None = None,
    agent: str = "",
    notes: str = "",
    fields: Mapping[str, Scalar] | None = None,
) -> Disposition:
    """Keep what an agent says of a talk; gives what it means. Said twice, it is kept once.

    An opt-out holds from this commit on. The contact is decided now, or, while its call is not over yet, as
    soon as that is; one that has been called again since is decided by that call. `agent` is to whom a
    call-back is promised ('' for anybody's); its time may also stand in `fields` as `callback_at`, and said
    again with another time it is made at that one. `notes` and `fields` are kept with the contact's own, for
    the next call and for who hears of its end.

    Raises `UnknownAttemptError`, `AlreadyDisposedError`, and `BadInputError` naming the missing field.
    """
    attempt = await session.get(Attempt, attempt_id, with_for_update=True)
    if attempt is None:
        raise UnknownAttemptError(f"there is no call {attempt_id[:80]!r}", field="attempt")
    meaning = await _meaning(session, attempt.campaign)
    word = named(meaning.dispositions, disposition)
    if attempt.joined is None:
        raise BadInputError("no agent has talked in this call", field="attempt")
    given = dict(fields or {})
    if attempt.disposition:
        _check_same(attempt, word)
        if word.then is Then.CALL_BACK:
            await _promise_anew(session, attempt, _asked(callback_at, given), agent=agent, at=at)
        return word
    promised = _promised(word, callback_at, given, at)
    _check_fields(word, given)
    contact = await session.get_one(Contact, attempt.contact_id, with_for_update=True)
    reading = usual_reading(meaning.campaign)
    before = [ended_of(attempt, reading)] if attempt.state is AttemptState.DONE else []  # counted already
    attempt.disposition, attempt.outcome, attempt.goal = word.name, word.name, word.goal
    attempt.agent = attempt.agent or by
    if before:
        await count(session, [ended_of(attempt, reading)], instead_of=before)
    await emit(session, [_event(attempt, promised, at)])
    kept = given | ({NOTES: notes} if notes else {})
    if kept:
        contact.fields = {**contact.fields, **{name: to_json(value) for name, value in kept.items()}}
    if what := word.suppression(meaning.campaign.purpose):
        number = PhoneNumber(attempt.number)
        await forbid_calls(session, [number], what, source=f"agent {by}, call {attempt.id}", at=at)
    if promised:
        _count(contact, word.name)
        await promise(session, contact.id, promised, now=at, agent=agent)
    elif contact.state is ContactState.CALLING and await _is_last(session, attempt):
        await settle_said(session, [(contact, attempt)], at)
    return word


def _check_same(attempt: Attempt, word: Disposition) -> None:
    if attempt.disposition != word.name:
        raise AlreadyDisposedError(
            f"was said to be {attempt.disposition!r} before; call again to change that", field="disposition"
        )


async def _promise_anew(
    session: AsyncSession, attempt: Attempt, asked: datetime | None, *, agent: str, at: datetime
) -> None:
    """The time was corrected, or who is to call; the same said once more changes nothing."""
    contact = await session.get_one(Contact, attempt.contact_id, with_for_update=True)
    if asked is None or (asked, agent) == (contact.promised, contact.agent):
        return
    told = _event(attempt, asked, at)
    anew = replace(told, id=EventId(f"{told.id}-{asked.astimezone(UTC).isoformat()}-{agent}"))
    said = await _said(session, told, anew)
    if asked <= at and asked in said.values():
        return  # said before, and its time has come since
    await promise(session, contact.id, _to_come(asked, at), now=at, agent=agent)
    if anew.id in said:  # corrected back and forth
        anew = replace(anew, id=EventId(f"{anew.id}-{at.isoformat()}"))
    await emit(session, [anew])


async def _said(session: AsyncSession, *events: Event) -> Mapping[str, datetime]:
    """The times that were told before, by their events."""
    ids = [event.id for event in events]
    found = await session.scalars(select(OutboxEvent).where(OutboxEvent.id.in_(ids)))
    times = {each.id: each.payload.get("callback_at") for each in found if isinstance(each.payload, Mapping)}
    return {event: datetime.fromisoformat(str(time)) for event, time in times.items() if time}


async def _is_last(session: AsyncSession, attempt: Attempt) -> bool:
    """Whether a call is over, and the contact's last: one that was promised another may be in that by now."""
    later = exists().where(Attempt.contact_id == attempt.contact_id, Attempt.committed > attempt.committed)
    return attempt.state is AttemptState.DONE and not await session.scalar(select(later))


def _event(attempt: Attempt, promised: datetime | None, at: datetime) -> Event:
    names = ("campaign", "contact_id", "customer_id", "agent", "disposition", "goal")
    return Event(
        id=EventId(f"disposed-{attempt.id}"),
        kind=DISPOSED,
        at=at,
        key=attempt.id,
        payload={
            "attempt_id": attempt.id,
            **{name: getattr(attempt, name) for name in names},
            "callback_at": promised.isoformat() if promised else None,
        },
    )


async def settle_said(session: AsyncSession, said: Sequence[tuple[C, AnyAttempt]], now: datetime) -> None:
    """Decide contacts whose call is over and of which an agent has said what it came to."""
    meanings = {name: await _meaning(session, name) for name in {each.campaign for each, _ in said}}
    closings: list[Closing] = []
    again: dict[C, datetime] = {}
    for contact, attempt in said:
        at = _next(contact, attempt, meanings[contact.campaign], now)
        if at is None:
            closings.append(Closing(contact, attempt.disposition, attempt.goal))
        else:
            again[contact] = at
    await put_back(session, again, now)
    await close(session, closings, now)


def _next(contact: AnyContact, attempt: AnyAttempt, meaning: _Meaning, now: datetime) -> datetime | None:
    """When they are called again; None when they are not. Turns the contact to its next number if need be."""
    word = next((each for each in meaning.dispositions if each.name == attempt.disposition), None)
    _count(contact, attempt.disposition)
    if word is None:  # the campaign has other words by now
        return None
    if word.then is Then.CALL_BACK:
        return contact.promised
    if word.wrong_number:
        more = contact.attempts < meaning.rules.max_attempts
        return now if more and contact.number == attempt.number and skip_number(contact) else None
    if word.then is Then.FINAL:
        return None
    rule = meaning.rules.outcomes.get(word.name, AGAIN)
    found = RetryRules(max_attempts=meaning.rules.max_attempts, outcomes={word.name: rule}).again(
        word.name, goal=False, tally=contact.tally, now=now, expires=contact.expires
    )
    return found.at if found and turn_number(contact, found) else None


def _count(contact: AnyContact, name: str) -> None:
    """The talk was counted as one before anybody knew what it came to."""
    tally = dict(contact.tally)
    if tally.get(_TALKED):
        tally[_TALKED] -= 1
        tally = {each: times for each, times in tally.items() if times}
        tally[name] = tally.get(name, 0) + 1
    contact.tally = tally


def _promised(
    word: Disposition, callback_at: datetime | None, given: dict[str, Scalar], at: datetime
) -> datetime | None:
    if word.then is not Then.CALL_BACK:
        given.pop(CALLBACK_AT.name, None)
        return None
    promised = _asked(callback_at, given)
    if promised is None:
        raise BadInputError("tell when the customer wants to be called", field=CALLBACK_AT.name)
    return _to_come(promised, at)


def _to_come(promised: datetime, at: datetime) -> datetime:
    if promised <= at:
        raise BadInputError("this time is past; write one to come", field=CALLBACK_AT.name)
    return promised


def _asked(callback_at: datetime | None, given: dict[str, Scalar]) -> datetime | None:
    text = given.pop(CALLBACK_AT.name, None)
    if callback_at is None and text is None:
        return None
    asked: datetime = CALLBACK_AT.read(callback_at if callback_at is not None else text)
    return asked


def _check_fields(word: Disposition, given: Mapping[str, Scalar]) -> None:
    for name in word.fields:
        if given.get(name) in {None, ""}:
            raise BadInputError(f"{word.title!r} wants this to be filled in", field=name)


async def _meaning(session: AsyncSession, campaign: str) -> _Meaning:
    row = (await session.scalars(select(Campaign).where(Campaign.name == campaign))).one()
    return _Meaning(row, read_dispositions(row.dispositions), read_rules(row.retry))
