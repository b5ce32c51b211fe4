"""The routes below `/api/v1/queues`; a queue's own name never is one of the words that stand there."""

from contextlib import suppress
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web

from agents.queues import UnknownQueueError, put_queue, queue, queues
from agents.queues.definitions import definitions
from agents.queues.intervals import Interval, midnight
from agents.queues.kpis import told, told_time
from agents.queues.queue import SETTINGS
from agents.queues.statistics import By, agent_times, self_service, tallies
from agents.queues.telling import told_self_service
from store import Asker, CoreAwayError
from users import Right
from values import BadInputError
from web.access import allowed, audit, who
from web.bodies import body_of
from web.keys import PARTS
from web.openapi.describe import MOMENT, TEXT, Schema, described, listing, record
from web.openapi.describe import one_of as one_word
from web.problems import NotFoundError
from web.queries import check_names, json_answer, one_of, time_of

routes = web.RouteTableDef()

LIVE: Final = "centralino:queues:now"
LONGEST: Final = timedelta(days=370)
MANY: Final[Schema] = {"type": "array", "items": {"type": "object"}}
QUEUE: Final[Schema] = {"type": "object", "properties": {name: {} for name in SETTINGS}}
"""Every setting checks its own value, and says what is wrong with it."""
_STATS: Final = ("since", "until", "interval", "by", "queue", "zone")


@routes.get("/api/v1/queues")
@allowed(Right.FLOOR, Right.STEER, Right.REPORTS, Right.DESK)
@described(answer=listing("queues", QUEUE))
async def listed(request: web.Request) -> web.Response:
    """All queues with their settings."""
    check_names(request.query, ())
    async with request.app[PARTS].db.read() as session:
        found = await queues(session)
    return json_answer({"queues": [each.told() for each in found.values()]})


@routes.get("/api/v1/queues/live")
@allowed(Right.FLOOR, Right.STEER, Right.MONITOR)
@described(answer=record(node="the node that tells", at=MOMENT, queues=MANY))
async def live(request: web.Request) -> web.Response:
    """How the queues stand, not older than a second; none while the voice core is away."""
    check_names(request.query, ())
    seen = await request.app[PARTS].live.get(LIVE)
    return json_answer(seen if isinstance(seen, dict) else {"node": "", "at": None, "queues": []})


@routes.get("/api/v1/queues/waiting")
@allowed(Right.FLOOR, Right.STEER, Right.MONITOR)
@described(query={"queue": "one of them; left out: all"}, answer=record(waiting=MANY))
async def waiting(request: web.Request) -> web.Response:
    """Who waits, in the order in which they are served."""
    check_names(request.query, ("queue",))
    parts = request.app[PARTS]
    asked = {"queue": request.query.get("queue", "")}
    return json_answer(await Asker(parts.live, parts.clock).ask("queues.waiting", asked))


@routes.get("/api/v1/queues/definitions")
@allowed(Right.FLOOR, Right.STEER, Right.REPORTS, Right.DESK)
@described(query={"language": one_word("en", "it", "ru")}, answer=record(definitions=MANY))
async def defined(request: web.Request) -> web.Response:
    """What each figure is, in one's own language or the `language` that is asked for."""
    check_names(request.query, ("language",))
    language = request.query.get("language") or who(request).language
    return json_answer({"definitions": [each.told(language) for each in definitions().values()]})


@routes.get("/api/v1/queues/stats")
@allowed(Right.FLOOR, Right.REPORTS)
@described(
    query={
        "since": {**MOMENT, "description": "from then on; left out: today"},
        "until": {**MOMENT, "description": "until just before then; left out: now"},
        "interval": one_word(*Interval, says="how fine"),
        "by": one_word(*By, says="what figures are told apart by"),
        "queue": "one of them; left out: all",
        "zone": "whose clocks: Europe/Rome",
    },
    answer=record(since=MOMENT, until=MOMENT, interval=TEXT, by=TEXT, rows=MANY),
)
async def stats(request: web.Request) -> web.Response:
    """Figures by interval, of queues, agents or all together; today's hours unless told otherwise."""
    query = request.query
    check_names(query, _STATS)
    parts = request.app[PARTS]
    place = _zone(query.get("zone", "Europe/Rome"))
    now = parts.clock.now()
    since = time_of("since", query.get("since")) or midnight(now.astimezone(place).date(), place)
    until = time_of("until", query.get("until")) or now + timedelta(seconds=1)
    if not timedelta() < until - since <= LONGEST:
        raise BadInputError("is not after since, or more than a year after it", field="until")
    interval = one_of(Interval, "interval", query.get("interval")) or Interval.HOUR
    by = one_of(By, "by", query.get("by")) or By.QUEUE
    chosen = [query["queue"]] if query.get("queue") else []
    async with parts.db.read() as session:
        rows = await tallies(session, since, until, interval=interval, by=by, zone=place.key, queues=chosen)
        times = await agent_times(session, since, until, now=now) if by is By.AGENT else {}
        served = await self_service(session, since, until, now=now) if by is By.ALL else None
    body: dict[str, Any] = {
        "since": since,
        "until": until,
        "interval": interval,
        "by": by,
        "rows": [{"begins": each.begins, by.value: each.who} | told(each.tally) for each in rows],
    }
    if by is By.AGENT:
        body["agents"] = {name: told_time(each) for name, each in sorted(times.items())}
    if served is not None:
        body["self_service"] = told_self_service(served)
    return json_answer(body)


@routes.get("/api/v1/queues/{name}")
@allowed(Right.FLOOR, Right.STEER, Right.REPORTS, Right.DESK)
@described(answer=QUEUE)
async def one(request: web.Request) -> web.Response:
    """One queue with its settings."""
    check_names(request.query, ())
    async with request.app[PARTS].db.read() as session:
        try:
            found = await queue(session, request.match_info["name"])
        except UnknownQueueError as problem:
            raise NotFoundError(str(problem)) from None
    return json_answer(found.told())


@routes.put("/api/v1/queues/{name}")
@allowed(Right.STEER)
@described(body=QUEUE, answer=QUEUE)
async def put(request: web.Request) -> web.Response:
    """Make a queue, or change the settings that are named; heeded within a second."""
    body, parts = await body_of(request), request.app[PARTS]
    name = request.match_info["name"]
    async with parts.db.write() as session:
        made = await put_queue(session, name, body, by=who(request).name, now=parts.clock.now())
        await audit(request, session, "queue.set", subject=name, detail={"settings": sorted(body)})
    with suppress(CoreAwayError):  # it reads them when it is back
        await Asker(parts.live, parts.clock, seconds=0.5).ask("queues.refresh")
    return json_answer(made.told())


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInputError(f"there is no time zone {name[:40]!r}", field="zone") from None
