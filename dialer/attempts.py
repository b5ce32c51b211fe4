"""Attempts: committed before the switch is asked, finished once, never placed again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.campaigns import callable_now, shown_number
from dialer.candidates import candidate_of
from dialer.cards import AnyContact, keep_called
from dialer.contacts import Closing, close, put_back, take_up
from dialer.endings import close_attempt, count_ended, count_try, decide
from dialer.facts import Consents, gather, no_consents, one_at_a_time
from dialer.gate import Candidate, Gate, Reason
from dialer.models import Attempt, AttemptState, Campaign, Contact, ContactState, Refusal
from dialer.numbers import ABOUT_NUMBER, skip_number
from dialer.placement import AttemptResult, Placement, Wanted, attempt_row, placement_of
from values import AttemptId


class _Asked(NamedTuple):
    """A call that the gate is asked about."""

    contact: AnyContact
    campaign: Campaign
    trunk: str
    agent: str = ""
    moved_from: str = ""


# the tables and not the models: rows as they are, without a unit of work
_NEW_ATTEMPTS: Final = insert(cast("Table", Attempt.__table__))
_REFUSED: Final = insert(cast("Table", Refusal.__table__))


async def commit_attempts(
    session: AsyncSession,
    gate: Gate,
    wanted: Sequence[Wanted],
    *,
    node: str,
    now: datetime,
    consents: Consents = no_consents,
    certain: Collection[str] = (),
) -> list[Placement]:
    """Ask the gate about leased contacts and commit an attempt for each it allows.

    `certain` names campaigns of which no more are called now than agents are free.

    Only when the caller's transaction has been committed may the switch be asked. Left out are contacts
    whose lease has passed to another worker, those of campaigns paused or over meanwhile, and those the gate
    refuses: its reason is written down, and the contact waits for the next allowed time, or is done if there
    is none.
    """
    names = {each.lease.campaign for each in wanted}
    campaigns = {each.name: each for each in await callable_now(session, now, names)}
    contacts = await take_up(session, [each.lease for each in wanted])
    held = [each for each in contacts.values() if each.campaign not in campaigns]
    await put_back(session, {each: each.not_before for each in held}, now)
    asked = [
        _Asked(contacts[each.lease.contact_id], campaigns[each.lease.campaign], each.trunk, each.lease.agent)
        for each in wanted
        if each.lease.contact_id in contacts and each.lease.campaign in campaigns
    ]
    return await _admit(session, gate, asked, node=node, now=now, consents=consents, certain=certain)


async def move_attempt(
    session: AsyncSession,
    gate: Gate,
    result: AttemptResult,
    trunk: str,
    *,
    node: str,
    now: datetime,
    consents: Consents = no_consents,
    agent: str = "",
) -> Placement | None:
    """Finish an attempt that its trunk refused before anything rang, and commit another on the next trunk.

    `agent` is who was promised to the customer, and still is. The contact's try goes on: only what its last
    trunk says counts.

    None when the first is over already, its campaign has been paused, the contact withdrawn, or the gate
    refuses now; the contact then has been put back or closed.
    """
    attempt = await session.get(Attempt, result.attempt_id, with_for_update=True)
    if attempt is None or attempt.state is AttemptState.DONE:
        return None
    contact = await session.get_one(Contact, attempt.contact_id, with_for_update=True)
    close_attempt(attempt, result, gate)
    await count_ended(session, gate, [attempt])
    await session.flush()
    campaign = next(iter(await callable_now(session, now, {contact.campaign})), None)
    withdrawn = contact.expires is not None and contact.expires <= now
    if campaign is None or withdrawn:
        count_try(contact, result)
        await decide(session, gate, [(contact, result)], now)
        return None
    asked = [_Asked(contact, campaign, trunk, agent, moved_from=attempt.id)]
    placements = await _admit(session, gate, asked, node=node, now=now, consents=consents)
    if not placements:
        count_try(contact, result)
        return None
    return placements[0]


async def open_attempts(session: AsyncSession, node: str) -> list[Attempt]:
    """A node's attempts that are not over, as far as the database knows."""
    query = select(Attempt).where(Attempt.node == node, Attempt.state != AttemptState.DONE)
    return list(await session.scalars(query.order_by(Attempt.committed)))


async def placements_of(session: AsyncSession, ids: Sequence[str]) -> dict[AttemptId, Placement]:
    """What is known of attempts by id: for calls adopted after a restart."""
    rows = await session.execute(
        select(Attempt, Contact, Campaign)
        .join(Contact, Contact.id == Attempt.contact_id)
        .join(Campaign, Campaign.name == Attempt.campaign)
        .where(Attempt.id.in_(ids))
    )
    return {
        AttemptId(attempt.id): placement_of(_seen(attempt), contact, campaign)
        for attempt, contact, campaign in rows
    }


def _seen(attempt: Attempt) -> Mapping[str, Any]:
    return {name: getattr(attempt, name) for name in ("id", "number", "trunk", "caller_id")}


async def _admit(
    session: AsyncSession,
    gate: Gate,
    asked: Sequence[_Asked],
    *,
    node: str,
    now: datetime,
    consents: Consents,
    certain: Collection[str] = (),
) -> list[Placement]:
    if not asked:
        return []
    await one_at_a_time(session)
    candidates = [_candidate(each.contact, each.campaign, certain) for each in asked]
    verdicts = gate.check(candidates, await gather(session, candidates, consents, now, gate), now)
    placements, rows, refusals, closings = [], [], [], []
    again: dict[Any, datetime] = {}
    called: list[AnyContact] = []
    for each, verdict in zip(asked, verdicts, strict=True):
        contact, campaign = each.contact, each.campaign
        if verdict.allowed:
            contact.state = ContactState.CALLING
            attempt = attempt_row(
                contact,
                campaign,
                node=node,
                committed=now,
                trunk=each.trunk,
                moved_from=each.moved_from,
                cost=gate.price(contact.number),
            )
            rows.append(attempt)
            called.append(contact)
            placements.append(placement_of(attempt, contact, campaign, agent=each.agent))
            continue
        refusals.append(_refusal(contact, verdict.reason, verdict.words, verdict.retry_at, now))
        if verdict.retry_at is not None:
            again[contact] = verdict.retry_at
        elif verdict.reason in ABOUT_NUMBER and skip_number(contact):
            again[contact] = now
        else:
            closings.append(Closing(contact, verdict.reason.value))
    await put_back(session, again, now)
    await close(session, closings, now)
    await session.flush()
    await keep_called(session, called)
    if rows:
        await session.execute(_NEW_ATTEMPTS, rows)
    if refusals:
        await session.execute(_REFUSED, refusals)
    return placements


def _candidate(contact: AnyContact, campaign: Campaign, certain: Collection[str]) -> Candidate:
    return candidate_of(
        campaign,
        contact.number,
        customer_id=contact.customer_id,
        zone=contact.zone,
        caller_id=shown_number(campaign, contact),
        certain=campaign.name in certain,
    )


def _refusal(
    contact: AnyContact, reason: Reason, words: str, until: datetime | None, now: datetime
) -> dict[str, Any]:
    return {"contact_id": contact.id, "reason": reason, "words": words, "until": until, "at": now}
