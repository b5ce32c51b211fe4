"""Where shared things lie: the rule of `centralino.cache`, which cannot be imported before the set-up."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from setup.step import StepError


def cache_folder() -> Path:
    """The cache: `CENTRALINO_CACHE`, else the system's for root, the user's for others."""
    if named := os.environ.get("CENTRALINO_CACHE"):
        return Path(named).absolute()
    if os.geteuid() == 0:
        return Path("/var/cache/centralino")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "centralino"


def make_cache(cache: Path) -> None:
    """Make the cache. Raises `StepError`."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise StepError(
            f"the cache {cache} cannot be made: {problem.strerror}",
            "name a folder you may write to: CENTRALINO_CACHE=/some/folder make …",
        ) from problem


@contextlib.contextmanager
def held(cache: Path, name: str) -> Iterator[None]:
    """Hold a lock in the cache, so that two set-ups at once build a thing once."""
    make_cache(cache)
    with (cache / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
