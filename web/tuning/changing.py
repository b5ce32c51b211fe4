"""Campaigns changed from their pages: settings with a reason, undone, held, ended, cloned, put away."""

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from dialer import campaign as campaign_by_name
from dialer import pause as hold
from dialer.campaigns import House, archive, change, clone, create, told, undo
from dialer.changes import Change
from users import Right
from values import BadInputError
from web.access import allowed, audit, who
from web.bodies import body_of
from web.keys import PARTS
from web.lawful import may_clone, may_make, may_tune
from web.queries import json_answer

LONGEST_WHY: Final = 200


@allowed(Right.CAMPAIGNS)
async def made(request: web.Request) -> web.Response:
    """A new campaign; it is paused until somebody starts it."""
    body, parts = await body_of(request), request.app[PARTS]
    name = body.pop("name", "")
    if not isinstance(name, str):
        raise BadInputError("write a text", field="name")
    may_make(request, body)
    wanted = ({"caller_id": parts.shown} if parts.shown else {}) | body
    async with parts.db.write() as session:
        row = await create(
            session, house(request), name, wanted, by=who(request).name, at=parts.clock.now(), paused=True
        )
        await audit(request, session, "campaign.created", subject=name)
        answer = json_answer(told(row))
    answer.set_status(201)
    return answer


@allowed(Right.CAMPAIGNS)
async def tuned(request: web.Request) -> web.Response:
    """Change the settings that are named; `why` is kept with them."""
    body, parts, name = await body_of(request), request.app[PARTS], _name(request)
    why = _why(body)
    async with parts.db.write() as session:
        may_tune(request, await campaign_by_name(session, name), body)
        changes = await change(
            session, house(request), name, body, by=who(request).name, at=parts.clock.now(), why=why
        )
        await audit(request, session, "campaign.tuned", subject=name, detail=_detail(changes, why))
        return json_answer({"changes": changes_told(changes)})


@allowed(Right.CAMPAIGNS)
async def undone(request: web.Request) -> web.Response:
    """Take back the last change of settings."""
    body, parts, name = await body_of(request, ("why",)), request.app[PARTS], _name(request)
    why = _why(body)
    async with parts.db.write() as session:
        changes = await undo(
            session, house(request), name, by=who(request).name, at=parts.clock.now(), why=why
        )
        may_tune(request, await campaign_by_name(session, name), [each.field for each in changes])
        await audit(request, session, "campaign.undone", subject=name, detail=_detail(changes, why))
        return json_answer({"changes": changes_told(changes)})


@allowed(Right.CAMPAIGNS)
async def started(request: web.Request) -> web.Response:
    """Let it call; one that was ended begins again."""
    parts, name = request.app[PARTS], _name(request)
    body = await body_of(request, ("why",))
    by, at, why = who(request).name, parts.clock.now(), _why(body)
    async with parts.db.write() as session:
        row = await campaign_by_name(session, name)
        if row.ends is not None and row.ends <= at:
            await change(session, house(request), name, {"ends": None}, by=by, at=at, why=why)
        await hold(session, name, paused=False, by=by, at=at, why=why)
        await audit(request, session, "campaign.started", subject=name)
        return json_answer(told(await campaign_by_name(session, name)))


@allowed(Right.CAMPAIGNS)
async def paused(request: web.Request) -> web.Response:
    """Call nobody more, at once; calls that are up go on."""
    parts, name = request.app[PARTS], _name(request)
    why = _why(await body_of(request, ("why",)))
    async with parts.db.write() as session:
        await hold(session, name, paused=True, by=who(request).name, at=parts.clock.now(), why=why)
        await audit(request, session, "campaign.paused", subject=name)
        return json_answer(told(await campaign_by_name(session, name)))


@allowed(Right.CAMPAIGNS)
async def stopped(request: web.Request) -> web.Response:
    """End it now; what is left of its lists is not called any more."""
    parts, name = request.app[PARTS], _name(request)
    by, at, why = who(request).name, parts.clock.now(), _why(await body_of(request, ("why",)))
    async with parts.db.write() as session:
        row = await campaign_by_name(session, name)
        ended: dict[str, Any] = {"ends": at.isoformat()}
        if row.starts is not None and row.starts >= at:
            ended["starts"] = None
        await change(session, house(request), name, ended, by=by, at=at, why=why)
        await audit(request, session, "campaign.stopped", subject=name)
        return json_answer(told(await campaign_by_name(session, name)))


@allowed(Right.CAMPAIGNS)
async def cloned(request: web.Request) -> web.Response:
    """A new campaign with these settings, without contacts; it is paused."""
    body, parts, name = await body_of(request, ("name",)), request.app[PARTS], _name(request)
    new = str(body.get("name", ""))
    async with parts.db.write() as session:
        row = await clone(session, house(request), name, new, by=who(request).name, at=parts.clock.now())
        may_clone(request, told(row))
        await audit(request, session, "campaign.cloned", subject=name, detail={"new": new})
        answer = json_answer(told(row))
    answer.set_status(201)
    return answer


@allowed(Right.CAMPAIGNS)
async def archived(request: web.Request) -> web.Response:
    """Put it away, or take it out again: `archived`."""
    body, parts, name = await body_of(request, ("archived",)), request.app[PARTS], _name(request)
    away = body.get("archived", True)
    if not isinstance(away, bool):
        raise BadInputError("write true or false", field="archived")
    async with parts.db.write() as session:
        await archive(session, name, archived=away, by=who(request).name, at=parts.clock.now())
        did = "campaign.archived" if away else "campaign.unarchived"
        await audit(request, session, did, subject=name)
        return json_answer(told(await campaign_by_name(session, name)))


def house(request: web.Request) -> House:
    """What settings are checked against."""
    parts = request.app[PARTS]
    return House(parts.gate, parts.library.names)


def changes_told(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Changes as JSON has them."""
    return [
        {
            "seq": each.seq,
            "at": each.at,
            "by": each.by,
            "field": each.field,
            "before": each.before,
            "after": each.after,
            "why": each.why,
        }
        for each in changes
    ]


def _detail(changes: Sequence[Change], why: str) -> dict[str, Any]:
    turns = {each.field: {"before": each.before, "after": each.after} for each in changes}
    return {**turns, **({"why": why} if why else {})}


def _why(body: dict[str, Any]) -> str:
    why = body.pop("why", "")
    if not isinstance(why, str) or len(why) > LONGEST_WHY or not why.replace("\n", " ").isprintable():
        raise BadInputError(f"write a text of up to {LONGEST_WHY} letters", field="why")
    return why.strip()


def _name(request: web.Request) -> str:
    return request.match_info["name"]
