"""A telephone: a UDP socket, its calls, and what it does when it rings."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from types import TracebackType
from typing import Self

from tests.sip.call import Call, CallState
from tests.sip.dialog import Address, Dialog, new_branch, reply_to
from tests.sip.digest import Login, answer_challenge
from tests.sip.g711 import PCMA, PCMU, Codec
from tests.sip.message import Message, read_message
from tests.sip.rtp import Voice
from tests.sip.transaction import NoAnswerError, Transaction

Behaviour = Callable[[Call], Awaitable[None]]

_UNAUTHORISED = 401


async def pick_up(call: Call) -> None:
    """Answer at once and listen."""
    await call.answer()


class SipPhone(asyncio.DatagramProtocol):
    """A SIP user agent on an address of its own.

    `async with SipPhone("127.0.30.5") as phone:` places calls with `call`, and does with incoming calls what
    `on_call` says. Leaving the block hangs up whatever is still up. What goes wrong in a behaviour is raised
    there.
    """

    def __init__(
        self,
        host: str,
        port: int = 0,
        *,
        user: str = "phone",
        codecs: tuple[Codec, ...] = (PCMA, PCMU),
        login: Login | None = None,
    ) -> None:
        """Port 0 takes a free one; `login` answers challenges."""
        self.host, self.port = host, port
        self.on_call: Behaviour = pick_up
        self.calls: list[Call] = []
        """Every call so far, in order."""
        self._user = login.user if login else user
        self._codecs = codecs
        self._login = login
        self._transport: asyncio.DatagramTransport | None = None
        self._dialogs: dict[str, Call] = {}
        self._invitations: set[str] = set()
        """Call-IDs of the INVITEs that came."""
        self._transactions: dict[tuple[str, str], Transaction] = {}
        self._works: set[asyncio.Task[None]] = set()
        self._behaviours: dict[Call, asyncio.Task[None]] = {}
        self._problem: BaseException | None = None
        self._rang = asyncio.Event()
        self._number = 0

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, (self.host, self.port))
        self.port = self._transport.get_extra_info("sockname")[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for behaviour in self._behaviours.values():
            behaviour.cancel()
        for call in self.calls:
            call.hangup()
        if self._works:
            _, late = await asyncio.wait(self._works, timeout=2.0)
            for work in late:
                work.cancel()
        await asyncio.gather(*self._works, *self._behaviours.values(), return_exceptions=True)
        for call in self.calls:
            call.voice.close()  # also of one whose other side did not answer our goodbye in time
        if self._transport is not None:
            self._transport.close()
            await asyncio.sleep(0)
        if self._problem is not None and kind is None:
            raise self._problem

    @property
    def contact(self) -> str:
        """The phone's own URI."""
        return f"sip:{self._user}@{self.host}:{self.port}"

    async def call(
        self, uri: str, *, caller: str = "", name: str = "", headers: tuple[tuple[str, str], ...] = ()
    ) -> Call:
        """Begin a call to `sip:user@host:port`; what becomes of it is told by `answered()` or `refused()`."""
        voice = await Voice.open(self.host, self._codecs)
        user, tag = caller or self._user, secrets.token_hex(4)
        shown = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '" ' if name else ""
        fields = [
            ("Via", f"SIP/2.0/UDP {self.host}:{self.port};branch={new_branch()};rport"),
            ("Max-Forwards", "70"),
            ("From", f"{shown}<sip:{user}@{self.host}>;tag={tag}"),
            ("To", f"<{uri}>"),
            ("Call-ID", secrets.token_hex(12)),
            ("CSeq", "1 INVITE"),
            ("Contact", f"<{self.contact}>"),
            ("Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS"),
            *headers,
            ("Content-Type", "application/sdp"),
        ]
        invite = Message("INVITE", uri, headers=fields, body=voice.media.text())
        dialog = Dialog(self, invite, address_of(uri), self._login)
        call = Call(dialog, voice, incoming=False)
        self._keep(call)
        self.spawn(self._place(call))
        return call

    async def rings(self, *, within: float = 20.0) -> Call:
        """Wait for the next incoming call."""
        known = sum(call.incoming for call in self.calls)
        async with asyncio.timeout(within):
            while True:
                incoming = [call for call in self.calls if call.incoming]
                if len(incoming) > known:
                    return incoming[known]
                self._rang.clear()
                await self._rang.wait()

    async def register(self, registrar: str, *, expires: int = 300) -> int:
        """Tell a registrar (`sip:host:port`) where we are; `expires=0` takes it back. Gives the status."""
        return await self._outside("REGISTER", registrar, (("Expires", str(expires)),))

    async def options(self, uri: str) -> int:
        """Ask somebody whether he is there. Gives the SIP status."""
        return await self._outside("OPTIONS", uri, ())

    # What dialogs ask of us.

    def send(self, message: Message, to: Address) -> None:
        """Put a message on the wire."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(message.packed(), to)

    def open(self, request: Message, transaction: Transaction) -> None:
        """Direct the answers of a request to its transaction."""
        self._transactions[request.branch, request.method] = transaction

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        """See work through in the background."""
        task = asyncio.get_running_loop().create_task(work)
        self._works.add(task)
        task.add_done_callback(self._works.discard)

    # What comes in.

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Direct a message to where it belongs."""
        message = read_message(data)
        if message is None:
            return
        if message.method:
            self._asked(message, addr)
            return
        transaction = self._transactions.get((message.branch, message.cseq[1]))
        if transaction is not None:
            call = self._dialogs.get(message["Call-ID"])
            if call is not None and call.state is CallState.UP and message.cseq[1] == "INVITE":
                call.dialog.acknowledge()  # their 200 came again: our ACK was lost
            transaction.answered(message)

    def _asked(self, request: Message, addr: Address) -> None:
        call = self._dialogs.get(request["Call-ID"])
        if request.method == "INVITE" and call is None:
            self._invited(request, addr)
        elif request.method == "OPTIONS":
            self.send(reply_to(request, 200, secrets.token_hex(4), self.contact), addr)
        elif call is None:
            if request.method != "ACK":
                self.send(reply_to(request, 481), addr)
        elif request.method == "ACK":
            call.dialog.acknowledged()
        elif request.method == "INVITE":
            self._invited_again(call, request, addr)
        elif request.method == "CANCEL":
            self.send(reply_to(request, 200, call.dialog.tag), addr)
            if call.state in (CallState.DIALLING, CallState.RINGING):
                call.dialog.respond(487)
                call.ended(request)
                self._let_go(call)
        else:
            self.send(reply_to(request, 200, call.dialog.tag), addr)
            if request.method == "BYE":
                call.ended(request)
                self._let_go(call)

    def _invited(self, request: Message, addr: Address) -> None:
        self.send(reply_to(request, 100), addr)
        # On a busy machine it may come again before it is taken.
        if request["Call-ID"] not in self._invitations:
            self._invitations.add(request["Call-ID"])
            self.spawn(self._take(request, addr))

    def _invited_again(self, call: Call, request: Message, addr: Address) -> None:
        if request.branch == call.dialog.invite.branch:
            call.dialog.repeated()
            return
        call.moved(request)
        answer = reply_to(request, 200, call.dialog.tag, self.contact, call.voice.media.text(version=2))
        self.send(answer, addr)

    async def _take(self, request: Message, addr: Address) -> None:
        dialog = Dialog(self, request, addr)
        call = Call(dialog, await Voice.open(self.host, self._codecs), incoming=True)
        self._keep(call)
        self._rang.set()
        self._behaviours[call] = asyncio.get_running_loop().create_task(self._behave(call))

    async def _behave(self, call: Call) -> None:
        try:
            await self.on_call(call)
        except Exception as problem:  # noqa: BLE001  (raised where the test leaves the phone)
            if call.state is not CallState.OVER:
                self._problem = self._problem or problem

    async def _place(self, call: Call) -> None:
        try:
            response = await call.dialog.call(call.rings_there)
        except NoAnswerError:
            call.lost()
            return
        if response.status < 300:
            call.taken(response)
        else:
            call.ended(response)

    async def _outside(self, method: str, uri: str, extra: tuple[tuple[str, str], ...]) -> int:
        call_id, tag = secrets.token_hex(12), secrets.token_hex(4)
        proof: tuple[tuple[str, str], ...] = ()
        to = f"<sip:{self._user}@{uri.removeprefix('sip:')}>" if method == "REGISTER" else f"<{uri}>"
        while True:
            self._number += 1
            headers = [
                ("Via", f"SIP/2.0/UDP {self.host}:{self.port};branch={new_branch()};rport"),
                ("Max-Forwards", "70"),
                ("From", f"<{self.contact if method == 'OPTIONS' else to[1:-1]}>;tag={tag}"),
                ("To", to),
                ("Call-ID", call_id),
                ("CSeq", f"{self._number} {method}"),
                ("Contact", f"<{self.contact}>"),
                *extra,
                *proof,
            ]
            request = Message(method, uri, headers=headers)
            transaction = Transaction(partial(self.send, request, address_of(uri)))
            self.open(request, transaction)
            response = await transaction.run()
            if response.status != _UNAUTHORISED or proof or self._login is None:
                return response.status
            proof = (
                ("Authorization", answer_challenge(response["WWW-Authenticate"], self._login, method, uri)),
            )

    def _keep(self, call: Call) -> None:
        self.calls.append(call)
        self._dialogs[call.dialog.call_id] = call

    def _let_go(self, call: Call) -> None:
        behaviour = self._behaviours.get(call)
        if behaviour is not None:
            behaviour.cancel()


def address_of(uri: str) -> Address:
    """Where a URI leads: `sip:0611@127.0.0.1:5060`."""
    host, _, port = uri.removeprefix("sip:").rpartition("@")[2].partition(";")[0].partition(":")
    return host, int(port or 5060)
