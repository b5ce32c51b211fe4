"""SIPp as the callers: it rings, and counts what became of each call."""

import asyncio
import csv
import signal
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.figures import Burst

SCENARIOS: Final = Path(__file__).parent / "scenarios"
_PATIENCE: Final = 30.0
"""Seconds that calls under way may take when no new ones begin."""


class CallerError(Exception):
    """SIPp did not do what it was asked."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Rings one node from one address, as the customers whose numbers are in `numbers`, in turn."""

    node: str
    address: str
    numbers: Path

    async def full_speed(self, service: str, *, at_once: int, seconds: float) -> Burst:
        """Always so many calls at once, each followed by the next, for so many seconds."""
        return await self._run("call.xml", service, ["-users", str(at_once)], seconds=seconds)

    async def steady(self, service: str, *, rate: float, seconds: float) -> Burst:
        """So many calls a second, however long each takes."""
        options = ["-r", f"{rate:g}", "-m", str(round(rate * seconds)), "-l", "5000"]
        return await self._run("call.xml", service, options, seconds=seconds + _PATIENCE)

    async def stay(self, service: str, *, calls: int, rate: float, seconds: float) -> Burst:
        """So many calls, each up for so many seconds."""
        options = ["-r", f"{rate:g}", "-m", str(calls), "-l", str(calls), "-d", str(round(seconds * 1000))]
        return await self._run("stay.xml", service, options, seconds=calls / rate + seconds + _PATIENCE)

    async def _run(self, scenario: str, service: str, options: list[str], *, seconds: float) -> Burst:
        with TemporaryDirectory(prefix="centralino-sipp-") as folder:
            statistics = Path(folder) / "statistics.csv"
            command = [
                "sipp", f"{self.node}:5060", "-sf", str(SCENARIOS / scenario), "-s", service,
                "-i", self.address, "-mi", self.address, "-p", "6060", "-nostdin",
                "-inf", str(self.numbers), *options,
                "-trace_stat", "-stf", str(statistics), "-fd", "1",
            ]  # fmt: skip
            process = await asyncio.create_subprocess_exec(
                *command, cwd=folder, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
            )
            try:
                said = await _ended(process, seconds)
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
            if not statistics.exists():
                raise CallerError(f"SIPp made no calls: {said.strip()[-500:]}")
            return read_statistics(statistics.read_text(encoding="utf-8"))


async def _ended(process: asyncio.subprocess.Process, seconds: float) -> str:
    """Let it call for so long, have it make no new calls, and wait for its end."""
    talking = asyncio.ensure_future(process.communicate())
    await asyncio.wait([talking], timeout=seconds)
    if not talking.done():
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGUSR1)
    try:
        async with asyncio.timeout(_PATIENCE):
            _, said = await talking
    except TimeoutError:
        raise CallerError("SIPp did not end when it was asked to") from None
    return said.decode(errors="replace")


def read_statistics(text: str) -> Burst:
    """The last line of SIPp's statistics. Raises `CallerError` when there is none."""
    rows = list(csv.DictReader(StringIO(text), delimiter=";"))
    if not rows:
        raise CallerError("SIPp wrote no statistics")
    last = rows[-1]
    made = int(last["SuccessfulCall(C)"])
    return Burst(made, int(last["TotalCallCreated"]) - made, _seconds(last["ElapsedTime(C)"]))


def _seconds(text: str) -> float:
    """`00:00:08:250000` as seconds: hours, minutes, seconds, and a fraction."""
    hours, minutes, seconds, *rest = text.split(":")
    fraction = float(f"0.{rest[0]}") if rest else 0.0
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds) + fraction
