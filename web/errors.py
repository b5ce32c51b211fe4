"""What the web itself refuses; `web.problems` tells it to whoever asked."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from values import CentralinoError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class NotFoundError(CentralinoError):
    """There is nothing here."""

    error_id = "not-found"


class UnauthorisedError(CentralinoError):
    """Sign in first; programs send a bearer token, as the one in the file `api-token` in the home."""

    error_id = "unauthorised"


class ForbiddenError(CentralinoError):
    """Your role does not allow this."""

    error_id = "forbidden"


class StaleFormError(CentralinoError):
    """This page is from an earlier sign-in; reload it and try again."""

    error_id = "stale-form"


class ChangePasswordError(CentralinoError):
    """Choose a password of your own first."""

    error_id = "change-password"


class TooSlowError(CentralinoError):
    """The forecast took too long and was given up; try again in a moment."""

    error_id = "forecast-too-slow"


class BusyError(CentralinoError):
    """Several forecasts are waiting already; try again in a moment."""

    error_id = "forecast-busy"
