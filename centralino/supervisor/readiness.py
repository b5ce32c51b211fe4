"""How one knows that a part serves, without disturbing it."""

import asyncio
import http.client
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil

from asterisk_conf import AmiAccount
from asterisk_conf.launcher import fully_booted
from centralino.settings import Address
from centralino.supervisor.part import Ready


def listens(*addresses: Address) -> Ready:
    """It holds these TCP addresses open. Asked of the kernel: nobody connects and goes away again."""
    wanted = {(address.host, address.port) for address in addresses}

    async def ready(pid: int) -> bool:
        return wanted <= _held(pid)

    return ready


def booted(account: AmiAccount) -> Ready:
    """An Asterisk says that everything has come up."""

    async def ready(pid: int) -> bool:  # noqa: ARG001  (an Asterisk is known by its manager port)
        return await asyncio.to_thread(fully_booted, account)

    return ready


def answers_ping(path: Path) -> Ready:
    """A Redis answers on its socket."""

    async def ready(pid: int) -> bool:  # noqa: ARG001  (a Redis is known by its socket)
        try:
            async with asyncio.timeout(1):
                reader, writer = await asyncio.open_unix_connection(path)
                writer.write(b"PING\r\n")
                said = await reader.readline()
                writer.close()
        except (OSError, TimeoutError):
            return False
        return said == b"+PONG\r\n"

    return ready


def serves(address: Address, path: str) -> Callable[[], Awaitable[bool]]:
    """A page of ours is there, and all is well with what it stands on."""

    def asked() -> bool:
        connection = http.client.HTTPConnection(address.host, address.port, timeout=2)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    async def ready() -> bool:
        return await asyncio.to_thread(asked)

    return ready


def _held(pid: int) -> set[tuple[str, int]]:
    try:
        process = psutil.Process(pid)
        return {
            (each.laddr.ip, each.laddr.port)
            for member in (process, *process.children(recursive=True))
            for each in member.net_connections("tcp")
            if each.status == psutil.CONN_LISTEN
        }
    except psutil.Error:
        return set()
