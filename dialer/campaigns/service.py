"""Making, tuning and holding campaigns; every change is written down with who, when, before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.campaigns.checks import House, check_name, check_plan
from dialer.campaigns.plan import FIELDS, CampaignPlan, plan_of
from dialer.campaigns.settings import read_settings
from dialer.campaigns.table import campaign, locked
from dialer.changes import HOUSE, Change, Turn, changed_fields, last_change, note_changes
from dialer.gate import Gate
from dialer.models import Campaign, TrunkRow
from dialer.readers import plain
from store import insert_missing, upsert
from values import BadInputError

_HELD = ("paused", "archived")
"""What says whether a campaign calls at all: no setting, and never undone with the settings."""
_CREATED = "created"


class CampaignExistsError(BadInputError):
    """There is a campaign of that name already."""

    error_id = "campaign-exists"


class NothingToUndoError(BadInputError):
    """Nothing of this campaign has been changed."""

    error_id = "nothing-to-undo"


async def set_up(session: AsyncSession, gate: Gate, plan: CampaignPlan) -> None:
    """Write one of the house's own campaigns down, or bring it up to date.

    Whether it is paused or archived stays as it is (a new one is neither), and so does every setting that
    people have changed. Raises `BadInputError` for what makes no sense, before anything is written.
    """
    there = await session.get(Campaign, plan.name, populate_existing=True)
    if there is not None:
        kept = (await changed_fields(session, plan.name)).intersection(FIELDS)
        plan = replace(plan, **{name: getattr(there, name) for name in kept})
    check_plan(plan, House(gate, abroad=True))
    held = {name: bool(there and getattr(there, name)) for name in _HELD}
    await upsert(session, Campaign, [plan.columns() | held], key=["name"])


async def create(
    session: AsyncSession,
    house: House,
    name: str,
    settings: Mapping[str, object],
    *,
    by: str,
    at: datetime,
    paused: bool = False,
) -> Campaign:
    """Make a campaign; settings left out have their defaults, and it shows the house's number only when told.

    Raises `CampaignExistsError`, and `BadInputError` naming the field that is missing or makes no sense.
    """
    check_name(name)
    plan = CampaignPlan(name=name, **_complete(read_settings(settings)))
    check_plan(plan, replace(house, now=at))
    await _check_trunks(session, plan)
    return await _insert(session, plan, by=by, at=at, paused=paused)


async def change(
    session: AsyncSession,
    house: House,
    name: str,
    settings: Mapping[str, object],
    *,
    by: str,
    at: datetime,
    why: str = "",
) -> Sequence[Change]:
    """Change any settings of a campaign, together; what is not named stays. Gives what was changed.

    `why` is kept with it, in the words of whoever changes it. The dial loop goes by it within two seconds.
    Raises `UnknownCampaignError`, and `BadInputError` naming the field that makes no sense; nothing is
    changed then.
    """
    row = await locked(session, name)
    return await _change(session, house, row, read_settings(settings), by=by, at=at, why=why)


async def undo(
    session: AsyncSession, house: House, name: str, *, by: str, at: datetime, why: str = ""
) -> Sequence[Change]:
    """Take back the last change of settings, all that was changed together; gives what was changed.

    It is a change itself: undone again, it is as before. Pausing and archiving are not undone. Raises
    `UnknownCampaignError`, `NothingToUndoError`, and `BadInputError` when what was makes no sense any more.
    """
    row = await locked(session, name)
    last = await last_change(session, name, leaving_out=[*_HELD, _CREATED])
    if not last:
        raise NothingToUndoError(f"nothing of {name!r} has been changed", field="campaign")
    before = read_settings({each.field: each.before for each in last})
    return await _change(session, house, row, before, by=by, at=at, why=why)


async def clone(
    session: AsyncSession, house: House, name: str, new: str, *, by: str, at: datetime
) -> Campaign:
    """A new campaign with the settings of another, without its contacts, lists and history; it is paused.

    Raises `UnknownCampaignError`, `CampaignExistsError`, and `BadInputError` for a name that is none.
    """
    check_name(new)
    found = await campaign(session, name)
    title = new if found.title == found.name else f"{found.title} ({new})"
    plan = replace(plan_of(found), name=new, title=title)
    check_plan(plan, house, changed={"title"})
    return await _insert(session, plan, by=by, at=at, paused=True)


async def pause(
    session: AsyncSession,
    name: str,
    *,
    paused: bool = True,
    by: str = HOUSE,
    at: datetime | None = None,
    why: str = "",
) -> None:
    """Stop a campaign's calling, or let it go on; calls that are up are not touched.

    From this commit on no further attempt of it is committed. It is written down when `at` is told. Raises
    `UnknownCampaignError`.
    """
    await _hold(session, name, "paused", paused, by, at, why)


async def archive(session: AsyncSession, name: str, *, archived: bool = True, by: str, at: datetime) -> None:
    """Put a campaign away: it calls nobody, and its figures stay; or take it out again.

    Raises `UnknownCampaignError`.
    """
    await _hold(session, name, "archived", archived, by, at)


async def _hold(
    session: AsyncSession, name: str, what: str, value: bool, by: str, at: datetime | None, why: str = ""
) -> None:
    row = await locked(session, name)
    before = getattr(row, what)
    if before == value:
        return
    setattr(row, what, value)
    if at is not None:
        await note_changes(session, name, {what: Turn(before, value)}, by=by, at=at, why=why)


async def _insert(
    session: AsyncSession, plan: CampaignPlan, *, by: str, at: datetime, paused: bool
) -> Campaign:
    if await session.get(Campaign, plan.name) is not None:
        raise CampaignExistsError(f"there is a campaign {plan.name!r} already; choose another", field="name")
    await insert_missing(session, Campaign, [plan.columns() | {"paused": paused, "archived": False}])
    await note_changes(session, plan.name, {_CREATED: Turn(None, plan.name)}, by=by, at=at)
    return await campaign(session, plan.name)


async def _change(
    session: AsyncSession,
    house: House,
    row: Campaign,
    read: Mapping[str, Any],
    *,
    by: str,
    at: datetime,
    why: str,
) -> Sequence[Change]:
    plan = plan_of(row)
    turns = {
        name: Turn(before, after)
        for name, value in read.items()
        if (before := plain(getattr(plan, name))) != (after := plain(value))
    }
    wanted = replace(plan, **{name: read[name] for name in turns})
    check_plan(wanted, replace(house, now=at), changed=turns)
    if "trunks" in turns:
        await _check_trunks(session, wanted)
    columns = wanted.columns()
    for name in turns:
        setattr(row, name, columns[name])
    return await note_changes(session, row.name, turns, by=by, at=at, why=why) if turns else []


async def _check_trunks(session: AsyncSession, plan: CampaignPlan) -> None:
    known = set(await session.scalars(select(TrunkRow.name)))
    for name in plan.trunks:
        if known and name not in known:
            raise BadInputError(
                f"there is no trunk {name!r}; there are: {', '.join(sorted(known))}", field="trunks"
            )


def _complete(read: Mapping[str, Any]) -> Mapping[str, Any]:
    """The settings with those that have no default; raises for one that is missing."""
    for each in fields(CampaignPlan):
        needed = each.default is MISSING and each.default_factory is MISSING
        if needed and each.name not in {"name", "caller_id", *read}:
            raise BadInputError("this must be told; there is no default", field=each.name)
    return {"caller_id": "", **read}
