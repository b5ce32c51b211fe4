"""An Asterisk manager interface that can be told to misbehave."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Self

GREETING = b"Asterisk Call Manager/11.0.0\r\n"
BOOTED = b"Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted\r\n\r\n"

Action = dict[str, str]
Answer = Callable[[Action], bytes]


def lines(**headers: object) -> bytes:
    """A message: `_` in a name stands for `-`."""
    return (
        "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()).encode()
        + b"\r\n"
    )


def success(action: Action, **more: object) -> bytes:
    return lines(Response="Success", ActionID=action["ActionID"], **more)


def refusal(reason: str) -> Answer:
    return lambda action: lines(Response="Error", ActionID=action["ActionID"], Message=reason)


def silence(_: Action) -> bytes:
    return b""


def channel(uniqueid: str, name: str = "PJSIP/trunk-00000001", state: int = 0) -> dict[str, object]:
    return {
        "Channel": name,
        "ChannelState": state,
        "CallerIDNum": "<unknown>",
        "CallerIDName": "<unknown>",
        "Context": "outbound",
        "Exten": "s",
        "Uniqueid": uniqueid,
        "Linkedid": uniqueid,
    }


def event(name: str, **headers: object) -> bytes:
    return lines(Event=name, Privilege="call,all", **headers)


def new_channel(uniqueid: str) -> bytes:
    return event("Newchannel", **channel(uniqueid))


def state(uniqueid: str, code: int) -> bytes:
    return event("Newstate", **channel(uniqueid, state=code))


def hangup(uniqueid: str, cause: int = 16, sip: str = "") -> bytes:
    tech = {"TechCause": sip} if sip else {}
    return event("Hangup", **channel(uniqueid), Cause=cause, **{"Cause-txt": "as told"}, **tech)


def originated(action: Action, response: str, reason: int) -> bytes:
    return event(
        "OriginateResponse",
        ActionID=action["ActionID"],
        Response=response,
        Channel=action["Channel"],
        Reason=reason,
        Uniqueid=action["ChannelId"],
    )


class Peer:
    """Signs anybody in, answers pings and lists `channels`, unless told otherwise."""

    def __init__(self) -> None:
        self.greeting = GREETING
        self.channels: list[str] = []
        self.answers: dict[str, Answer] = {
            "Login": lambda action: success(action, Message="Authentication accepted") + BOOTED,
            "Ping": lambda action: success(action, Ping="Pong"),
            "CoreShowChannels": self.channel_list,
        }
        self.received: list[Action] = []
        self.connections = 0
        self.raw = b""
        self._news = asyncio.Condition()
        self._writers: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.20.9", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server
        self._server.close()
        self.drop()
        await self._server.wait_closed()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def drop(self) -> None:
        """Cut every connection, as when Asterisk is killed."""
        for writer in self._writers:
            writer.transport.abort()

    def say(self, *messages: bytes) -> None:
        for writer in self._writers:
            writer.write(b"".join(messages))

    def channel_list(self, action: Action) -> bytes:
        mine = {"ActionID": action["ActionID"]}
        rows = [
            lines(Event="CoreShowChannel", **mine, **channel(one, state=6), BridgeId="")
            for one in self.channels
        ]
        begin = success(action, EventList="start", Message="Channels will follow")
        end = lines(Event="CoreShowChannelsComplete", **mine, EventList="Complete", ListItems=len(rows))
        return b"".join([begin, *rows, end])

    def count(self, name: str) -> int:
        return sum(action["Action"] == name for action in self.received)

    async def saw(self, name: str, times: int = 1) -> Action:
        """Wait until an action has come so many times; the last of them."""
        async with asyncio.timeout(10), self._news:
            await self._news.wait_for(lambda: self.count(name) >= times)
        return [action for action in self.received if action["Action"] == name][-1]

    async def saw_connections(self, count: int) -> None:
        async with asyncio.timeout(10), self._news:
            await self._news.wait_for(lambda: self.connections >= count)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        self.connections += 1
        await self._tell()
        try:
            writer.write(self.greeting)
            while True:
                message = await reader.readuntil(b"\r\n\r\n")
                self.raw += message
                action = dict(line.split(": ", 1) for line in message.decode().strip().split("\r\n"))
                self.received.append(action)
                writer.write(self.answers.get(action["Action"], success)(action))
                await self._tell()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()
