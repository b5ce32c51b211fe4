"""What telcos of one test run said before: the next ones find it on their shelf and need not make it again.

The first one makes all by itself, as a newcomer's does; the others wait for it, since side by side they
would take far longer. Nothing outlives the run: it is kept beside pytest's own temporary folders.
"""

import fcntl
import os
import shutil
from pathlib import Path

FIXED = Path("prompts") / "fixed"
"""Where a home keeps what it says to everybody; a sound's name stands for its words, language and engine."""


class RunShelf:
    """The sounds that all telcos of a run share."""

    def __init__(self, together: Path) -> None:
        """`together` is a folder of all the run's workers."""
        self._kept = together / "said"
        self._half = together / "half-said"
        self._lock = (together / "said.lock").open("w")

    def hand_over(self, home: Path) -> None:
        """Put what there is on a new home's shelf; who finds nothing has the others wait."""
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        if self._kept.exists():
            self._link(self._kept, home / FIXED)
            self.close()

    def keep(self, home: Path) -> None:
        """Take over what the first one said."""
        if not self._lock.closed:
            self._link(home / FIXED, self._half)
            self._half.rename(self._kept)
            self.close()

    def close(self) -> None:
        """Let the next one have its turn."""
        self._lock.close()

    @staticmethod
    def _link(these: Path, to: Path) -> None:
        # a shelf's sounds are written anew and moved into place, never changed: links do
        shutil.copytree(these, to, copy_function=os.link)
