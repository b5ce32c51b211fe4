"""How far the year is, told while it goes on; and the wish to end it early."""

import json
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Final

TOLD_EVERY: Final = 10.0
"""Seconds between two lines."""
_PAGE: Final = resource.getpagesize()
_STOP: Final = "stop"
_STATE: Final = ".progress"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where one part of the bench stands."""

    month: str
    contacts: int
    """Done."""
    memory: int
    """Bytes in use now."""


class Notes:
    """What the parts of one run tell each other, as small files in its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._began = self._told = monotonic()
        self._before = 0

    def write(self, part: int, at: datetime, contacts: int) -> None:
        """A part has come so far."""
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        state = Progress(f"{at:%Y-%m}", contacts, pages * _PAGE)
        new = self._folder / f"part{part}.new"
        new.write_text(json.dumps(asdict(state)), encoding="ascii")
        new.replace(self._folder / f"part{part}{_STATE}")

    def read(self) -> list[Progress]:
        """Where each part stands that has told yet."""
        files = sorted(self._folder.glob(f"*{_STATE}"))
        return [Progress(**json.loads(file.read_text(encoding="ascii"))) for file in files]

    def tell(self) -> None:
        """Say on the error output how far all are, now and then."""
        now = monotonic()
        states = self.read()
        if not states or now - self._told < TOLD_EVERY:
            return
        contacts = sum(each.contacts for each in states)
        pace = (contacts - self._before) / (now - self._told)
        self._told, self._before = now, contacts
        memory = sum(each.memory for each in states) / (1 << 30)
        print(
            f"{min(each.month for each in states)}: {contacts:,} contacts done, {pace:,.0f} a second, "
            f"{memory:.2f} GB, {(now - self._began) / 60:.1f} minutes",
            file=sys.stderr,
            flush=True,
        )

    def stop(self) -> None:
        """All parts are to end where they stand."""
        (self._folder / _STOP).touch()

    @property
    def stopped(self) -> bool:
        """Whether that was wished."""
        return (self._folder / _STOP).exists()


@contextmanager
def ends_early(notes: Notes) -> Iterator[None]:
    """SIGINT and SIGTERM end the run where it stands, and what was reached is still told."""
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    for each in before:
        signal.signal(each, lambda *_: notes.stop())
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
