"""Lists of contacts: made, held, released, removed, counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.campaigns import campaign as campaign_by_name
from dialer.contacts import Closing, close
from dialer.models import Contact, ContactList, ContactState, Lane, ListImport
from values import BadInputError

REMOVED = "list_removed"
"""The outcome of a contact whose list was removed before it was done."""
_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")
_LONGEST_NAME = 64


class UnknownListError(BadInputError):
    """There is no such list."""

    error_id = "unknown-list"


@dataclass(frozen=True, slots=True)
class ListFigures:
    """A list, and how its contacts stand."""

    name: str
    campaign: str
    title: str
    active: bool
    created: datetime
    ready: int
    calling: int
    done: int


async def create_list(
    session: AsyncSession, name: str, campaign: str, now: datetime, *, title: str = ""
) -> ContactList:
    """Make a list, or find the one there is.

    Raises `BadInputError` for another campaign's list and a name that is none, and `UnknownCampaignError`.
    """
    if not name or len(name) > _LONGEST_NAME or not set(name) <= _NAME:
        raise BadInputError(f"{name!r}: a list's name is of small letters, digits, - _ .", field="list")
    found = await session.get(ContactList, name)
    if found is None:
        await campaign_by_name(session, campaign)
        found = ContactList(name=name, campaign=campaign, title=title or name, active=True, created=now)
        session.add(found)
        await session.flush()
    elif found.campaign != campaign:
        raise BadInputError(f"the list {name!r} belongs to the campaign {found.campaign!r}", field="list")
    return found


async def activate_list(session: AsyncSession, name: str, *, active: bool) -> None:
    """Call a list's contacts, or leave them alone from now on. Raises `UnknownListError`."""
    changed = update(ContactList).where(ContactList.name == name).values(active=active)
    if not (await session.execute(changed.returning(ContactList.name))).all():
        raise UnknownListError(f"there is no list {name!r}", field="list")


async def contact_lists(session: AsyncSession, *, campaign: str = "", name: str = "") -> list[ListFigures]:
    """Lists, all or a campaign's or one, with how their contacts stand."""
    query = select(ContactList).order_by(ContactList.campaign, ContactList.name)
    if campaign:
        query = query.where(ContactList.campaign == campaign)
    if name:
        query = query.where(ContactList.name == name)
    lists = (await session.scalars(query)).all()
    counted = await session.execute(
        select(Contact.list, Contact.state, func.count().label("people"))
        .where(
            Contact.campaign.in_({each.campaign for each in lists}),
            Contact.list.in_([each.name for each in lists]),
        )
        .group_by(Contact.list, Contact.state)
    )
    people = {(row.list, row.state): row.people for row in counted}
    return [
        ListFigures(
            each.name,
            each.campaign,
            each.title,
            each.active,
            each.created,
            *(people.get((each.name, state), 0) for state in ContactState),
        )
        for each in lists
    ]


async def list_imports(session: AsyncSession, name: str) -> Sequence[ListImport]:
    """What was taken into a list, the latest first."""
    query = select(ListImport).where(ListImport.list == name).order_by(ListImport.started.desc())
    return (await session.scalars(query)).all()


async def remove_list(session: AsyncSession, name: str, now: datetime, *, most: int = 500) -> int:
    """Take a list's contacts out of the calling, at most so many at once; how many there were.

    Call it, each time in a transaction of its own, until it gives 0: then the list is gone. Whoever was
    called stays on record, and whoever is being called now is decided by that call.
    Raises `UnknownListError`.
    """
    found = await session.get(ContactList, name)
    if found is None:
        raise UnknownListError(f"there is no list {name!r}", field="list")
    found.active = False
    named = select(Contact).where(Contact.campaign == found.campaign, Contact.list == name)
    named = named.order_by(Contact.id).with_for_update()
    ready = await session.scalars(named.where(Contact.state == ContactState.READY).limit(most))
    gone = await close(session, [Closing(each, REMOVED) for each in ready], now)
    if not gone:
        # one that comes back from its call at this moment was not ready before, nor is it being called now
        left = (await session.scalars(named.where(Contact.state != ContactState.DONE))).all()
        back = [Closing(each, REMOVED) for each in left if each.state is ContactState.READY]
        gone = await close(session, back, now)
        for each in left:
            if each.state is ContactState.CALLING:
                each.expires = now
    if not gone:
        await session.execute(delete(Lane).where(Lane.campaign == found.campaign, Lane.list == name))
        await session.delete(found)
    return len(gone)
