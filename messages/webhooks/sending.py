"""One message to one endpoint, and what it answered."""

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import aiohttp
from yarl import URL

from messages.webhooks.addresses import Addresses, OpenOnly

SECONDS: Final = 10.0
"""How long an endpoint may take to answer."""
_OK: Final = range(200, 300)
_MOVED: Final = range(300, 400)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    """HTTP's; 0 when there was no answer."""
    why: str = ""
    """Why it does not count as delivered; '' when it does."""
    retry_after: float = 0.0
    """Seconds for which the endpoint asks to be left alone."""

    @property
    def taken(self) -> bool:
        """Whether the endpoint has it."""
        return not self.why


class Sender:
    """Posts messages. Redirects are not followed, and what is answered besides the status is not read."""

    def __init__(self, addresses: Addresses, *, seconds: float = SECONDS) -> None:
        self._addresses = addresses
        self._seconds = seconds
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        for secure in (True, False):
            connector = aiohttp.TCPConnector(
                resolver=OpenOnly(self._addresses, secure=secure), use_dns_cache=False, force_close=True
            )
            self._sessions[secure] = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._seconds),
                trust_env=False,
            )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in self._sessions.values():
            await session.close()

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send a message; never raises."""
        try:
            target = URL(url)
            self._addresses.check_literal(target)
            session = self._sessions[target.scheme == "https"]
            async with session.post(target, data=body, headers=headers, allow_redirects=False) as answer:
                return _answer(answer.status, answer.headers.get("Retry-After", ""))
        except TimeoutError:
            return Answer(0, f"no answer within {self._seconds:.0f} seconds")
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            return Answer(0, _words(problem))
        except asyncio.CancelledError:
            raise


def _answer(status: int, retry_after: str) -> Answer:
    if status in _OK:
        return Answer(status)
    asked = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0.0
    why = "answers with a redirect, which is not followed" if status in _MOVED else f"answers {status}"
    return Answer(status, why, asked)


def _words(problem: BaseException) -> str:
    inner = getattr(problem, "os_error", None) or problem.__cause__ or problem
    return (" ".join(str(inner).split()) or type(problem).__name__)[:300]
