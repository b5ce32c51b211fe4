"""Recordings as wave files, which every browser can seek in: made when they are wanted, kept for a while."""

import asyncio
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import structlog

from values import CentralinoError, Clock

log = structlog.get_logger(__name__)

WAVE: Final = ".wav"
KEPT_SECONDS: Final = 900.0
"""How long after the last listening a file that was made is kept."""
DEADLINE_SECONDS: Final = 60.0


class UnplayableError(CentralinoError):
    """This recording cannot be played here: there is no ffmpeg, or the file is damaged."""

    error_id = "recording-unplayable"


class Sounds:
    """Makes them, each once at a time, in a folder of its own that goes with the process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._folder: Path | None = None
        self._locks: dict[str, asyncio.Lock] = {}
        self._used: dict[Path, float] = {}

    async def wave(self, source: Path) -> Path:
        """A recording as a wave file. Raises `FileNotFoundError` and `UnplayableError`."""
        if not await asyncio.to_thread(source.is_file):
            raise FileNotFoundError(source)
        if source.suffix == WAVE:
            return source
        target = (await self._place()) / f"{source.stem}{WAVE}"
        async with self._locks.setdefault(source.stem, asyncio.Lock()):
            self._used[target] = self._clock.monotonic()
            if not await asyncio.to_thread(target.exists):
                await _decode(source, target)
        return target

    async def sweep(self) -> None:
        """Remove what nobody has listened to for a while."""
        now = self._clock.monotonic()
        for path, used in list(self._used.items()):
            if now - used > KEPT_SECONDS:
                del self._used[path]
                self._locks.pop(path.stem, None)
                await asyncio.to_thread(path.unlink, missing_ok=True)

    async def run(self) -> None:
        """Sweep now and then, until cancelled."""
        while True:
            await asyncio.sleep(KEPT_SECONDS / 3)
            await self.sweep()

    async def close(self) -> None:
        """Remove everything that was made."""
        if self._folder is not None:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    async def _place(self) -> Path:
        if self._folder is None:
            self._folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="centralino-sounds-"))
        return self._folder


async def _decode(source: Path, target: Path) -> None:
    program = shutil.which("ffmpeg")
    if program is None:
        raise UnplayableError
    draft = target.with_suffix(".draft")
    process = await asyncio.create_subprocess_exec(
        program, "-nostdin", "-loglevel", "error", "-y", "-i", str(source),
        "-ar", "8000", "-c:a", "pcm_s16le", "-f", "wav", str(draft),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    said = b"it took too long"
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            _, said = await process.communicate()
    except TimeoutError:
        pass
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        log.warning("recording.not_decoded", file=source.name, why=said.decode(errors="replace")[-200:])
        await asyncio.to_thread(draft.unlink, missing_ok=True)
        raise UnplayableError
    await asyncio.to_thread(draft.replace, target)
