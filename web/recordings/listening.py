"""The REST API's recordings: listed with what their calls were, and listened to, anywhere in the file."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from calls.listening import Found, RecordingFilter, gaps, recordings
from users import Right
from values import Clock
from web.access import allowed, audit, who
from web.errors import NotFoundError
from web.keys import PARTS
from web.queries import check_names, json_answer, limit_of
from web.recordings.finding import agents_of, gap_shown, shown, wanted_of
from web.recordings.sounds import Sounds

routes = web.RouteTableDef()

HEARD: Final = "recording.heard"
ONE_LISTENING_SECONDS: Final = 600.0
"""Requests for parts of one recording within so long are one listening."""
_FILE: Final = frozenset({"file"})


class Listening:
    """Who listens to what."""

    def __init__(self, clock: Clock) -> None:
        self.sounds = Sounds(clock)
        self._clock = clock
        self._heard: dict[tuple[str, str], float] = {}

    def begins(self, by: str, file: str) -> bool:
        """Whether this is a new listening; asked at each request for a part."""
        now = self._clock.monotonic()
        self._heard = {key: at for key, at in self._heard.items() if now - at < ONE_LISTENING_SECONDS}
        new = (by, file) not in self._heard
        self._heard.setdefault((by, file), now)
        return new

    def failed(self, by: str, file: str) -> None:
        """It could not be written down, so nothing was heard: the next request begins anew."""
        self._heard.pop((by, file), None)


LISTENING = web.AppKey("listening", Listening)


async def keeps_sounds(app: web.Application) -> AsyncIterator[None]:
    """What is listened to is made and removed while the application runs (aiohttp's `cleanup_ctx`)."""
    listening = app[LISTENING] = Listening(app[PARTS].clock)
    sweeping = asyncio.get_running_loop().create_task(listening.sounds.run())
    yield
    sweeping.cancel()
    await asyncio.gather(sweeping, return_exceptions=True)
    await listening.sounds.close()


@routes.get("/api/v1/recordings")
@allowed(Right.RECORDINGS)
async def listed(request: web.Request) -> web.Response:
    """The latest recordings; by call, number, customer, agent, time."""
    query, parts = request.query, request.app[PARTS]
    wanted, limit = wanted_of(query), limit_of(query.get("limit"))
    async with parts.db.read() as session:
        page = await recordings(
            session, wanted, now=parts.clock.now(), limit=limit, cursor=query.get("cursor", "")
        )
        who_talked = await agents_of(session, page.found)
    found = [shown(each, who_talked.get(each.recording.call_id, [])) for each in page.found]
    return json_answer({"recordings": found, "cursor": page.cursor or None})


@routes.get("/api/v1/recordings/{call}")
@allowed(Right.RECORDINGS)
async def one(request: web.Request) -> web.Response:
    """A call's recordings, with the gaps where they were paused."""
    check_names(request.query, frozenset())
    parts = request.app[PARTS]
    async with parts.db.read() as session:
        found = await _of_call(request, session)
        who_talked = await agents_of(session, found)
        listed = [
            {
                **shown(each, who_talked.get(each.recording.call_id, [])),
                "gaps": [gap_shown(gap) for gap in await gaps(session, each.recording)],
            }
            for each in found
        ]
    return json_answer({"recordings": listed})


@routes.get("/api/v1/recordings/{call}/audio")
@allowed(Right.RECORDINGS)
async def audio(request: web.Request) -> web.StreamResponse:
    """The sound as a wave file, the customer on the left and the agent on the right; with HTTP ranges."""
    check_names(request.query, _FILE)
    parts, listening = request.app[PARTS], request.app[LISTENING]
    async with parts.db.read() as session:
        found = await _of_call(request, session)
    name = request.query.get("file", "")
    here = next((each for each in found if name in {"", Path(each.recording.path).stem}), None)
    if here is None or parts.recordings is None:
        raise NotFoundError
    # by its name alone, so that no row can point anywhere else
    source = parts.recordings / Path(here.recording.path).name
    try:
        sound = await listening.sounds.wave(source)
    except FileNotFoundError:
        raise NotFoundError("The recording is not there any more.") from None
    by = f"{who(request).name}/{who(request).token}"
    if listening.begins(by, source.name):
        try:
            await _note_heard(request, here, source.name)
        except BaseException:
            listening.failed(by, source.name)
            raise
    headers = {"Content-Type": "audio/wav", "Cache-Control": "private, no-store"}
    return web.FileResponse(sound, headers=headers)


async def _note_heard(request: web.Request, found: Found, file: str) -> None:
    async with request.app[PARTS].db.write() as session:
        await audit(
            request,
            session,
            HEARD,
            subject=found.recording.call_id,
            detail={"file": file},
            customer_id=found.call.customer_id if found.call else "",
        )


async def _of_call(request: web.Request, session: AsyncSession) -> list[Found]:
    wanted = RecordingFilter(call_id=request.match_info["call"])
    page = await recordings(session, wanted, now=request.app[PARTS].clock.now())
    if not page.found:
        raise NotFoundError("There is no recording of this call, or its time is over.")
    return list(page.found)
