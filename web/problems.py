"""Errors as RFC 9457 problem details: JSON for programs, words for people."""

import orjson
import structlog
from aiohttp import web

from dialer import UnknownCampaignError
from dialer.alarms import UnknownAlarmError
from dialer.campaigns import CampaignExistsError, NothingToUndoError
from dialer.lists import UnknownListError
from dialer.results.prospects import TooLittleKnownError
from dialer.trunks import UnknownTrunkError
from ivr import UnknownFlowError
from ivr.language import FlowError
from ivr.scripts import UnknownRunError
from ivr.versions import UnknownVersionError
from messages.webhooks import UnknownDeliveryError, UnknownEndpointError
from reports.files import TooManyRowsError
from reports.printed import FontsMissingError
from reports.schedules import UnknownScheduleError
from store import CoreAwayError, RefusedError, StoreUnavailableError
from surveys.book import UnknownSurveyError
from users import (
    CodeNeededError,
    LockedError,
    SessionsAwayError,
    SignInError,
    UnknownUserError,
    UserExistsError,
    WaitError,
)
from users.answers import OtherBodyError, UnderWayError
from values import BadInputError, CentralinoError
from web.access import API
from web.desk.room import NotYoursError
from web.desk.tabs import StaleTabError
from web.errors import (
    BusyError,
    ChangePasswordError,
    ForbiddenError,
    Handler,
    NotFoundError,
    StaleFormError,
    TooSlowError,
    UnauthorisedError,
)
from web.imports import TooLargeError
from web.limits import TooManyError
from web.pages import page
from web.phone.leases import PhonesTakenError, TooOftenError
from web.recordings.sounds import UnplayableError
from web.scripts.refusals import ChangedMeanwhileError

__all__ = [
    "ForbiddenError",
    "Handler",
    "NotFoundError",
    "UnauthorisedError",
    "problem",
    "problems",
]

log = structlog.get_logger(__name__)

_STATUS: tuple[tuple[type[CentralinoError], int], ...] = (
    (NotFoundError, 404),
    (UnknownCampaignError, 404),
    (UnknownSurveyError, 404),
    (UnknownTrunkError, 404),
    (UnknownAlarmError, 404),
    (UnknownListError, 404),
    (UnknownEndpointError, 404),
    (UnknownDeliveryError, 404),
    (UnknownScheduleError, 404),
    (TooManyRowsError, 413),
    (FontsMissingError, 503),
    (TooLargeError, 413),
    (CampaignExistsError, 409),
    (NothingToUndoError, 409),
    (PhonesTakenError, 503),
    (TooOftenError, 429),
    (UnauthorisedError, 401),
    (SignInError, 401),
    (CodeNeededError, 401),
    (ForbiddenError, 403),
    (LockedError, 403),
    (StaleFormError, 403),
    (StaleTabError, 409),
    (ChangedMeanwhileError, 409),
    (FlowError, 422),
    (UnknownFlowError, 404),
    (UnknownRunError, 404),
    (UnknownVersionError, 404),
    (NotYoursError, 403),
    (ChangePasswordError, 403),
    (UnknownUserError, 404),
    (UserExistsError, 409),
    (OtherBodyError, 422),
    (UnderWayError, 409),
    (TooManyError, 429),
    (WaitError, 429),
    (SessionsAwayError, 503),
    (BadInputError, 400),
    (StoreUnavailableError, 503),
    (CoreAwayError, 503),
    (RefusedError, 409),
    (TooLittleKnownError, 409),
    (TooSlowError, 503),
    (BusyError, 503),
    (UnplayableError, 503),
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
    headers = {"WWW-Authenticate": "Bearer"} if error_id == UnauthorisedError.error_id else {}
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
        told = _told(request, status, error.error_id, str(error), getattr(error, "field", None))
        if isinstance(error, TooManyError):
            told.headers["Retry-After"] = "1"
        if isinstance(error, WaitError):
            told.headers["Retry-After"] = str(error.seconds)
        return told
    except Exception:
        log.exception("web.unforeseen", path=request.path)
        return _told(request, 500, "error", "Something went wrong here; it has been logged.")


def _told(
    request: web.Request, status: int, error_id: str, detail: str, field: str | None = None
) -> web.Response:
    """To a browser that wants to show a page, a page; to programs JSON."""
    wants_page = "text/html" in request.headers.get("Accept", "") and "HX-Request" not in request.headers
    if request.path.startswith(API) or not wants_page:
        return problem(status, error_id, detail, field)
    return page(request, "problem.html", status=status, error_id=error_id, detail=detail)
