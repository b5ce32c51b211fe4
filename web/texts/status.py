"""Twilio tells what became of a text. Who says so without its signature is turned away."""

from typing import Final

import structlog
from aiohttp import web

from messages.sms import SIGNATURE, STATUS_PATH, is_signed, status_of, take_status
from messages.sms.status import WHICH
from web.access import open_to_all
from web.errors import ForbiddenError
from web.keys import PARTS
from web.openapi.describe import described

log = structlog.get_logger(__name__)
routes = web.RouteTableDef()
_FORM: Final = "application/x-www-form-urlencoded"


@routes.post(STATUS_PATH)
@open_to_all
@described(
    query={WHICH: "the text"},
    takes=_FORM,
    status=204,
    also={403: "The signature is not that of our account."},
    words="Signed as Twilio signs its requests; anything else is refused. The same word twice does no harm.",
)
async def said(request: web.Request) -> web.Response:
    """Word of Twilio's on what became of a text."""
    parts = request.app[PARTS]
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    if not is_signed(parts.texts, request.path_qs, form, request.headers.get(SIGNATURE, "")):
        log.warning("texts.forged", remote=request.remote)
        raise ForbiddenError("This is not signed as Twilio signs for our account.")
    status = status_of(form)
    if status is not None:
        async with parts.db.write() as session:
            await take_status(session, request.query.get(WHICH, ""), status, parts.clock.now())
    return web.Response(status=204)
