"""Prompts spoken by a person: WAV files that win over speech."""

import asyncio
import hashlib
import re
from pathlib import Path

import structlog

from ivr.speech.engines import SpeechError
from ivr.speech.mastering import REVISION, master, write
from ivr.speech.shelf import Shelf

log = structlog.get_logger(__name__)

_SAFE = re.compile(r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")
_Stamp = tuple[int, int]


class Recordings:
    """`<folder>/<language>/<flow.step.slot>.wav`, mastered once and again whenever the file changes."""

    def __init__(self, folder: Path, shelf: Shelf) -> None:
        self.folder = folder
        self._shelf = shelf
        self._known: dict[Path, tuple[_Stamp, Path | None]] = {}

    def file(self, language: str, key: str) -> Path | None:
        """The recorded file as it was handed in, if there is one."""
        if not (_SAFE.match(key) and _SAFE.match(language)):
            return None
        path = self.folder / language / f"{key}.wav"
        return path if path.is_file() else None

    async def sound(self, language: str, key: str) -> Path | None:
        """Where the mastered recording lies, without ending; None when there is none that can be used."""
        path = self.file(language, key)
        if path is None:
            return None
        state = path.stat()
        stamp = (state.st_mtime_ns, state.st_size)
        known = self._known.get(path)
        if known is None or known[0] != stamp:
            known = (stamp, await asyncio.to_thread(self._mastered, path, language))
            self._known[path] = known
        return known[1]

    def _mastered(self, path: Path, language: str) -> Path | None:
        try:
            digest = hashlib.sha256(REVISION.encode() + path.read_bytes()).hexdigest()[:32]
            place = self._shelf.folder / "recorded" / language / digest[:2] / digest
            if not self._shelf.holds(place):
                write(master(path, before=30, after=200), place)
        except (SpeechError, OSError) as problem:
            log.warning("speech.recording_unusable", file=str(path), problem=str(problem))
            return None
        return place
