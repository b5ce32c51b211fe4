"""Doing what the rules decided: contacts taken in, earlier ones withdrawn, all written down."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer import enqueue, withdraw
from proactive.facts import ENDINGS
from proactive.rules.book import Decision, Result
from proactive.rules.facts import Fact
from proactive.rules.models import RuleDecision
from store import insert_missing
from store.lifetime import slices

REPLACED: Final = "replaced"
"""The outcome of a contact that a later fact took back."""
_KEPT: Final = frozenset({Result.CONTACT, Result.CONTROL, Result.WITHDRAWAL})


@dataclass(frozen=True, slots=True)
class Effect:
    """What came of a decision."""

    decision: Decision
    contact_id: str = ""
    withdrawn: int = 0
    """How many earlier contacts it took back."""

    def told(self) -> Mapping[str, object]:
        """As an event's result has it."""
        more: dict[str, object] = {}
        if self.contact_id:
            more["contact_id"] = self.contact_id
        if self.withdrawn:
            more["withdrawn"] = self.withdrawn
        decision = self.decision
        return {"rule": decision.rule, "campaign": decision.campaign, "result": decision.result.value, **more}


async def carry_out(session: AsyncSession, decisions: Sequence[Decision], now: datetime) -> Sequence[Effect]:
    """Enqueue and withdraw. Told again, nothing happens twice; a fact that came late changes nothing."""
    before = await _known(session, {each.key for each in decisions if each.key})
    settled = [_unless_overtaken(each, before) for each in decisions]
    withdrawn: dict[str, int] = {}
    for each in settled:
        earlier = [
            row.id
            for row in before.get(each.key, ())
            if row.id != each.id
            and row.event != each.fact.id
            and row.result is Result.CONTACT
            and (row.at <= each.fact.at or _same_thing(row, _thing(each.fact)))
        ]
        if each.result is not Result.OVERTAKEN and earlier:
            withdrawn[each.id] = len(await withdraw(session, earlier, REPLACED, now))
    kept = [each for each in settled if each.result in _KEPT]
    for part in slices(kept):
        await insert_missing(session, RuleDecision, [_row(each, now) for each in part])
    contacts = [each.contact for each in settled if each.contact is not None]
    ids = dict(zip((each.event_id for each in contacts), await enqueue(session, contacts, now), strict=True))
    return [Effect(each, ids.get(each.id, ""), withdrawn.get(each.id, 0)) for each in settled]


def _unless_overtaken(decision: Decision, before: Mapping[str, Sequence[RuleDecision]]) -> Decision:
    """Facts come out of order: what is said of an earlier day no longer holds once a later one is known.

    An end holds whenever it comes, and over everything that was said of what it ended. Of another order that
    a wider key puts beside it, it ends only what was said before.
    """
    fact = decision.fact
    if fact.type in ENDINGS:
        return decision
    if _something_later(before.get(decision.key, ()), fact.id, fact.at, _thing(fact)):
        return replace(decision, result=Result.OVERTAKEN, contact=None)
    return decision


async def overtaken(session: AsyncSession, ids: Collection[str]) -> frozenset[str]:
    """Of these decisions, by their ids, those that would not be made any more: something later is known."""
    mine: list[RuleDecision] = []
    for part in slices(sorted(ids)):
        mine += await session.scalars(select(RuleDecision).where(RuleDecision.id.in_(part)))
    mine = [row for row in mine if row.key and row.type not in ENDINGS]
    known = await _known(session, {row.key for row in mine})
    return frozenset(row.id for row in mine if _something_later(known[row.key], row.event, row.at, row.about))


def _something_later(known: Iterable[RuleDecision], event: str, at: datetime, thing: str) -> bool:
    """Whether another event was later than this one, or ended what it is about."""
    others = (row for row in known if row.event != event)
    return any(row.at > at or (row.type in ENDINGS and _same_thing(row, thing)) for row in others)


def _same_thing(row: RuleDecision, thing: str) -> bool:
    """Whether a decision is about this order or fault; where it was not written down, it is taken to be."""
    return not thing or row.about in {"", thing}


def _thing(fact: Fact) -> str:
    return fact.thing or fact.key


async def _known(session: AsyncSession, keys: Collection[str]) -> Mapping[str, Sequence[RuleDecision]]:
    """What was decided before, by key."""
    found: dict[str, list[RuleDecision]] = {}
    for part in slices(sorted(keys)):
        rows = await session.scalars(select(RuleDecision).where(RuleDecision.key.in_(part)))
        for row in rows:
            found.setdefault(row.key, []).append(row)
    return found


def _row(decision: Decision, now: datetime) -> dict[str, object]:
    fact = decision.fact
    return {
        "id": decision.id,
        "rule": decision.rule,
        "event": fact.id,
        "type": fact.type,
        "at": fact.at,
        "decided": now,
        "campaign": decision.campaign,
        "customer_id": fact.customer_id,
        "key": decision.key,
        "about": _thing(fact),
        "result": decision.result,
        "share": decision.share,
    }
