"""The wire of one call: lines in, lines out, one command at a time."""

import asyncio
from collections.abc import Callable
from typing import Protocol, cast

from agi.errors import CommandError, GarbageError
from agi.limits import INSTANT, Limits, Observer, Refusal
from agi.replies import DEAD_CHANNEL, FAILED, OK, USAGE, USAGE_FIRST, USAGE_LAST, Reply, parse_reply
from values import Clock, HangupError

_LISTEN = b"WAIT FOR DIGIT -1\n"
_MOST_KEYS_AHEAD = 32


class Desk(Protocol):
    """Who decides about connections: the server."""

    clock: Clock
    limits: Limits
    observer: Observer | None

    def connected(self, connection: "Connection") -> Refusal | None:
        """A peer connected; say why it may not stay, if so."""
        ...

    def headed(self, connection: "Connection", lines: list[bytes]) -> None:
        """Its heading is complete."""
        ...

    def refused(self, connection: "Connection", why: Refusal) -> None:
        """It was turned away before it became a session."""
        ...

    def garbled(self, connection: "Connection", problem: GarbageError) -> None:
        """A session's peer said something that is no AGI."""
        ...


class Connection(asyncio.Protocol):
    """One FastAGI connection.

    Asterisk drops keys pressed while it waits for our next command. So that nothing typed ahead is lost, an
    idle connection can `listen`: it leaves a `WAIT FOR DIGIT` pending, which any next command ends, and
    gathers the keys.
    """

    def __init__(self, desk: Desk) -> None:
        """`desk` is told what becomes of the connection."""
        self.over = False
        """Whether the caller is gone, or the connection is."""
        self.ahead = ""
        """Keys pressed ahead, in order."""
        self.used = 0.0
        """When the last answer came, by the clock's monotonic time; 0 while a command is under way."""
        self.peer = ""
        self._desk = desk
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._heading: list[bytes] | None = []
        self._heading_bytes = 0
        self._usage_bytes = 0
        self._waiter: asyncio.Future[Reply] | None = None
        self._listening = False
        self._resume = False
        self._lock = asyncio.Lock()
        self._ends: list[Callable[[], None]] = []
        self._on_key: Callable[[], None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    # What the event loop tells us.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the clock on the heading."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are not of its class
        peer = transport.get_extra_info("peername")
        self.peer = str(peer[0]) if peer else ""
        why = self._desk.connected(self)
        if why is not None:
            self.refuse(why)
            return
        self.expire(self._desk.limits.header_seconds, lambda: self.refuse(Refusal.HEADER_TIMEOUT))

    def data_received(self, data: bytes) -> None:
        """Take in whatever came, in whole lines."""
        if self._rest:
            data = self._rest + data
        lines = data.split(b"\n")
        self._rest = lines.pop()
        limits = self._desk.limits
        if self._heading is not None and self._heading_bytes + len(data) > limits.header_bytes:
            self.refuse(Refusal.HEADER_SIZE)
            return
        for number, line in enumerate(lines):
            if self._transport is None:
                return
            if self._heading is None:
                self._line(line.removesuffix(b"\r"))
            elif line in (b"", b"\r"):
                self._headed(lines[number + 1 :])
                return
            else:
                self._heading.append(line)
                self._heading_bytes += len(line) + 1
                if len(self._heading) > limits.header_lines:
                    self.refuse(Refusal.HEADER_LINES)
                    return
        if len(self._rest) > limits.reply_bytes:
            self._garbled(GarbageError("an answer without an end"))

    def eof_received(self) -> None:
        """The peer will say no more; neither do we."""

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  (asyncio names it)
        """The peer went away: whoever waits is told it as a hang-up."""
        if self._heading is not None and self._transport is not None:
            self._heading, self._transport = None, None
            self._desk.refused(self, Refusal.CLOSED_EARLY)
        self._transport = None
        self._cancel_timer()
        self.end()

    # What the session asks of us.

    async def command(self, text: str) -> Reply:
        """Send one command and wait for its answer, after the commands before it.

        A result of -1 means failed or gone; then another round trip finds out which, as HANGUP comes before
        the next answer. Raises `HangupError` when the caller is gone, `CommandError` when Asterisk refuses
        the command.
        """
        reply = await self.ask(text)
        if reply.result == FAILED:
            await self.ask("NOOP")
        return reply

    async def ask(self, text: str, *, resume: bool = True) -> Reply:
        """Like `command`, but give an answer of -1 as it is; `resume`: go on gathering keys after it."""
        async with self._lock:
            if self._waiter is not None:
                await self._settled()
            self.check()
            assert self._transport is not None  # noqa: S101  (for the types; else it were over)
            observer, clock = self._desk.observer, self._desk.clock
            began = clock.monotonic() if observer is not None else 0.0
            self.used = 0.0
            self._resume = resume and self._listening
            waiter = self._waiter = asyncio.get_running_loop().create_future()
            self._transport.write(text.encode("utf-8", "replace") + b"\n")
            reply: Reply = await waiter
        if reply.code != OK:
            raise CommandError(_verb(text), reply.code, reply.note)
        if observer is not None and (verb := _verb(text)) in INSTANT:
            observer(verb, clock.monotonic() - began)
        return reply

    def listen(self) -> None:
        """Gather keys pressed from now on, until the next command; not while one is under way."""
        if self.over or self._waiter is not None or self._listening or self._transport is None:
            return
        if self._lock.locked() or len(self.ahead) >= _MOST_KEYS_AHEAD:
            return
        self._listening = True
        self._transport.write(_LISTEN)

    def on_key(self, tell: Callable[[], None] | None) -> None:
        """Call `tell` for each key gathered from now on; None: nobody."""
        self._on_key = tell

    async def hush(self) -> None:
        """Stop gathering, so that `ahead` holds all that was pressed."""
        if self._listening:
            await self.ask("NOOP", resume=False)

    def check(self) -> None:
        """Raise `HangupError` if it is over."""
        if self.over or self._transport is None:
            raise HangupError

    def end(self) -> None:
        """The caller is gone: what waits, and all that is asked from now on, raises `HangupError`."""
        if self.over:
            return
        self.over = True
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_exception(HangupError())
        ends, self._ends = self._ends, []
        for tell in ends:
            tell()

    def on_end(self, tell: Callable[[], None]) -> None:
        """Call `tell` at the end, at once if it is over already."""
        if self.over:
            tell()
        else:
            self._ends.append(tell)

    def forget(self, tell: Callable[[], None]) -> None:
        """Take back what was given to `on_end`."""
        if tell in self._ends:
            self._ends.remove(tell)

    def expire(self, seconds: float, then: Callable[[], None]) -> None:
        """Call `then` after so many seconds, instead of what was to expire before."""
        self._cancel_timer()
        self._timer = asyncio.get_running_loop().call_later(seconds, then)

    def refuse(self, why: Refusal) -> None:
        """Turn the peer away before it becomes a session."""
        transport, self._transport = self._transport, None
        self._heading, self._rest = None, b""
        self._cancel_timer()
        self.end()
        if transport is not None:
            transport.abort()
            self._desk.refused(self, why)

    def close(self) -> None:
        """Let go of the call: Asterisk goes on in its dialplan."""
        transport, self._transport = self._transport, None
        self._cancel_timer()
        self.end()
        if transport is not None:
            transport.close()

    # Inside.

    async def _settled(self) -> None:
        # The command before was given up by whoever awaited it, but the line is still busy with it.
        self._waiter = asyncio.get_running_loop().create_future()
        await self._waiter

    def _headed(self, after: list[bytes]) -> None:
        heading, self._heading = self._heading, None
        self._cancel_timer()
        assert heading is not None  # noqa: S101  (the caller looked)
        self._desk.headed(self, heading)
        for line in after:
            self._line(line.removesuffix(b"\r"))

    def _line(self, line: bytes) -> None:
        try:
            if self._usage_bytes:
                self._usage(line)
            elif line == b"HANGUP":
                self.end()
            elif line.startswith(USAGE_FIRST):
                self._usage_bytes = 1
            elif not line.startswith(b"1"):  # 100-answers only say that work goes on
                self._answer(parse_reply(line))
        except GarbageError as problem:
            self._garbled(problem)

    def _usage(self, line: bytes) -> None:
        if line.startswith(USAGE_LAST):
            self._usage_bytes = 0
            self._answer(Reply(USAGE, "", "wrong usage"))
            return
        self._usage_bytes += len(line) + 1
        if self._usage_bytes > self._desk.limits.reply_bytes:
            raise GarbageError("a usage message without an end")

    def _answer(self, reply: Reply) -> None:
        if self.over:
            return
        if self._listening:
            self._heard(reply)
            return
        waiter, self._waiter = self._waiter, None
        if waiter is None:
            raise GarbageError("an answer to nothing")
        self.used = self._desk.clock.monotonic()
        if reply.code == DEAD_CHANNEL:
            if not waiter.done():
                waiter.set_exception(HangupError())
            self.end()
            return
        if not waiter.done():
            waiter.set_result(reply)
        if self._resume:
            # after whoever waits has gone on, perhaps with the next command
            asyncio.get_running_loop().call_soon(self.listen)

    def _heard(self, reply: Reply) -> None:
        # 1: another command ended the waiting; 0 or -1: the channel is going; else the code of a key
        self._listening = False
        if reply.code == OK and (key := reply.key):
            self.ahead += key
            if self._on_key is not None:
                self._on_key()
            if self._waiter is None:
                self.listen()

    def _garbled(self, problem: GarbageError) -> None:
        self._rest = b""
        self._desk.garbled(self, problem)
        self.close()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _verb(text: str) -> str:
    words = text.split(" ", 2)
    if words[0] == "GET" and text.startswith("GET FULL"):
        return "GET FULL VARIABLE"
    return " ".join(words[:2]) if len(words) > 1 and words[0] != "EXEC" else words[0]
