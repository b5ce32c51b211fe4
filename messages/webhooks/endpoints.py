"""Endpoints: made, changed, removed, given new secrets. Every function takes the caller's session."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from messages.webhooks.addresses import Addresses
from messages.webhooks.kinds import CHOICES, TEST
from messages.webhooks.models import WebhookDelivery, WebhookEndpoint
from messages.webhooks.signing import fresh_secret
from store import Event, emit
from values import BadInputError, CentralinoError, new_id

MOST: Final = 50
"""Endpoints of one installation: each fact is told to every one that wants it."""
OVERLAP: Final = timedelta(hours=24)
"""How long messages are signed with the old secret too, after a new one was made."""
_LONGEST_TITLE: Final = 80


class UnknownEndpointError(CentralinoError):
    """There is no such endpoint."""

    error_id = "unknown-endpoint"


async def endpoints(session: AsyncSession) -> Sequence[WebhookEndpoint]:
    """All of them, the oldest first."""
    query = select(WebhookEndpoint).order_by(WebhookEndpoint.created, WebhookEndpoint.id)
    return (await session.scalars(query)).all()


async def endpoint(session: AsyncSession, endpoint_id: str) -> WebhookEndpoint:
    """One. Raises `UnknownEndpointError`."""
    found = await session.get(WebhookEndpoint, endpoint_id)
    if found is None:
        raise UnknownEndpointError
    return found


async def make_endpoint(
    session: AsyncSession,
    addresses: Addresses,
    *,
    url: str,
    events: Collection[str],
    by: str,
    at: datetime,
    title: str = "",
) -> WebhookEndpoint:
    """A new endpoint, active at once; its `secret` is to be shown now and never again.

    Raises `BadInputError` naming the field.
    """
    if len(await endpoints(session)) >= MOST:
        raise BadInputError(f"there are {MOST} already; remove one that nobody needs", field="url")
    made = WebhookEndpoint(
        id=new_id("wh"),
        title=_title(title),
        url=addresses.check(url),
        events=_events(events),
        secret=fresh_secret(),
        old_secret="",
        old_until=None,
        active=True,
        stopped_why="",
        failures=0,
        failing_since=None,
        created=at,
        created_by=by,
    )
    session.add(made)
    await session.flush()
    return made


async def change_endpoint(
    session: AsyncSession,
    addresses: Addresses,
    endpoint_id: str,
    *,
    url: str | None = None,
    events: Collection[str] | None = None,
    title: str | None = None,
    active: bool | None = None,
) -> WebhookEndpoint:
    """Change what is given. Switched on again, it starts afresh and gets what waited meanwhile.

    Raises `UnknownEndpointError`, `BadInputError` naming the field.
    """
    found = await endpoint(session, endpoint_id)
    if url is not None:
        found.url = addresses.check(url)
    if events is not None:
        found.events = _events(events)
    if title is not None:
        found.title = _title(title)
    if active is not None:
        if active and not found.active:
            found.failures, found.failing_since = 0, None
        found.active, found.stopped_why = active, ""
    await session.flush()
    return found


async def new_secret(session: AsyncSession, endpoint_id: str, at: datetime) -> WebhookEndpoint:
    """Another secret; for a day messages carry a signature by the old one too."""
    found = await endpoint(session, endpoint_id)
    found.old_secret, found.old_until, found.secret = found.secret, at + OVERLAP, fresh_secret()
    await session.flush()
    return found


async def remove_endpoint(session: AsyncSession, endpoint_id: str) -> None:
    """Remove one with all that is on its way to it. Raises `UnknownEndpointError`."""
    found = await endpoint(session, endpoint_id)
    await session.execute(delete(WebhookDelivery).where(WebhookDelivery.endpoint == endpoint_id))
    await session.delete(found)
    await session.flush()


async def try_out(session: AsyncSession, endpoint_id: str, at: datetime) -> str:
    """Tell an endpoint something of no meaning; gives the event's id. Raises `UnknownEndpointError`."""
    found = await endpoint(session, endpoint_id)
    event = Event(kind=TEST, at=at, key=found.id, payload={"endpoint": found.id})
    await emit(session, [event])
    return event.id


def keys_of(found: WebhookEndpoint, now: datetime) -> list[str]:
    """The secrets that are in force."""
    old = found.old_secret if found.old_until is not None and now < found.old_until else ""
    return [found.secret, *([old] if old else [])]


def _events(given: Collection[str]) -> list[str]:
    known = {kind.name for kind in CHOICES}
    if isinstance(given, str) or not given:
        raise BadInputError(f"name some of: {', '.join(sorted(known))}", field="events")
    if strange := sorted({str(each) for each in given} - known):
        raise BadInputError(
            f"there is no event {strange[0][:60]!r}; there are: {', '.join(sorted(known))}", field="events"
        )
    return sorted(set(given))


def _title(title: str) -> str:
    said = title.strip()
    if len(said) > _LONGEST_TITLE or not said.isprintable():
        raise BadInputError(f"at most {_LONGEST_TITLE} letters, on one line", field="title")
    return said
