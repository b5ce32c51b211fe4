"""One connection to Asterisk's manager interface, over panoramisk with its faults held back.

`docs/decisions/` says which and why.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, Self

import structlog
from panoramisk.actions import Action
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager
from panoramisk.message import Message

from ami.errors import (
    ActionRefusedError,
    AmiLoginError,
    AmiTimeoutError,
    AmiUnavailableError,
    NoSuchChannelError,
)
from ami.fields import all_safe
from ami.reading import WANTED, Headers, headers_of
from values import new_id

log = structlog.get_logger(__name__)

Fields = Mapping[str, str | Sequence[str]]

_GREETING: Final = b"Asterisk Call Manager/"
_END: Final = b"\r\n\r\n"
_MOST_BYTES: Final = 4 * 1024 * 1024  # of one message; the longest real ones are lists printed by a command
_WRONG_ACCOUNT: Final = "authentication failed"
_NO_CHANNEL: Final = ("no such channel", "channel does not exist")
# panoramisk's own lines hold secrets and numbers; what matters is said by our log
_SILENT: Final = logging.Logger("panoramisk", logging.CRITICAL + 1)  # noqa: LOG001  (attached nowhere)


class _Protocol(AMIProtocol):  # type: ignore[misc]  # panoramisk has no types
    """panoramisk's framing: whole characters, bounded, unhurt by what is malformed."""

    closed: bool
    responses: dict[str, Any]
    transport: asyncio.Transport

    def __init__(self, on_event: Callable[[Headers], None]) -> None:
        self.gone = asyncio.Event()
        self.booted = asyncio.Event()
        self.why = ""
        self._on_event = on_event
        self._unread = bytearray()
        self._greeted = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.log = _SILENT

    def data_received(self, data: bytes) -> None:
        unread = self._unread
        searched = max(0, len(unread) - len(_END) + 1)
        unread += data
        if not self._greeted:
            if not self._greet():
                return
            searched = 0
        start = 0
        while (end := unread.find(_END, max(start, searched))) >= 0:
            message = bytes(unread[start:end]).lstrip(b"\r\n")
            start = end + len(_END)
            try:
                self._take(message)
            except Exception:
                log.exception("ami.message_unreadable", length=len(message))
        del unread[:start]
        if len(unread) > _MOST_BYTES:
            self.abort("it sends a message without end")

    def _greet(self) -> bool:
        line_end = self._unread.find(b"\r\n")
        seen = self._unread[: len(_GREETING)]
        if not _GREETING.startswith(bytes(seen)) or (
            line_end < 0 and len(self._unread) > len(_GREETING) + 40
        ):
            self.abort("this is no Asterisk manager interface")
            return False
        if line_end < 0:
            return False
        self._greeted = True
        del self._unread[: line_end + 2]
        return True

    def _take(self, message: bytes) -> None:
        if message.startswith(b"Event: "):
            name, _, _ = message[len(b"Event: ") :].partition(b"\r\n")
            asked_for = bool(self.responses) and b"\r\nActionID: " in message
            if name == b"FullyBooted":
                self.booted.set()
            if name not in WANTED and not asked_for:
                return
            headers = headers_of(message)
            if not asked_for or headers.get("ActionID") not in self.responses:
                if name in WANTED:
                    self._on_event(headers)
                return
        answer = Message.from_line(message.decode("utf-8", "replace"))
        if answer is not None:
            self.handle_message(answer)

    def forget(self, action: Any) -> None:
        """Stop waiting for an action's answer."""
        self.responses.pop(action.id, None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._over(f"it closed the connection ({exc})" if exc else "it closed the connection")

    def abort(self, why: str) -> None:
        """Cut the connection, without waiting for what is still to be written."""
        self._over(why)
        self.transport.abort()

    def close(self) -> None:
        self.abort("closed by us")

    def _over(self, why: str) -> None:
        if self.closed:
            return
        self.closed = True
        self.why = why
        waiting, self.responses = self.responses, {}
        for action in waiting.values():
            if not action.future.done():
                action.future.set_exception(AmiUnavailableError(f"the connection was lost: {why}"))
                action.future.exception()  # looked at, should its caller be gone
        self.gone.set()
        self.booted.set()  # nobody need wait for that any more


class _Manager(Manager):  # type: ignore[misc]  # panoramisk has no types
    """panoramisk's Manager for one connection: it never reconnects, pings or sends again by itself."""

    pinger: asyncio.TimerHandle | None

    def connection_made(self, f: asyncio.Future[Any]) -> None:
        if f.cancelled() or f.exception() is not None:
            return  # whoever awaits the connect hears of it
        super().connection_made(f)
        self.protocol.log = _SILENT
        if self.pinger is not None:
            self.pinger.cancel()
            self.pinger = None

    def dispatch(self, event: Any) -> list[str]:
        """An answer whose action has been given up, dropped."""
        del event
        return []


class Wire:
    """One connection: actions with deadlines, events to one listener. When it is lost, make a new one."""

    def __init__(self, manager: Any) -> None:
        self._manager = manager
        self._protocol: _Protocol = manager.protocol

    @classmethod
    async def open(cls, host: str, port: int, on_event: Callable[[Headers], None]) -> Self:
        """Connect. Raises `OSError`."""
        manager = _Manager(host=host, port=port, log=_SILENT, protocol_factory=partial(_Protocol, on_event))
        try:
            await manager.connect()
        except asyncio.CancelledError:
            if manager.protocol is not None:
                manager.protocol.close()
            raise
        return cls(manager)

    @property
    def lost(self) -> str:
        """Why the connection is over; "" while it is up."""
        return self._protocol.why

    async def until_lost(self) -> None:
        """Wait until the connection is over."""
        await self._protocol.gone.wait()

    async def until_booted(self) -> None:
        """Wait until Asterisk has said that it is fully booted, or the connection is over."""
        await self._protocol.booted.wait()

    def cut(self, why: str) -> None:
        """End the connection now; everything that waits on it fails with `AmiUnavailableError`."""
        self._protocol.abort(why)

    async def login(self, username: str, secret: str, *, seconds: float) -> None:
        """Sign in. Raises `AmiLoginError` when the account is refused, `AmiUnavailableError` otherwise."""
        try:
            await self.ask("Login", {"Username": username, "Secret": secret, "Events": "on"}, seconds=seconds)
        except ActionRefusedError as refusal:
            if _WRONG_ACCOUNT not in refusal.reason.lower():  # as in "Asterisk is shutting down"
                raise AmiUnavailableError(f"Asterisk lets nobody in: {refusal.reason}") from None
            raise AmiLoginError(f"Asterisk refused the account {username!r}: {refusal.reason}") from None

    async def ask(self, action: str, fields: Fields, *, seconds: float, action_id: str = "") -> Any:
        """Send one action and give back its first answer.

        Raises `UnsafeValueError` (nothing was sent), `ActionRefusedError`, `NoSuchChannelError`,
        `AmiTimeoutError` and `AmiUnavailableError`.
        """
        answer = await self._send(action, fields, seconds, action_id, as_list=False)
        return _accepted(action, answer)

    async def ask_list(self, action: str, fields: Fields, *, seconds: float) -> list[Headers]:
        """Send one action that answers with a list of events, and give back these. Raises as `ask`."""
        answer = await self._send(action, fields, seconds, "", as_list=None)
        messages = answer if isinstance(answer, list) else [answer]
        _accepted(action, messages[0])
        return [dict(message) for message in messages[1:-1]]

    async def _send(
        self, action: str, fields: Fields, seconds: float, action_id: str, *, as_list: bool | None
    ) -> Any:
        all_safe({"Action": action, "ActionID": action_id, **fields})
        if self.lost:
            raise AmiUnavailableError(f"the connection was lost: {self.lost}", sent=False)
        order = Action({"Action": action, "ActionID": action_id or new_id("m"), **fields})
        try:
            async with asyncio.timeout(seconds):
                return await self._manager.send_action(order, as_list=as_list)
        except TimeoutError:
            raise AmiTimeoutError(f"no answer to {action} within {seconds:g} s") from None
        finally:
            self._protocol.forget(order)


def _accepted(action: str, answer: Any) -> Any:
    if answer.success:
        return answer
    reason = str(answer.message)
    refusal = NoSuchChannelError if reason.lower().startswith(_NO_CHANNEL) else ActionRefusedError
    raise refusal(action, reason)
