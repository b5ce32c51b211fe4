"""SIPp as those who are called: it answers whatever rings, and notes when each number was rung."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.caller import SCENARIOS, CallerError
from bench.lines import TRUNK

_LINE: Final = re.compile(r"^\S+\t\S+\t(?P<at>\d+\.\d+) (?P<number>\+?\d+)$")
"""Date, time, both again as Unix seconds, and the number."""
_FIRST: Final = 1.0
"""Seconds in which a SIPp that cannot begin has said so."""


@dataclass(frozen=True, slots=True)
class Called:
    """Those who answer."""

    log: Path

    def rung(self) -> list[tuple[datetime, str]]:
        """Who has been rung until now, and when."""
        return read_rung(self.log.read_text(encoding="utf-8")) if self.log.exists() else []


@asynccontextmanager
async def answering(
    scenario: str = "answer.xml", files: Mapping[str, bytes] | None = None
) -> AsyncIterator[Called]:
    """Answer at the trunk's address until the block ends; `files` are what the scenario plays, by name."""
    with TemporaryDirectory(prefix="centralino-sipp-") as folder:
        log = Path(folder) / "rung.log"
        for name, content in (files or {}).items():
            (Path(folder) / name).write_bytes(content)
        command = [
            "sipp", "-sf", str(SCENARIOS / "called" / scenario), "-aa", "-nostdin",
            "-i", TRUNK, "-mi", TRUNK, "-p", "5060", "-l", "5000",
            "-trace_logs", "-log_file", str(log),
        ]  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
        said = asyncio.ensure_future(process.communicate())
        try:
            await asyncio.wait([said], timeout=_FIRST)
            if said.done():
                raise CallerError(f"SIPp answers nobody: {said.result()[1].decode(errors='replace')[-500:]}")
            yield Called(log)
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
            await said


def read_rung(text: str) -> list[tuple[datetime, str]]:
    """When each number was rung, from SIPp's log; a line that is still being written is left out."""
    lines = (_LINE.match(line) for line in text.splitlines())
    return [(datetime.fromtimestamp(float(each["at"]), UTC), each["number"]) for each in lines if each]
