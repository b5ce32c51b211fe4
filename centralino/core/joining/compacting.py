"""Raw recordings of talks become small files, in the background and with all the time there is.

What is to be done is what lies in the folder: a raw file that has not grown for a while. So nothing has to be
remembered, and a crash at any moment loses nothing. The raw file goes last.
"""

import asyncio
import contextlib
import shutil
import subprocess
import wave
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from calls import RecordingMade
from centralino.core.joining.recording import COMPACT, PLAIN, RAW, call_of
from values import Clock

log = structlog.get_logger(__name__)

RATE, VOICES, BYTES = 8000, 2, 2
BITS_A_SECOND = "24k"
"""For both voices: speech of a telephone loses nothing that an ear would miss."""
STILL_SECONDS = 10.0
"""Not written to for so long: a talk writes every few seconds, also while both are silent."""
LOOK_SECONDS = 5.0
DEADLINE_SECONDS = 600.0
KEPT = timedelta(days=90)
PURPOSE = "talk"

_PRIVATE = 0o600


class Compacting:
    """Looks at a folder now and then. One a folder; it uses at most one processor, and yields that."""

    def __init__(
        self,
        folder: Path,
        recorded: Callable[[RecordingMade], None],
        clock: Clock,
        *,
        kept: timedelta = KEPT,
        still: float = STILL_SECONDS,
    ) -> None:
        """`recorded` is told of each recording that is kept, as `calls.Journal.recording`."""
        self._folder = folder
        self._recorded = recorded
        self._clock = clock
        self._kept = kept
        self._still = still
        self._refused: set[Path] = set()

    async def run(self) -> None:
        """Go on for ever."""
        while True:
            try:
                await self.once()
            except OSError as problem:
                log.warning("recording.not_compacted", why=str(problem))
            await self._clock.sleep(LOOK_SECONDS)

    async def once(self) -> int:
        """Compact all that is there and still; how many."""
        count = 0
        for raw in await asyncio.to_thread(_still, self._folder, self._clock.now(), self._still):
            if raw.path not in self._refused:
                count += await self._compact(raw)
        return count

    async def _compact(self, raw: "_Raw") -> bool:
        call_id = call_of(raw.path.stem)
        if call_id is None or not raw.size:
            await asyncio.to_thread(raw.path.unlink, missing_ok=True)  # nobody was joined
            return False
        seconds = raw.size / (RATE * VOICES * BYTES)
        kept = await _encoded(raw.path)
        if kept is None:
            kept = await asyncio.to_thread(_wrapped, raw.path)
        self._recorded(
            RecordingMade(
                call_id=call_id,
                path=str(kept),
                seconds=round(seconds, 2),
                at=raw.written - timedelta(seconds=seconds),
                purpose=PURPOSE,
                consent=True,  # the campaign or the contract says so; who objects asks for erasure
                expires=raw.written + self._kept,
            )
        )
        try:
            await asyncio.to_thread(raw.path.unlink)
        except OSError as problem:
            self._refused.add(raw.path)  # told once; the row is written already
            log.error("recording.raw_stays", file=raw.path.name, why=str(problem))  # noqa: TRY400
        log.info("recording.kept", call=call_id, seconds=round(seconds, 1), ending=kept.suffix)
        return True


@dataclass(frozen=True, slots=True)
class _Raw:
    """A recording as Asterisk left it."""

    path: Path
    size: int
    written: datetime


def best_ending() -> str:
    """What recordings end in on this machine."""
    return COMPACT if shutil.which("ffmpeg") else PLAIN


def _still(folder: Path, now: datetime, seconds: float) -> list[_Raw]:
    found = []
    for path in sorted(folder.glob(f"talk-*{RAW}")):
        status = path.stat()
        found.append(_Raw(path, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC)))
    return [raw for raw in found if now - raw.written > timedelta(seconds=seconds)]


async def _encoded(raw: Path) -> Path | None:
    """As Opus, by ffmpeg at the lowest priority; None when that is not possible."""
    program = shutil.which("ffmpeg")
    if program is None:
        return None
    target, draft = raw.with_suffix(COMPACT), raw.with_suffix(f"{COMPACT}.draft")
    command = [
        *(("nice", "-n", "19") if shutil.which("nice") else ()),
        program, "-nostdin", "-loglevel", "error", "-y",
        "-f", "s16le", "-ar", str(RATE), "-ac", str(VOICES), "-i", str(raw),
        "-c:a", "libopus", "-b:a", BITS_A_SECOND, "-application", "voip", "-threads", "1",
        "-f", "ogg", str(draft),
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    said = b"it took too long"
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DEADLINE_SECONDS):
                _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 0:
        return await asyncio.to_thread(_finished, draft, target)
    log.error("recording.not_encoded", file=raw.name, why=said.decode(errors="replace")[-300:])
    await asyncio.to_thread(draft.unlink, missing_ok=True)
    return None


def _wrapped(raw: Path) -> Path:
    """As it is, with the heading of a wave file."""
    target, draft = raw.with_suffix(PLAIN), raw.with_suffix(f"{PLAIN}.draft")
    with raw.open("rb") as source, wave.open(str(draft), "wb") as sink:
        sink.setnchannels(VOICES)
        sink.setsampwidth(BYTES)
        sink.setframerate(RATE)
        while part := source.read(1 << 20):
            sink.writeframes(part)
    return _finished(draft, target)


def _finished(draft: Path, target: Path) -> Path:
    """The whole file appears at once, for its owner only."""
    draft.chmod(_PRIVATE)
    draft.replace(target)
    return target
