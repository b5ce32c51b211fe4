"""A private Redis for tests, on a socket."""

import asyncio
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


class RedisServer:
    """Starts and stops as often as a test likes; open to the account that the parts run as."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    async def start(self) -> None:
        place = ["--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "777"]
        arguments = [*place, "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(["redis-server", *arguments], stdout=subprocess.DEVNULL)  # noqa: S603, S607, ASYNC220  (our own words; it returns at once)
        async with asyncio.timeout(10):
            while not self._listens():  # noqa: ASYNC110  (another process makes it)
                await asyncio.sleep(0.01)

    def _listens(self) -> bool:
        """Its socket is there a moment before it answers."""
        with socket.socket(socket.AF_UNIX) as line:
            return line.connect_ex(str(self.socket)) == 0

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None
        self.socket.unlink(missing_ok=True)


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """Not yet started."""
    made = RedisServer(tmp_path)
    yield made
    made.stop()
