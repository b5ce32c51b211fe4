"""Prompts spoken by a person: WAV files that win over speech."""

import asyncio
import hashlib
import os
from pathlib import Path

import structlog

from ivr.speech.engines import SpeechError
from ivr.speech.mastering import REVISION, master, write
from ivr.speech.shelf import Shelf

log = structlog.get_logger(__name__)

_Stamp = tuple[int, int]


class Recordings:
    """`<folder>/<language>/<flow.step.slot>.wav`, mastered once and again whenever the file changes."""

    def __init__(self, folder: Path, shelf: Shelf) -> None:
        self.folder = folder
        self._shelf = shelf
        self._listed: dict[str, tuple[int, frozenset[str]]] = {}
        self._known: dict[Path, tuple[_Stamp, Path | None]] = {}

    def file(self, language: str, key: str) -> Path | None:
        """The recorded file as it was handed in, if there is one. Costs one look at the folder's time."""
        folder = self.folder / language
        try:
            changed = os.stat(folder).st_mtime_ns  # noqa: PTH116  (asked for at every prompt: the quick way)
        except OSError:
            return None
        listed = self._listed.get(language)
        if listed is None or listed[0] != changed:
            listed = (changed, frozenset(path.stem for path in folder.glob("*.wav")))
            self._listed[language] = listed
        return folder / f"{key}.wav" if key in listed[1] else None

    async def sound(self, language: str, key: str) -> Path | None:
        """Where the mastered recording lies, without ending; None when there is none that can be used."""
        path = self.file(language, key)
        if path is None:
            return None
        try:
            state = path.stat()
        except OSError:
            return None
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
