"""Starting and stopping one Asterisk."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from asterisk_conf.folders import Folders
from asterisk_conf.installation import Installation
from asterisk_conf.plan import AmiAccount
from values import CentralinoError

_BOOTED = b"Event: FullyBooted"
_ROOT = 0


class NotReadyError(CentralinoError):
    """Asterisk did not come up in time."""

    error_id = "asterisk-not-ready"


def command(installation: Installation, folders: Folders) -> list[str]:
    """The command line that runs an Asterisk in the foreground on the configuration in its folders."""
    return [*installation.command, "-f", "-n", "-C", str(folders.conf / "asterisk.conf")]


def fully_booted(account: AmiAccount, seconds: float = 1.0) -> bool:
    """Whether an Asterisk lets this account in and says that everything has come up."""
    login = f"Action: Login\r\nUsername: {account.user}\r\nSecret: {account.secret}\r\n\r\n"
    said = b""
    try:
        with socket.create_connection((account.at.host, account.at.port), timeout=seconds) as connection:
            connection.settimeout(seconds)
            connection.sendall(login.encode())
            while _BOOTED not in said:
                more = connection.recv(4096)
                if not more:
                    return False
                said += more
    except OSError:
        return False
    return True


class AsteriskProcess:
    """One Asterisk as a child of this process; for tests and benches, which wait by blocking."""

    def __init__(
        self, installation: Installation, folders: Folders, ami: AmiAccount, *, prefix: Sequence[str] = ()
    ) -> None:
        """`prefix` is a command that runs another one under an account (see `centralino.accounts`)."""
        self.folders = folders
        self.ami = ami
        self._command = [*prefix, *command(installation, folders)]
        self._drops = bool(prefix)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its process id. Raises `NotReadyError` when it does not run."""
        if self._process is None:
            raise NotReadyError("this Asterisk has not been started")
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def start(self, seconds: float = 30.0) -> None:
        """Start it and wait until it is fully booted.

        Raises `NotReadyError` with the end of its log when it ends or does not come up in time, and when it
        would run as root.
        """
        if os.geteuid() == _ROOT and not self._drops:
            raise NotReadyError("Asterisk never runs as root; give it an account")
        with self._console.open("ab") as console:
            self._process = subprocess.Popen(  # noqa: S603  (our own command)
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd="/",
                umask=0o077,
            )
        deadline = time.monotonic() + seconds
        while not fully_booted(self.ami):
            if not self.running or time.monotonic() > deadline:
                problem = "did not come up in time" if self.running else "ended at once"
                self.kill()
                raise NotReadyError(f"Asterisk {problem}; the end of its log:\n{self.log_tail()}")
            time.sleep(0.05)

    def stop(self, seconds: float = 10.0) -> None:
        """Ask it to end, hang up what is up, and see to it that it is gone."""
        if self._process is None:
            return
        if self.running:
            self._process.terminate()
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        self._process = None

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(10)

    def log_tail(self, lines: int = 15) -> str:
        """The last lines of its console and its log."""
        text = []
        for path in (self._console, self.folders.log / "messages.log"):
            if path.exists():
                text += path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
        return "\n".join(text)

    @property
    def _console(self) -> Path:
        return self.folders.log / "console.log"
