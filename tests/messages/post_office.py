"""A small mail server for tests: real SMTP on loopback, optionally with STARTTLS and a password."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast


@dataclass(slots=True)
class PostOffice:
    """What it was given, and how it shall behave."""

    port: int = 0
    context: ssl.SSLContext | None = None
    password: str = ""
    """Whoever signs in must know it."""
    answers: dict[str, str] = field(default_factory=dict)
    """What it says to a command instead: `{"DATA": "451 busy"}`, `{"RCPT TO:<x@y>": "550 no"}`."""
    hang_up_after_data: bool = False
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One conversation."""
        try:
            await _Talk(self, reader, writer).run()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@dataclass(slots=True)
class _Talk:
    office: PostOffice
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    encrypted: bool = False

    async def run(self) -> None:
        self.say("220 test")
        while line := (await self.reader.readline()).decode().strip():
            word = line.upper().split(" ")[0]
            if canned := self.office.answers.get(line) or self.office.answers.get(word):
                self.say(canned)
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                await self.do(word, line)
            await self.writer.drain()

    async def do(self, word: str, line: str) -> None:
        if word == "EHLO":
            ways = ["STARTTLS"] if self.office.context and not self.encrypted else ["AUTH PLAIN"]
            self.say("250-test")
            for way in ways:
                self.say(f"250-{way}")
            self.say("250 SIZE 50000000")
        elif word == "STARTTLS" and self.office.context:
            self.say("220 go")
            await self.writer.drain()
            await self.writer.start_tls(self.office.context)
            self.encrypted = True
        elif word == "AUTH":
            said = base64.b64decode(line.split(" ")[2]).split(b"\0")
            self.say("235 in" if said[2].decode() == self.office.password else "535 who are you")
        elif word == "MAIL":
            self.sender = line.partition("<")[2].partition(">")[0]
            self.say("250 ok")
        elif word == "RCPT":
            self.recipients.append(line.partition("<")[2].partition(">")[0])
            self.say("250 ok")
        elif word == "DATA":
            self.say("354 go on")
            await self.writer.drain()
            await self.take(await self.reader.readuntil(b"\r\n.\r\n"))
        else:
            self.say("250 ok")

    async def take(self, data: bytes) -> None:
        body = data[: -len(b".\r\n")].replace(b"\r\n..", b"\r\n.")
        self.office.letters.append(cast("EmailMessage", message_from_bytes(body, policy=default)))
        self.office.envelopes.append((self.sender, self.recipients))
        self.office.encrypted.append(self.encrypted)
        if self.office.hang_up_after_data:
            raise ConnectionResetError
        self.say("250 taken")

    def say(self, words: str) -> None:
        self.writer.write(words.encode() + b"\r\n")


@asynccontextmanager
async def post_office(**words: object) -> AsyncIterator[PostOffice]:
    """A mail server that is up."""
    office = PostOffice(**words)  # type: ignore[arg-type]
    server = await asyncio.start_server(office.serve, "127.0.0.1", 0, limit=64 * 1024 * 1024)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
        await server.wait_closed()
