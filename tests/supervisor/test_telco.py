"""The whole telco comes up, stands up again, and leaves nothing behind, however it is ended."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.rig import CODE, Loopback, own_folder

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(400)]

HTTP = 8080


class Telco:
    """`centralino run` on a worker's own addresses."""

    def __init__(self, home: Path, loopback: Loopback) -> None:
        self.home = home
        self.page = f"http://{loopback.node}:{HTTP}"
        self.log = home.parent / f"{home.name}.out"
        node, city = loopback.node, loopback.city
        self.environment = {
            **os.environ,
            "CENTRALINO_HOME": str(home),
            "CENTRALINO_SIP": f"{node}:5060",
            "CENTRALINO_AMI": f"{node}:5038",
            "CENTRALINO_AGI": f"{node}:4573",
            "CENTRALINO_HTTP": f"{node}:{HTTP}",
            "CENTRALINO_CITY_SIP": f"{city}:5060",
            "CENTRALINO_CITY_AMI": f"{city}:5038",
            "CENTRALINO_CITY_AGI": f"{city}:4573",
            "CENTRALINO_PHONE_SOCKET": f"{node}:8088",
            "CENTRALINO_CITY_PHONE_SOCKET": f"{city}:8088",
        }
        self.process: subprocess.Popen[bytes]

    def start(self) -> None:
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "centralino", "run"], cwd=CODE, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def until(self, words: str, times: int = 1) -> None:
        _wait(lambda: self.said().count(words) >= times or self.process.poll() is not None, 180)
        assert self.said().count(words) >= times, self.said()

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)

    def members(self) -> list[psutil.Process]:
        """Every process that was started for this home."""
        found = []
        for process in psutil.process_iter():
            try:
                ours = process.environ().get("CENTRALINO_HOME") == str(self.home)
                named = str(self.home) in " ".join(process.cmdline())  # Redis writes over its environment
            except psutil.Error:
                continue
            if ours or named:
                found.append(process)
        return found


def _wait(done: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:
        time.sleep(0.1)


@pytest.fixture
def telco(loopback: Loopback) -> Iterator[Telco]:
    with own_folder("centralino-telco-") as folder:
        made = Telco(folder, loopback)
        try:
            yield made
        finally:
            if made.process.poll() is None:
                made.end(signal.SIGKILL)
            made.log.unlink(missing_ok=True)


def test_comes_up_stands_up_again_and_goes_without_a_trace(telco: Telco) -> None:
    telco.start()
    telco.until("the telco is up")
    with urllib.request.urlopen(f"{telco.page}/readyz", timeout=10) as answer:  # noqa: S310  (ours)
        assert answer.status == 200
    users = {process.username() for process in telco.members() if process.pid != telco.process.pid}
    assert "root" not in users

    asterisk = next(
        each for each in telco.members() if str(telco.home / "asterisk/node1") in " ".join(each.cmdline())
    )
    asterisk.kill()
    telco.until("asterisk       ready", times=2)

    second = subprocess.run(
        [sys.executable, "-m", "centralino", "run"], cwd=CODE, env=telco.environment,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert "already runs" in second.stderr

    assert telco.end(signal.SIGINT) == 0
    assert telco.members() == []
    assert [path.name for path in (telco.home / "run").iterdir() if path.is_socket()] == []

    telco.start()
    telco.until("the telco is up")
    members = telco.members()
    assert len(members) >= 7
    telco.end(signal.SIGKILL)
    _wait(lambda: telco.members() == [], 30)
    assert telco.members() == []
