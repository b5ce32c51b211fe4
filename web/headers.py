"""The headers that keep a page to itself."""

from aiohttp import web

from web.errors import Handler
from web.keys import PARTS

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "media-src 'self' blob: mediastream:; connect-src 'self'{elsewhere}; manifest-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
"""Scripts and styles come from files of ours only; nothing is written into a page's markup."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), autoplay=(self)",
}


@web.middleware
async def kept_to_itself(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put them on every answer, refusals too. What is not a file of ours is kept by nobody on the way."""
    response = await handler(request)
    if not response.prepared:
        elsewhere = "".join(f" {each}" for each in request.app[PARTS].connect)
        response.headers.update(_HEADERS)
        response.headers["Content-Security-Policy"] = _POLICY.format(elsewhere=elsewhere)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
    return response
