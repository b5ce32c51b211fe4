"""Who the children run as. Nothing of ours keeps root: neither Asterisk nor Redis nor our own programs."""

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path

from values import CentralinoError

SERVICE = "centralino"
_ROOT = 0


class NoAccountError(CentralinoError):
    """There is no account `centralino` to run under; `make setup` makes it."""

    error_id = "no-account"


@dataclass(frozen=True, slots=True)
class Account:
    """The account that services run under."""

    name: str
    uid: int
    gid: int
    home: Path
    drops: bool
    """Whether a change of account is needed: we are root and it is not."""

    def prefix(self) -> list[str]:
        """The command that runs another as this account, without new privileges, ending with its parent."""
        change = ["--reuid", str(self.uid), "--regid", str(self.gid), "--clear-groups"] if self.drops else []
        return ["setpriv", *change, "--no-new-privs", "--pdeathsig", "TERM", "--"]

    def own(self, folder: Path) -> None:
        """Hand a folder and all in it over to this account."""
        if not self.drops:
            return
        shutil.chown(folder, self.uid, self.gid)
        for root, folders, files in os.walk(folder):
            for name in (*folders, *files):
                os.chown(Path(root, name), self.uid, self.gid, follow_symlinks=False)


def service_account() -> Account:
    """The account for children: `centralino` when we are root, else whoever we are.

    Raises `NoAccountError`.
    """
    if os.geteuid() != _ROOT:
        own = pwd.getpwuid(os.geteuid())
        return Account(own.pw_name, own.pw_uid, own.pw_gid, Path(own.pw_dir), drops=False)
    try:
        found = pwd.getpwnam(SERVICE)
    except KeyError:
        raise NoAccountError from None
    return Account(found.pw_name, found.pw_uid, found.pw_gid, Path(found.pw_dir), drops=True)
