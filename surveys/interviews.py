"""An interview's life: invited, begun, answered, and ended in one of the ways that AAPOR tells apart.

Everything takes batches in the caller's session. Done twice for the same call, it is done once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store import insert_missing
from store.inserts import upsert
from store.lifetime import slices
from surveys.items import COMMENT, on_scale, week_of
from surveys.models import Answer, Interview, InterviewState, Mode, Survey
from surveys.quotas import Cells
from surveys.telling import tell
from values import BadInputError, Scalar, new_id

OPEN = frozenset({InterviewState.STARTED, InterviewState.PARTIAL})
"""States from which a call may go on: one that was cut may be taken up again."""
_LONGEST_TEXT = 500
_LONGEST_NUMBER = 9
"""Digits; longer ones are words to us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Somebody who is to be asked."""

    survey: str
    customer_id: str
    id: str = ""
    """Given where the same invitation may come twice; made up when ''."""
    mode: Mode = Mode.IVR
    contact_id: str = ""
    call_id: str = ""
    about: str = ""
    agent: str = ""
    team: str = ""
    site: str = ""
    partner: str = ""
    area: str = ""
    """'' takes the survey's."""
    region: str = ""
    stratum: str = ""
    """The cell in which it was drawn, and for which it counts."""
    weight: float = 1.0
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Somebody has agreed to be asked."""

    interview: str
    call_id: str = ""
    version: str = ""
    language: str = ""
    mode: Mode = Mode.IVR


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody answered: numbers by item, or words; None where they gave none."""

    interview: str
    answers: Mapping[str, Scalar] = field(default_factory=dict)
    at_item: str = ""
    """Where a broken-off one ended."""


async def invite(session: AsyncSession, invitations: Sequence[Invitation], now: datetime) -> list[str]:
    """Write down who is to be asked; an id that is there stays as it is. Gives all ids, in order."""
    areas = await _areas(session, {each.survey for each in invitations})
    rows = [
        {
            "id": each.id or new_id("i"),
            "survey": each.survey,
            "version": "",
            "mode": each.mode,
            "state": InterviewState.INVITED,
            "customer_id": each.customer_id,
            "contact_id": each.contact_id,
            "call_id": each.call_id,
            "about": each.about,
            "agent": each.agent,
            "team": each.team,
            "site": each.site,
            "partner": each.partner,
            "area": each.area or areas[each.survey],
            "region": each.region,
            "stratum": each.stratum,
            "weight": each.weight,
            "language": each.language,
            "week": week_of(now),
            "invited": now,
            "started": None,
            "finished": None,
            "last_item": "",
        }
        for each in invitations
    ]
    for part in slices(rows):
        await insert_missing(session, Interview, part)
    return [str(row["id"]) for row in rows]


async def begin(session: AsyncSession, begun: Sequence[Beginning], now: datetime) -> frozenset[str]:
    """Start the interviews of those who have agreed. Gives those that may be asked.

    Not asked is who has been through already, and whose cell is full by now: that ends as `INELIGIBLE`, begun
    and over at once.
    """
    rows = await locked(session, [each.interview for each in begun])
    fresh = [row for row in rows.values() if row.state is InterviewState.INVITED]
    for new in fresh:
        new.week = week_of(now)
    full = await Cells(session).full(fresh)
    asked: set[str] = set()
    for each in begun:
        row = rows.get(each.interview)
        if row is None:
            continue
        if row in fresh and row.id in full:
            row.state, row.started, row.finished = InterviewState.INELIGIBLE, now, now
        elif row.state is InterviewState.INVITED or (row.state in OPEN and _goes_on(row, each)):
            row.state, row.mode = InterviewState.STARTED, each.mode
            row.call_id, row.version = each.call_id or row.call_id, each.version or row.version
            row.language = each.language or row.language
            row.started, row.finished = row.started or now, None
            asked.add(row.id)
    return frozenset(asked)


def _goes_on(row: Interview, begun: Beginning) -> bool:
    """In the same call; in another one where the dialler or an agent rings them again.

    Who hung up is not rung again: it was a call that a fallen core cut, or they asked for another one.
    """
    if row.call_id == begun.call_id or row.contact_id:
        return True
    return begun.mode is row.mode is Mode.CATI


async def answer(session: AsyncSession, given: Sequence[Given], now: datetime) -> None:
    """Keep answers; a question answered again has its latest one.

    Raises `OffScaleError` for a number its item does not have.
    """
    rows = [
        {"interview": each.interview, "item": item, "at": now, **_read(item, said)}
        for each in given
        for item, said in each.answers.items()
        if said is not None or item != COMMENT
    ]
    for part in slices(rows):
        await upsert(session, Answer, part, key=("interview", "item"))


