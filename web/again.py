"""Idempotency: a POST with a key is done once, and answered the same for a day."""

import hashlib
import hmac
from contextlib import suppress
from typing import Final

import orjson
from aiohttp import web

from users.answers import Answer, UnderWayError, begin_answer, checked_key, drop_answer, keep_answer
from web.access import API, who
from web.errors import Handler
from web.keys import PARTS
from web.problems import problem

KEY: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
LARGEST: Final = 1024 * 1024
"""Larger bodies are files on their way into a list, which are known by what is in them."""
_TOLD_ONCE: Final = web.RequestKey("told_once", bool)
_TELLS_ITSELF: Final = 500
"""From here on the answer is no answer, and asking again is right."""


@web.middleware
async def done_once(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Behind the guard: only who may ask at all is answered from memory."""
    key = request.headers.get(KEY)
    if key is None or request.method != "POST" or not request.path.startswith(API) or _is_file(request):
        return await handler(request)
    parts, name = request.app[PARTS], who(request).name
    ours = (name, checked_key(key))
    asked = await _digest(request)
    if ours in request.app[UNDER_WAY]:
        raise UnderWayError
    request.app[UNDER_WAY].add(ours)
    try:
        async with parts.db.write() as session:
            before = await begin_answer(session, *ours, asked, parts.clock.now())
        if before is not None:
            return _again(before)
        return await _first_time(request, handler, ours)
    finally:
        request.app[UNDER_WAY].discard(ours)


UNDER_WAY = web.AppKey("under_way", set[tuple[str, str]])
"""What this process is at work on."""


async def _first_time(request: web.Request, handler: Handler, ours: tuple[str, str]) -> web.StreamResponse:
    db = request.app[PARTS].db
    try:
        answer = await handler(request)
    except BaseException:
        async with db.write() as session:
            await drop_answer(session, *ours)
        raise
    async with db.write() as session:
        if isinstance(answer, web.Response) and answer.status < _TELLS_ITSELF:
            kept = _without_secret(answer) if request.get(_TOLD_ONCE) else _kept(answer)
            await keep_answer(session, *ours, kept)
        else:
            await drop_answer(session, *ours)
    return answer


def told_once(request: web.Request) -> None:
    """The answer holds a secret, of which nothing in clear is kept: asked again it is not told again."""
    request[_TOLD_ONCE] = True


def _without_secret(answer: web.Response) -> Answer:
    """In place of an answer that holds a secret: it was done, and is not done a second time."""
    words = (
        "This was done, and its secret was told once; whoever missed it asks for a new one with a new key."
    )
    instead = problem(409, "told-once", words)
    body = instead.body if isinstance(instead.body, bytes) else b""
    return Answer(instead.status, instead.content_type, answer.headers.get("Location", ""), body.decode())


def _kept(answer: web.Response) -> Answer:
    body = answer.body if isinstance(answer.body, bytes) else b""
    return Answer(answer.status, answer.content_type, answer.headers.get("Location", ""), body.decode())


def _again(before: Answer) -> web.Response:
    headers = {REPLAYED: "true"}
    if before.location:
        headers["Location"] = before.location
    return web.Response(
        body=before.body.encode(), status=before.status, content_type=before.kind, headers=headers
    )


def _is_file(request: web.Request) -> bool:
    """A body that is taken in as it comes."""
    return request.body_exists and (request.content_length or LARGEST + 1) > LARGEST


async def _digest(request: web.Request) -> str:
    """What is asked, to be known again. It may hold a PIN, which nobody without our secret can guess."""
    body = await request.read()
    with suppress(orjson.JSONDecodeError, orjson.JSONEncodeError):  # one object, however it is written
        body = orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    asked = f"{request.method} {request.path_qs}\n".encode("utf-8", "surrogateescape") + body
    key = hashlib.sha256(b"idempotency " + request.app[PARTS].token.encode()).digest()
    return hmac.new(key, asked, "sha256").hexdigest()
