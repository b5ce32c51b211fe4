"""SIPp as a caller, and the barest FastAGI server: just enough to see what Asterisk does by itself."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from asterisk_conf import Bind

_SCENARIO = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="caller">
  <send retrans="500"><![CDATA[
INVITE sip:{target_user}@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: {caller};tag=[pid]SIPpTag00[call_number]
To: <sip:{target_user}@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=user1 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 96
a=rtpmap:8 PCMA/8000
a=rtpmap:96 telephone-event/8000
]]></send>
  <recv response="100" optional="true"></recv>
  <recv response="180" optional="true"></recv>
  <recv response="183" optional="true"></recv>
  <recv response="200"></recv>
  <send><![CDATA[
ACK sip:{target_user}@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: {caller};tag=[pid]SIPpTag00[call_number]
To: <sip:{target_user}@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0

]]></send>
  <recv request="BYE"></recv>
  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
</scenario>
"""


@dataclass
class Caller:
    """What came of a call: SIPp's exit code (0: the other side hung up in good order) and its words."""

    code: int
    said: str


async def ring(
    target: str, source: str, *, number: str = "0611", caller: str = "<sip:+393290000017@127.0.0.1>"
) -> Caller:
    """Ring a number from an address, listen until the other side hangs up."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = Path(folder, "caller.xml")
        scenario.write_text(_SCENARIO.format(target_user=number, caller=caller))
        process = await asyncio.create_subprocess_exec(
            "sipp", f"{target}:5060", "-sf", str(scenario), "-i", source, "-mi", source, "-p", "5070",
            "-m", "1", "-nostdin", "-recv_timeout", "20000", "-timeout", "40",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=folder,
        )  # fmt: skip
        said, _ = await process.communicate()
        return Caller(process.returncode or 0, said.decode(errors="replace"))


@dataclass
class AgiCall:
    """One connection of Asterisk to our server."""

    route: str
    header: dict[str, str]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def command(self, line: str) -> str:
        self.writer.write(line.encode() + b"\n")
        await self.writer.drain()
        return (await self.reader.readline()).decode().strip()


@dataclass
class Heard:
    """All calls that came in, in order."""

    calls: list[AgiCall] = field(default_factory=list)

    @property
    def routes(self) -> list[str]:
        return [call.route for call in self.calls]


@contextlib.asynccontextmanager
async def agi_server(at: Bind, answer: Callable[[AgiCall], Awaitable[None]]) -> AsyncIterator[Heard]:
    """Serve FastAGI until the block ends."""
    heard = Heard()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        header = {}
        while (line := (await reader.readline()).decode().strip()) != "":
            name, _, value = line.partition(": ")
            header[name] = value
        call = AgiCall(header.get("agi_network_script", ""), header, reader, writer)
        heard.calls.append(call)
        try:
            await answer(call)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, at.host, at.port)
    async with server:
        yield heard
