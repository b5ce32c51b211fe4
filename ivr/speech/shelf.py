"""Rendered sounds on the disk, by what they say and whose voice says it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ivr.speech.engines import Engine
from ivr.speech.mastering import FORMATS, REVISION


@dataclass(frozen=True, slots=True)
class Saying:
    """Words to be said in one go."""

    words: str
    language: str
    slow: bool = False
    personal: bool = False
    """Out of a customer's value, not out of a flow: kept apart and not for long."""


class Shelf:
    """Where sounds lie: `<folder>/fixed/it/ab/abcdef….alaw`; customers' values under `values/` instead."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def place(self, saying: Saying, engine: Engine) -> Path:
        """The path, without ending, of what an engine makes of a saying."""
        content = [REVISION, engine.identity, saying.language, saying.slow, saying.words]
        digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]
        room = self.folder / ("values" if saying.personal else "fixed") / saying.language
        return room / digest[:2] / digest

    def holds(self, place: Path) -> bool:
        """Whether the sound is there, whole."""
        return place.with_name(f"{place.name}.{FORMATS[-1]}").exists()

    def scratch(self) -> Path:
        """A folder for work in progress."""
        folder = self.folder / "work"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def sweep(self, before: datetime) -> int:
        """Remove customers' values made before an instant, and what dead renderings left; gives the count."""
        removed = 0
        for path in self._perishable():
            try:
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    removed += 1
            except OSError:
                continue  # another process was quicker
        return removed

    def _perishable(self) -> Iterator[Path]:
        for room in ("values", "work"):
            yield from (path for path in (self.folder / room).rglob("*") if path.is_file())
