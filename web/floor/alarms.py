"""Alarms acknowledged and their thresholds set: pages and what their scripts ask. The API has the same."""

from typing import Any

from aiohttp import web

from dialer.alarms import (
    FIGURES,
    acknowledge,
    alarm_rules,
    alarm_told,
    drop_rule,
    latest_alarms,
    put_rule,
    rule_told,
)
from users import Right
from web.access import allowed, audit, who
from web.bodies import body_of
from web.floor.embedding import embedded
from web.keys import PARTS
from web.pages import page
from web.queries import check_names, json_answer, limit_of


@allowed(Right.CAMPAIGNS, Right.STEER)
async def thresholds(request: web.Request) -> web.Response:
    """What is watched, and the alarms of late."""
    async with request.app[PARTS].db.read() as session:
        rules = [rule_told(each) for each in await alarm_rules(session)]
        alarms = await latest_alarms(session)
    return page(
        request,
        "floor/alarms.html",
        rules=[each | {"unit": _unit(each["figure"])} for each in rules],
        figures=FIGURES.values(),
        units={name: each.unit for name, each in FIGURES.items()},
        alarms=alarms,
        data=embedded({}),
    )


@allowed(Right.FLOOR)
async def listed(request: web.Request) -> web.Response:
    """Alarms, the latest first."""
    check_names(request.query, ("limit",))
    async with request.app[PARTS].db.read() as session:
        found = await latest_alarms(session, most=limit_of(request.query.get("limit")))
    return json_answer({"alarms": [alarm_told(each) for each in found]})


@allowed(Right.CAMPAIGNS, Right.STEER)
async def seen(request: web.Request) -> web.Response:
    """Whoever asks has seen an alarm; the first one's name is kept."""
    await body_of(request, ())
    parts, alarm = request.app[PARTS], request.match_info["id"]
    async with parts.db.write() as session:
        row = await acknowledge(session, alarm, by=who(request).title, at=parts.clock.now())
        await audit(request, session, "alarm.acknowledged", subject=row.subject, detail={"alarm": alarm})
        return json_answer(alarm_told(row))


@allowed(Right.FLOOR)
async def rules(request: web.Request) -> web.Response:
    """All thresholds."""
    check_names(request.query, ())
    async with request.app[PARTS].db.read() as session:
        return json_answer({"thresholds": [rule_told(each) for each in await alarm_rules(session)]})


@allowed(Right.CAMPAIGNS, Right.STEER)
async def made(request: web.Request) -> web.Response:
    """A new threshold."""
    answer = json_answer(await _put(request, ""))
    answer.set_status(201)
    return answer


@allowed(Right.CAMPAIGNS, Right.STEER)
async def changed(request: web.Request) -> web.Response:
    """Change what is named; the rest stays."""
    return json_answer(await _put(request, request.match_info["id"]))


@allowed(Right.CAMPAIGNS, Right.STEER)
async def removed(request: web.Request) -> web.Response:
    """Remove a threshold; one of the house's own is switched off."""
    rule = request.match_info["id"]
    async with request.app[PARTS].db.write() as session:
        await drop_rule(session, rule)
        await audit(request, session, "threshold.removed", subject=rule)
    return web.Response(status=204)


async def _put(request: web.Request, rule: str) -> dict[str, Any]:
    body, parts = await body_of(request), request.app[PARTS]
    async with parts.db.write() as session:
        row = await put_rule(session, body, by=who(request).title, at=parts.clock.now(), rule=rule)
        await audit(request, session, "threshold.set", subject=row.figure, detail={"rule": row.id, **body})
        return rule_told(row)


def _unit(figure: str) -> str:
    known = FIGURES.get(figure)
    return known.unit if known else "count"
