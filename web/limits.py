"""How often a program may ask: kindly, with its share told in every answer, so that it can pace itself."""

from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from values import CentralinoError, Clock
from web.access import API, who
from web.errors import Handler

A_SECOND: Final = 20.0
"""What is given back each second."""
AT_ONCE: Final = 600.0
"""What may be asked in a burst."""
_MOST: Final = 10_000
"""Shares kept in mind; the ones that are full again are forgotten first."""


class TooManyError(CentralinoError):
    """Too many requests; `Retry-After` says when to go on."""

    error_id = "too-many-requests"


@dataclass(slots=True)
class Share:
    """What somebody may still ask."""

    left: float
    at: float


@dataclass(slots=True)
class Shares:
    """Everybody's, filled up as time goes by. Pure apart from the clock."""

    clock: Clock
    shares: dict[str, Share] = field(default_factory=dict)

    def take(self, holder: str, most: float, a_second: float = A_SECOND) -> float:
        """Use one up; how many are left, below 0 when there was none."""
        now = self.clock.monotonic()
        share = self.shares.setdefault(holder, Share(most, now))
        share.left = min(most, share.left + (now - share.at) * a_second)
        share.at = now
        if share.left < 1.0:
            return share.left - 1.0
        share.left -= 1.0
        if len(self.shares) > _MOST:
            self._forget(now)
        return share.left

    def _forget(self, now: float) -> None:
        rested = AT_ONCE / A_SECOND
        self.shares = {name: each for name, each in self.shares.items() if now - each.at < rested}


SHARES = web.AppKey("shares", Shares)


@web.middleware
async def kindly(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count what programs ask of the API. The house's own token and our own pages are not counted."""
    visitor = who(request)
    counted = request.path.startswith(API) and bool(visitor.token)
    if not counted:
        return await handler(request)
    left = request.app[SHARES].take(f"token:{visitor.token}", AT_ONCE)
    if left < 0:
        raise TooManyError
    answer = await handler(request)
    if not answer.prepared:
        answer.headers["RateLimit-Limit"] = f"{AT_ONCE:.0f}"
        answer.headers["RateLimit-Remaining"] = f"{left:.0f}"
    return answer
