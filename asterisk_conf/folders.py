"""Where one Asterisk keeps its things, and the links to what its package brought along."""

from dataclasses import dataclass
from pathlib import Path

from asterisk_conf.installation import Installation

_PRIVATE = 0o700
_LONGEST_LOG = 50_000_000


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of one Asterisk, all below one home."""

    home: Path

    @property
    def conf(self) -> Path:
        """Configuration."""
        return self.home / "etc"

    @property
    def run(self) -> Path:
        """Process id and control socket."""
        return self.home / "run"

    @property
    def data(self) -> Path:
        """Sounds, music, documentation: read only."""
        return self.home / "data"

    @property
    def agi(self) -> Path:
        """Scripts that Asterisk starts by itself."""
        return self.home / "agi-bin"

    @property
    def library(self) -> Path:
        """Asterisk's own small database."""
        return self.home / "lib"

    @property
    def spool(self) -> Path:
        """Recordings in the making."""
        return self.home / "spool"

    @property
    def log(self) -> Path:
        """Messages and call records."""
        return self.home / "log"

    @property
    def call_records(self) -> Path:
        """Asterisk's own record of every call, one line an event (CEL)."""
        return self.log / "calls.csv"

    def make(self) -> None:
        """Make those that are missing; only their owner may look inside."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(_PRIVATE)
        for folder in (self.conf, self.run, self.data, self.agi, self.library, self.spool, self.log):
            folder.mkdir(mode=_PRIVATE, exist_ok=True)
        (self.library / "keys").mkdir(mode=_PRIVATE, exist_ok=True)
        (self.data / "sounds").mkdir(mode=_PRIVATE, exist_ok=True)
        (self.data / "moh").mkdir(mode=_PRIVATE, exist_ok=True)

    def put_aside(self, longest: int = _LONGEST_LOG) -> None:
        """Move logs of more than so many bytes to `.1`; only while this Asterisk is down."""
        for path in (self.call_records, self.log / "messages.log", self.log / "console.log"):
            if path.exists() and path.stat().st_size > longest:
                path.replace(path.with_name(path.name + ".1"))

    def link_sounds(self, installation: Installation, prompts: Path | None) -> None:
        """Point `sounds/en` and so on at the packaged voices, `sounds/centralino` at our prompts."""
        wanted = {f"sounds/{language}": path for language, path in installation.sounds().items()}
        wanted["documentation"] = installation.data / "documentation"
        if prompts is not None:
            wanted["sounds/centralino"] = prompts
        for name, target in wanted.items():
            _link(self.data / name, target)


def _link(link: Path, target: Path) -> None:
    if link.is_symlink() and link.readlink() == target:
        return
    link.unlink(missing_ok=True)
    link.symlink_to(target)
