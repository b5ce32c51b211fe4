"""Errors as RFC 9457 problem details: JSON for programs, words for people."""

from collections.abc import Awaitable, Callable

import orjson
import structlog
from aiohttp import web

from dialer import UnknownCampaignError
from dialer.campaigns import CampaignExistsError, NothingToUndoError
from dialer.lists import UnknownListError
from dialer.results.prospects import TooLittleKnownError
from dialer.trunks import UnknownTrunkError
from store import CoreAwayError, RefusedError, StoreUnavailableError
from values import BadInputError, CentralinoError
from web.imports import TooLargeError
from web.keys import TEMPLATES

log = structlog.get_logger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class NotFoundError(CentralinoError):
    """There is nothing here."""

    error_id = "not-found"


class UnauthorisedError(CentralinoError):
    """The bearer token is missing or wrong; it is in the file `api-token` in the home."""

    error_id = "unauthorised"


_STATUS: tuple[tuple[type[CentralinoError], int], ...] = (
    (NotFoundError, 404),
    (UnknownCampaignError, 404),
    (UnknownTrunkError, 404),
    (UnknownListError, 404),
    (TooLargeError, 413),
    (CampaignExistsError, 409),
    (NothingToUndoError, 409),
    (UnauthorisedError, 401),
    (BadInputError, 400),
    (StoreUnavailableError, 503),
    (CoreAwayError, 503),
    (RefusedError, 409),
    (TooLittleKnownError, 409),
)


def problem(status: int, error_id: str, detail: str, field: str | None = None) -> web.Response:
    """One problem as a response; `field` is the one it is about."""
    body: dict[str, object] = {
        "type": f"urn:centralino:problem:{error_id}",
        "error_id": error_id,
        "status": status,
        "detail": detail,
    }
    if field is not None:
        body["field"] = field
    headers = {"WWW-Authenticate": "Bearer"} if status == web.HTTPUnauthorized.status_code else {}
    return web.Response(
        body=orjson.dumps(body), status=status, content_type="application/problem+json", headers=headers
    )


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every error into a problem; what nobody foresaw is logged and told without its insides."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < web.HTTPBadRequest.status_code:
            raise
        error_id = error.reason.lower().replace(" ", "-")
        return _told(request, error.status, error_id, error.text or error.reason)
    except CentralinoError as error:
        status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
        return _told(request, status, error.error_id, str(error), getattr(error, "field", None))
    except Exception:
        log.exception("web.unforeseen", path=request.path)
        return _told(request, 500, "error", "Something went wrong here; it has been logged.")


def _told(
    request: web.Request, status: int, error_id: str, detail: str, field: str | None = None
) -> web.Response:
    """To a browser that wants to show a page, a page; to programs JSON."""
    if request.path.startswith("/api/") or "text/html" not in request.headers.get("Accept", ""):
        return problem(status, error_id, detail, field)
    page = request.config_dict[TEMPLATES].get_template("problem.html")
    return web.Response(
        text=page.render(status=status, detail=detail), status=status, content_type="text/html"
    )
