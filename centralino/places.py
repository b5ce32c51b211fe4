"""Where things lie in the home of one installation."""

from dataclasses import dataclass
from pathlib import Path

_PRIVATE = 0o700


@dataclass(frozen=True, slots=True)
class Places:
    """The folders and files of a home."""

    home: Path

    @property
    def run(self) -> Path:
        """Sockets and locks; gone when nothing runs."""
        return self.home / "run"

    @property
    def log(self) -> Path:
        """What our programs say."""
        return self.home / "log"

    @property
    def prompts(self) -> Path:
        """Rendered speech; Asterisk hears it as `centralino/…`."""
        return self.home / "prompts"

    @property
    def recordings(self) -> Path:
        """What callers said."""
        return self.home / "recordings"

    @property
    def spool(self) -> Path:
        """Call-back requests that the fallback script took while the core was away."""
        return self.home / "spool"

    @property
    def lists(self) -> Path:
        """Files on their way into lists, and the reports of lines that could not be taken."""
        return self.home / "lists"

    @property
    def redis_socket(self) -> Path:
        """The private Redis."""
        return self.run / "redis.sock"

    @property
    def supervisor_lock(self) -> Path:
        """Locked (flock) for as long as a telco runs on this home."""
        return self.run / "supervisor.lock"

    @property
    def dialplan(self) -> Path:
        """More dialplan of this site, if the file is there; Asterisk reads it as it is."""
        return self.home / "dialplan.conf"

    @property
    def rules(self) -> Path:
        """The operator's own rules over the house's, if the file is there: which events call whom."""
        return self.home / "rules.yaml"

    def asterisk(self, name: str) -> Path:
        """The folder of one Asterisk: a node's by its name, or `city`."""
        return self.home / "asterisk" / name

    def make(self) -> None:
        """Make the folders that are missing; only the owner may look inside."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(_PRIVATE)
        for folder in (
            self.run,
            self.log,
            self.prompts,
            self.recordings,
            self.spool,
            self.lists,
            self.home / "asterisk",
        ):
            folder.mkdir(mode=_PRIVATE, exist_ok=True)
