"""The SIP side of one call: its requests in order, its answers, its identity."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Protocol

from tests.sip.digest import Login, answer_challenge
from tests.sip.message import Message
from tests.sip.transaction import NoAnswerError, Transaction

Address = tuple[str, int]

_T1 = 0.5
_CONFIRM = 32.0
_REASONS = {180: "Ringing", 481: "No Such Call", 486: "Busy Here", 487: "Request Terminated", 603: "Decline"}
_PHRASES = {int(status): status.phrase for status in HTTPStatus}
_AUTHORISE = {401: ("WWW-Authenticate", "Authorization"), 407: ("Proxy-Authenticate", "Proxy-Authorization")}
_BRANCH = "z9hG4bK"


class Socket(Protocol):
    """What a dialog needs of its phone."""

    @property
    def contact(self) -> str:
        """The phone's own URI."""
        ...

    def send(self, message: Message, to: Address) -> None:
        """Put a message on the wire."""
        ...

    def open(self, request: Message, transaction: Transaction) -> None:
        """Direct the answers of a request to its transaction."""
        ...

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        """See work through in the background."""
        ...


def new_branch() -> str:
    """A fresh transaction identity."""
    return _BRANCH + secrets.token_hex(8)


def reply_to(request: Message, status: int, tag: str = "", contact: str = "", body: str = "") -> Message:
    """An answer to a request."""
    names = ("Via", "From", "To", "Call-ID", "CSeq", "Record-Route")
    headers = [(name, value) for name in names for value in request.every(name)]
    if tag and not request.tag("To"):
        headers = [(name, f"{value};tag={tag}" if name == "To" else value) for name, value in headers]
    if contact:
        headers.append(("Contact", f"<{contact}>"))
        headers.append(("Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS"))
    if body:
        headers.append(("Content-Type", "application/sdp"))
    reason = _REASONS.get(status) or _PHRASES.get(status, "Refused")
    return Message(status=status, reason=reason, headers=headers, body=body)


class Dialog:
    """The identity and the requests of one call. `invite` is the INVITE that made it, ours or theirs."""

    def __init__(self, socket: Socket, invite: Message, remote: Address, login: Login | None = None) -> None:
        """`remote` is where requests go."""
        self.invite = invite
        self.call_id = invite["Call-ID"]
        self.tag = secrets.token_hex(4)
        self._socket = socket
        self._remote = remote
        self._login = login
        self._number = 1
        self._last: Message | None = None
        self._confirmed = asyncio.Event()
        # Both ends as they stand in our own requests
        self._ours, self._theirs, self._target = invite["To"], invite["From"], invite.address("Contact")

    # As the caller.

    async def call(self, ringing: Callable[[], None]) -> Message:
        """Send our INVITE, with our name if asked for it, and acknowledge what comes: the final answer."""

        def provisional(message: Message) -> None:
            if message.status >= 180:
                ringing()

        login = self._login
        while True:
            request = self.invite
            response = await self._ask(request, provisional)
            self._number = request.cseq[0]
            if response.status >= 300:
                self._acknowledge_refusal(request, response)
            if response.status not in _AUTHORISE or login is None:
                break
            asking, answering = _AUTHORISE[response.status]
            proof = answer_challenge(response[asking], login, "INVITE", request.uri)
            login = None  # refused again, the password is wrong
            again = [(name, value) for name, value in request.headers if name not in ("Via", "CSeq")]
            again = [("Via", self._via()), ("CSeq", f"{self._number + 1} INVITE"), *again, (answering, proof)]
            self.invite = Message("INVITE", request.uri, headers=again, body=request.body)
        if response.status < 300:
            self._ours, self._theirs = self.invite["From"], response["To"]
            self._target = response.address("Contact") or self.invite.uri
            self.acknowledge()
        return response

    def acknowledge(self) -> None:
        """ACK the answer to our INVITE, also when it is repeated."""
        number = self.invite.cseq[0]
        self._socket.send(self._request("ACK", number), self._remote)

    def cancel(self) -> None:
        """Give up our INVITE."""
        keep = ("From", "To", "Call-ID", "Max-Forwards")
        headers = [(name, value) for name, value in self.invite.headers if name in keep]
        number = self.invite.cseq[0]
        headers = [("Via", self.invite["Via"]), *headers, ("CSeq", f"{number} CANCEL")]
        self._socket.spawn(self._through(Message("CANCEL", self.invite.uri, headers=headers)))

    # As the one who is called.

    def respond(self, status: int, body: str = "") -> None:
        """Answer their INVITE; a 200 is repeated until it is acknowledged."""
        self._last = reply_to(self.invite, status, self.tag, self._socket.contact, body)
        self._ours = self._last["To"]
        self._socket.send(self._last, self._remote)
        if status == 200:
            self._socket.spawn(self._repeat(self._last))

    def repeated(self) -> None:
        """Their INVITE came again."""
        if self._last is not None:
            self._socket.send(self._last, self._remote)

    def acknowledged(self) -> None:
        """Their ACK came."""
        self._confirmed.set()

    async def confirmed(self) -> None:
        """Wait for their ACK."""
        await asyncio.wait_for(self._confirmed.wait(), _CONFIRM)

    # As either.

    def bye(self) -> None:
        """End it."""
        self._number += 1
        self._socket.spawn(self._through(self._request("BYE", self._number)))

    async def _ask(self, request: Message, provisional: Callable[[Message], None] | None = None) -> Message:
        transaction = Transaction(lambda: self._socket.send(request, self._remote), provisional)
        self._socket.open(request, transaction)
        return await transaction.run()

    async def _through(self, request: Message) -> None:
        try:
            await self._ask(request)
        except NoAnswerError:
            return

    async def _repeat(self, response: Message) -> None:
        interval, waited = _T1, 0.0
        while waited < _CONFIRM:
            await asyncio.sleep(interval)
            if self._confirmed.is_set() or self._last is not response:
                return
            self._socket.send(response, self._remote)
            waited += interval
            interval = min(2 * interval, 4.0)

    def _acknowledge_refusal(self, request: Message, response: Message) -> None:
        headers = [
            ("Via", request["Via"]),
            ("Max-Forwards", "70"),
            ("From", request["From"]),
            ("To", response["To"]),
            ("Call-ID", self.call_id),
            ("CSeq", f"{request.cseq[0]} ACK"),
        ]
        self._socket.send(Message("ACK", request.uri, headers=headers), self._remote)

    def _request(self, method: str, number: int) -> Message:
        headers = [
            ("Via", self._via()),
            ("Max-Forwards", "70"),
            ("From", self._ours),
            ("To", self._theirs),
            ("Call-ID", self.call_id),
            ("CSeq", f"{number} {method}"),
            ("Contact", f"<{self._socket.contact}>"),
        ]
        return Message(method, self._target, headers=headers)

    def _via(self) -> str:
        place = self._socket.contact.partition("@")[2]
        return f"SIP/2.0/UDP {place};branch={new_branch()};rport"
