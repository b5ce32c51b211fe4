"""Polls: what one takes, starting it, and what they say place by place."""

import re
from collections.abc import Mapping

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from surveys.polls import ITEM
from users import Right
from values import BadInputError
from web.access import allowed, audit
from web.bodies import body_of
from web.keys import PARTS
from web.openapi.describe import described
from web.queries import check_names, json_answer
from web.surveys.described import OUTLOOK, RESULT, STARTED, outlook_told, result_told, started_told
from web.surveys.desk import desk_of

_ITEM = re.compile(r"[a-z][a-z0-9_]{0,39}")


@allowed(Right.SURVEYS)
@described(answer={"type": "object", "properties": {"regions": {"type": "array", "items": OUTLOOK}}})
async def planned(request: web.Request) -> web.Response:
    """What the poll takes in each of its places for the precision of its plan."""
    check_names(request.query, ())
    parts = request.app[PARTS]
    async with parts.db.read() as session:
        found = await desk_of(request).polls.outlook(session, request.match_info["name"], parts.clock.now())
    return json_answer({"regions": [outlook_told(each) for each in found]})


@allowed(Right.SURVEYS)
@described(answer=STARTED, status=202)
async def start(request: web.Request) -> web.Response:
    """Draw whom to ask and have them rung; started again, it invites those who are still missing."""
    await body_of(request, ())
    parts = request.app[PARTS]
    name = request.match_info["name"]

    async def note(session: AsyncSession) -> None:
        await audit(request, session, "survey.poll_started", subject=name)

    made = await desk_of(request).starting.start(name, parts.clock.now(), note)
    answer = json_answer(started_told(made))
    answer.set_status(202)
    return answer


@allowed(Right.SURVEYS, Right.REPORTS)
@described(
    query={"item": "the question; `arrived` when nothing is said"},
    answer={"type": "object", "properties": {"regions": {"type": "array", "items": RESULT}}},
)
async def results(request: web.Request) -> web.Response:
    """What they have said so far in each place, with the interval of 95 %."""
    check_names(request.query, {"item"})
    item = item_in(request.query) or ITEM
    async with request.app[PARTS].db.read() as session:
        found = await desk_of(request).polls.results(session, request.match_info["name"], item)
    return json_answer({"regions": [result_told(each) for each in found]})


def item_in(query: Mapping[str, str]) -> str:
    """Which question is asked for; '' when nothing is said. Raises `BadInputError`."""
    item = query.get("item", "")
    if "item" in query and not _ITEM.fullmatch(item):
        raise BadInputError("write the name of a question, as `arrived`", field="item")
    return item
