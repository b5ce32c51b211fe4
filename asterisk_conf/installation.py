"""Finding an Asterisk on this machine: the one on the PATH, or one unpacked into our cache by the set-up."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from values import CentralinoError

OLDEST = 20
UNPACKED = "asterisk"
"""The folder of the unpacked Asterisk inside the cache; the set-up writes it under this name."""

_VOICES = {"en": "en_US_f_Allison", "it": "it_IT_m_Carlo", "ru": "ru_RU_f_IvrvoiceRU"}
_LOADER = re.compile(r"^ld-linux.*\.so\.\d+$|^ld64\.so\.\d+$")


class AsteriskMissingError(CentralinoError):
    """There is no Asterisk of version 20 or later; `make setup` unpacks one."""

    error_id = "asterisk-missing"


@dataclass(frozen=True, slots=True)
class Installation:
    """An Asterisk that can be started: how, and where its package put modules and sounds."""

    command: tuple[str, ...]
    modules: Path
    data: Path
    version: str

    def sounds(self) -> dict[str, Path]:
        """The packaged voices by language, those that are there."""
        found = {}
        for language, voice in _VOICES.items():
            for name in (voice, language):
                folder = self.data / "sounds" / name
                if folder.is_dir():
                    found[language] = folder
                    break
        return found


def find_asterisk(cache: Path) -> Installation:
    """The Asterisk to use: the PATH's when it is new enough, else the one in the cache.

    Raises `AsteriskMissingError`.
    """
    on_path = shutil.which("asterisk", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if on_path is not None and (found := _installed(Path(on_path))) is not None:
        return found
    root = cache / UNPACKED
    if (root / "usr/sbin/asterisk").is_file():
        return unpacked(root)
    raise AsteriskMissingError


def unpacked(root: Path) -> Installation:
    """The Asterisk in an unpacked Debian tree, called through that tree's own loader.

    Raises `AsteriskMissingError` when the tree is not whole.
    """
    root = root.resolve()
    for library in sorted(root.glob("usr/lib/*-linux-gnu*")):
        modules = library / "asterisk" / "modules"
        loaders = [each for each in sorted(library.iterdir()) if _LOADER.match(each.name)]
        if modules.is_dir() and loaders:
            command = (str(loaders[0]), "--library-path", str(library), str(root / "usr/sbin/asterisk"))
            version = _version(command)
            if version is None:
                break
            return Installation(command, modules, root / "usr/share/asterisk", version)
    raise AsteriskMissingError(
        f"the Asterisk unpacked in {root} does not start; delete that folder, then `make setup`"
    )


def _installed(binary: Path) -> Installation | None:
    version = _version((str(binary),))
    if version is None or int(version.partition(".")[0]) < OLDEST:
        return None
    prefix = binary.resolve().parent.parent
    modules = [*sorted(prefix.glob("lib/*/asterisk/modules")), prefix / "lib/asterisk/modules"]
    data = [prefix / "share/asterisk", Path("/var/lib/asterisk")]
    for folder in modules:
        if (folder / "chan_pjsip.so").is_file():
            return Installation((str(binary),), folder, next(each for each in data if each.is_dir()), version)
    return None


def _version(command: tuple[str, ...]) -> str | None:
    try:
        said = subprocess.run([*command, "-V"], capture_output=True, text=True, timeout=20, check=True).stdout  # noqa: S603  (our own binary)
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"Asterisk (?:certified[-/])?(\d+(?:\.\d+)*)", said)
    return match.group(1) if match else None
