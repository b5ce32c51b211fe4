"""Requests that are sent again until they are answered."""

import asyncio
from collections.abc import Callable

from tests.sip.message import Message

_T1 = 0.5
_GIVE_UP = 64 * _T1
_SLOWEST = 4.0


class NoAnswerError(ConnectionError):
    """The other side did not answer a request at all."""


class Transaction:
    """One request of ours and its answers."""

    def __init__(
        self, send: Callable[[], None], provisional: Callable[[Message], None] | None = None
    ) -> None:
        """`send` puts the request on the wire; `provisional` hears of 1xx answers."""
        self._send = send
        self._provisional = provisional
        self._final: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._proceeding = False

    def answered(self, response: Message) -> None:
        """An answer came."""
        if response.status < 200:
            self._proceeding = True
            if self._provisional is not None:
                self._provisional(response)
        elif not self._final.done():
            self._final.set_result(response)

    async def run(self) -> Message:
        """Send until there is an answer; give the final one. Raises `NoAnswerError` after 32 s of silence."""
        interval, waited = _T1, 0.0
        self._send()
        while not self._proceeding and waited < _GIVE_UP:
            done, _ = await asyncio.wait((self._final,), timeout=interval)
            if done:
                return self._final.result()
            waited += interval
            interval = min(2 * interval, _SLOWEST)
            if not self._proceeding:
                self._send()
        if not self._proceeding:
            raise NoAnswerError("no answer within 32 s")
        return await self._final