async def finish(
    session: AsyncSession, given: Sequence[Given], now: datetime
) -> Mapping[str, InterviewState]:
    """End interviews whose last question is through, with what is still to be kept. Gives their states.

    Each is counted once, in its cell, in this transaction. One that comes too late for its cell is
    `INELIGIBLE`: its answers stay, and count nowhere. One in which no question at all was answered is
    `PARTIAL`: somebody has left the telephone on the table. Tells of each by `FINISHED`, and of those who
    are not content by `DETRACTOR`.
    """
    rows = await locked(session, [each.interview for each in given])
    await answer(session, [each for each in given if each.interview in rows], now)
    ended = [row for row in rows.values() if row.state in OPEN]
    asked = {row.id for row in ended if row.state is InterviewState.STARTED}
    silent = {row.id for row in ended} - await _answered(session, [row.id for row in ended])
    counted = await Cells(session).count([row for row in ended if row.id not in silent], now)
    for row in ended:
        row.state = InterviewState.COMPLETE if row.id in counted else InterviewState.INELIGIBLE
        if row.id in silent:
            row.state = InterviewState.PARTIAL
        row.finished, row.last_item = now, ""
    await tell(session, [row for row in ended if row.id not in silent or row.id in asked], now)
    return {row.id: row.state for row in rows.values()}


async def break_off(
    session: AsyncSession, given: Sequence[Given], now: datetime
) -> Mapping[str, InterviewState]:
    """End interviews before their last question: after consent as `PARTIAL`, before it as `REFUSED`.

    Answers that are None were never given. One that is over stays as it is, and takes a comment that the
    hang-up ended.
    """
    rows = await locked(session, [each.interview for each in given])
    late = [each for each in given if each.answers.get(COMMENT) and _complete(rows.get(each.interview))]
    await answer(session, [replace(each, answers={COMMENT: each.answers[COMMENT]}) for each in late], now)
    there = [each for each in given if each.interview in rows and rows[each.interview].state in OPEN]
    await answer(session, [_said(each) for each in there], now)
    ended: list[Interview] = []
    for each in given:
        row = rows.get(each.interview)
        if row is None or row.state not in OPEN | {InterviewState.INVITED}:
            continue
        if row.state is InterviewState.PARTIAL:  # it has ended so before, and that was told
            row.last_item = each.at_item or row.last_item
            continue
        agreed = row.state is InterviewState.STARTED
        row.state = InterviewState.PARTIAL if agreed else InterviewState.REFUSED
        row.finished, row.last_item = now, each.at_item or row.last_item
        ended += [row] if agreed else []
    await tell(session, ended, now)
    return {row.id: row.state for row in rows.values()}


async def settle(
    session: AsyncSession, states: Mapping[str, InterviewState], now: datetime
) -> Mapping[str, InterviewState]:
    """End interviews that nobody began: not reached, set aside, unknown. Those begun stay as they are."""
    rows = await locked(session, list(states))
    for row in rows.values():
        if row.state is InterviewState.INVITED:
            row.state, row.finished = states[row.id], now
    return {row.id: row.state for row in rows.values()}


async def locked(session: AsyncSession, ids: Iterable[str]) -> dict[str, Interview]:
    """These interviews, held until the transaction ends; those that do not exist are left out."""
    found: dict[str, Interview] = {}
    for part in slices(sorted(set(ids))):
        query = select(Interview).where(Interview.id.in_(part)).order_by(Interview.id).with_for_update()
        rows = await session.scalars(query.execution_options(populate_existing=True))
        found |= {row.id: row for row in rows}
    return found


async def _answered(session: AsyncSession, ids: Sequence[str]) -> set[str]:
    """Which of these interviews have an answer that is one."""
    found: set[str] = set()
    for part in slices(ids):
        query = select(Answer.interview).where(
            Answer.interview.in_(part), or_(Answer.value.is_not(None), Answer.text != "")
        )
        found |= set(await session.scalars(query))
    return found


async def _areas(session: AsyncSession, names: set[str]) -> dict[str, str]:
    found = await session.execute(select(Survey.name, Survey.area).where(Survey.name.in_(names)))
    areas = {row.name: row.area for row in found}
    for name in sorted(names - set(areas)):
        raise BadInputError(
            f"there is no survey {name!r}; `centralino survey list` names them", field="survey"
        )
    return areas


def _read(item: str, said: Scalar) -> dict[str, int | str | None]:
    """A number as such, also one that was keyed; all else as words."""
    if isinstance(said, bool):
        return {"value": int(said), "text": ""}
    if isinstance(said, int):
        return {"value": on_scale(item, said), "text": ""}
    if isinstance(said, str) and said.isascii() and said.isdecimal() and len(said) <= _LONGEST_NUMBER:
        return {"value": on_scale(item, int(said)), "text": ""}
    return {"value": None, "text": "" if said is None else str(said)[:_LONGEST_TEXT]}


def _said(given: Given) -> Given:
    return replace(given, answers={item: said for item, said in given.answers.items() if said is not None})


def _complete(row: Interview | None) -> bool:
    return row is not None and row.state is InterviewState.COMPLETE
