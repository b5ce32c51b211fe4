"""What an agent says that a talk came to, read and checked, and what is kept of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from agents.drafts import drop_draft
from agents.outcomes import Said, say_outcome
from customers import Channel, ContactDirection, ContactNote, Customers
from dialer import Suppression, forbid_calls
from dialer.dispositions import Disposition, Then, named
from values import BadInputError, CustomerId, PhoneNumber
from web.desk.call import AtHand
from web.desk.callbacks import FIELD as CALLBACK_AT

NOTES_MOST: Final = 4000
FIELD_MOST: Final = 500
FIELDS: Final = frozenset({"call", "disposition", "notes", "fields", "callback", "opt_out", "ready"})
_CALLBACK: Final = frozenset({"at", "mine"})
_MAY_OPT_OUT: Final = tuple(each for each in Suppression if each.value not in {"register", "not_theirs"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What the page sent, read."""

    disposition: str
    notes: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    callback_at: str = ""
    """On the customer's clock."""
    mine: bool = False
    """Whether the agent themselves promised to call."""
    opt_out: tuple[Suppression, ...] = ()
    """Of which calls they want no more, besides what the disposition says."""
    ready: bool = False
    """Whether the wrap-up is over with it."""


def read_word(body: Mapping[str, Any]) -> Word:
    """The body of the page's request. Raises `BadInputError` naming the field."""
    disposition, notes = body.get("disposition"), body.get("notes", "")
    if not isinstance(disposition, str) or not disposition:
        raise BadInputError("choose how the talk ended", field="disposition")
    given = body.get("fields") or {}
    if not isinstance(given, Mapping) or not all(isinstance(each, str) for each in given.values()):
        raise BadInputError("write names with texts", field="fields")
    callback = body.get("callback") or {}
    if not isinstance(callback, Mapping) or set(callback) - _CALLBACK:
        raise BadInputError("write at and mine", field="callback")
    return Word(
        disposition=disposition,
        notes=check_notes(notes),
        fields={str(name): _bounded(str(name), value) for name, value in given.items()},
        callback_at=str(callback.get("at") or ""),
        mine=callback.get("mine") is True,
        opt_out=tuple(_purpose(each) for each in body.get("opt_out") or ()),
        ready=body.get("ready") is True,
    )


def check_notes(notes: object) -> str:
    """Notes of a bearable length. Raises `BadInputError` saying how much too long they are."""
    if not isinstance(notes, str):
        raise BadInputError("write a text", field="notes")
    if len(notes) > NOTES_MOST:
        raise BadInputError(
            f"{len(notes) - NOTES_MOST} characters too long: {NOTES_MOST} fit. Shorten them and save again",
            field="notes",
        )
    return notes.strip()


def check_word(hand: AtHand, word: Word) -> Disposition:
    """Whether it can be said of this talk. Raises `BadInputError` naming the missing field."""
    found = named(hand.dispositions, word.disposition)
    for name in found.fields:
        if not word.fields.get(name, "").strip():
            raise BadInputError(f"{found.title!r} wants this to be filled in", field=name)
    if found.then is Then.CALL_BACK and not word.callback_at:
        raise BadInputError("tell when the customer wants to be called", field=CALLBACK_AT)
    return found


def told_core(hand: AtHand, word: Word, at: datetime | None, agent: str) -> dict[str, Any]:
    """The fields of the core's `agents.dispose`, for a call that the dialler placed."""
    fields: dict[str, Any] = dict(word.fields)
    if word.notes:
        fields["notes"] = word.notes
    if at is not None:
        fields[CALLBACK_AT] = at.isoformat()
        if word.mine:
            fields["callback_agent"] = agent
    return {
        "agent": agent,
        "attempt": hand.call,
        "disposition": word.disposition,
        "fields": fields,
        "ready": word.ready,
    }


async def keep_caller(session: AsyncSession, hand: AtHand, word: Word, agent: str, now: datetime) -> None:
    """Keep what is said of a talk with somebody who rang us. Raises `AlreadySaidError`."""
    said = Said(
        call_id=hand.call,
        agent=agent,
        at=now,
        disposition=word.disposition,
        queue=hand.queue,
        customer_id=hand.customer,
        notes=word.notes,
        fields=word.fields,
    )
    await say_outcome(session, said)


async def keep_rest(
    session: AsyncSession, customers: Customers, hand: AtHand, word: Word, agent: str, now: datetime
) -> None:
    """Opt-outs, the customer's own history; and what was typed is a draft no more."""
    if word.opt_out and not hand.number:
        raise BadInputError("their number is not known, so it cannot be entered", field="opt_out")
    for what in word.opt_out:
        source = f"agent {agent}, call {hand.call}"
        await forbid_calls(session, [PhoneNumber(hand.number)], what, source=source, at=now)
    if hand.customer:
        note = contact_note(hand, now, outcome=word.disposition)
        await customers.note_contacts(session, [note])
    await drop_draft(session, agent, hand.call)


def contact_note(hand: AtHand, now: datetime, *, outcome: str = "") -> ContactNote:
    """The talk in the customer's history; noted again it takes the new words."""
    return ContactNote(
        id=f"h-{hand.call}-talk"[:64],
        customer_id=CustomerId(hand.customer),
        at=now,
        channel=Channel.VOICE,
        direction=ContactDirection.INBOUND if hand.inbound else ContactDirection.OUTBOUND,
        reason=(hand.reason or hand.queue or hand.campaign or "talk")[:80],
        outcome=outcome,
        call_id=hand.call,
    )


def _bounded(name: str, value: str) -> str:
    if len(value) > FIELD_MOST:
        raise BadInputError(f"at most {FIELD_MOST} characters", field=name[:40])
    return value.strip()


def _purpose(value: object) -> Suppression:
    for each in _MAY_OPT_OUT:
        if each.value == value:
            return each
    raise BadInputError(f"write some of: {', '.join(_MAY_OPT_OUT)}", field="opt_out")
