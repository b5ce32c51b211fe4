"""The folder that clones and runs share: the unpacked Asterisk, Python environments. The set-up fills it."""

import os
from pathlib import Path

SYSTEM_CACHE = Path("/var/cache/centralino")


def cache_folder(chosen: Path | None = None) -> Path:
    """The chosen cache, else `CENTRALINO_CACHE`, else the system's for root and the user's for others."""
    if chosen is not None:
        return chosen
    if named := os.environ.get("CENTRALINO_CACHE"):
        return Path(named)
    if os.geteuid() == 0:
        return SYSTEM_CACHE
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "centralino"
