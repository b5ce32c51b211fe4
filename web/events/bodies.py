"""The bodies of events: larger than other bodies of the API, and read whole."""

from typing import Final

from aiohttp import web

from web.again import LARGEST
from web.imports import TooLargeError

MOST_BYTES: Final = 16 * 1024 * 1024
"""Of one request, after it is unpacked."""


async def whole_body(request: web.Request) -> bytes:
    """All of it. Raises `TooLargeError`."""
    length = request.content_length
    if length is not None and length <= LARGEST:
        return await request.read()
    parts: list[bytes] = []
    size = 0
    async for part in request.content.iter_any():
        size += len(part)
        if size > MOST_BYTES:
            raise TooLargeError(f"more than {MOST_BYTES // 2**20} MB at once; send the events in parts")
        parts.append(part)
    return b"".join(parts)
