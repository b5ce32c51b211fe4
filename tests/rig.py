"""Real Asterisk nodes for tests, each worker on loopback addresses of its own, so that nothing collides.

`loopback` gives the addresses, `node` a voice node, `city_asterisk` the city's. A test's FastAGI
server listens at `node.plan.agi` and finds its secret in `node.plan.agi_secret`; whoever speaks SIP from
`loopback.city` (any port) is the carrier; calls to the carrier go to `loopback.city:5060`.
"""

import contextlib
import fcntl
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from asterisk_conf import (
    AsteriskProcess,
    Bind,
    CityPlan,
    Folders,
    Installation,
    NodePlan,
    TrunkPlan,
    find_asterisk,
    render_city,
    render_node,
)
from centralino.accounts import service_account
from centralino.cache import cache_folder

CODE = Path(__file__).resolve().parent.parent
SIP, AMI, AGI = 5060, 5038, 4573


@dataclass(frozen=True)
class Loopback:
    """Two addresses that only this test worker uses."""

    node: str
    city: str
    together: Path
    """A folder that all workers of this run share."""


@dataclass
class NodeRig:
    """A voice node that runs (unless a test stops it)."""

    plan: NodePlan
    folders: Folders
    process: AsteriskProcess

    def log(self) -> str:
        path = self.folders.log / "messages.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def call_records(self) -> str:
        """Asterisk's own record of calls, as CSV (see `cel_custom.conf.j2` for the columns)."""
        path = self.folders.call_records
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def cli(self, line: str) -> str:
        """What Asterisk's console answers to a command."""
        return console(self.plan.installation, self.folders, line)


@dataclass
class CityRig:
    """A city's Asterisk that runs."""

    plan: CityPlan
    folders: Folders
    process: AsteriskProcess

    def cli(self, line: str) -> str:
        return console(self.plan.installation, self.folders, line)


@pytest.fixture(scope="session")
def loopback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """A pair of addresses held for this worker until its end."""
    own = tmp_path_factory.getbasetemp()
    together = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    locks = Path(tempfile.gettempdir()) / f"centralino-rig-{os.geteuid()}"
    locks.mkdir(exist_ok=True)
    chance = random.Random()  # a fixed seed must not make all workers try the same ones
    for _ in range(200):
        middle = f"127.{chance.randrange(64, 250)}.{chance.randrange(1, 250)}"
        with (locks / middle).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            pair = Loopback(f"{middle}.1", f"{middle}.2", together)
            if _free(pair.node) and _free(pair.city):
                yield pair
                (locks / middle).unlink(missing_ok=True)
                return
    raise RuntimeError("no free loopback addresses for this test worker")


@pytest.fixture(scope="session")
def asterisk() -> Installation:
    """The Asterisk that the set-up found or unpacked."""
    return find_asterisk(cache_folder())


@contextlib.contextmanager
def running_node(asterisk: Installation, loopback: Loopback, **changes: Any) -> Iterator[NodeRig]:
    """A voice node on the worker's addresses; `changes` replace fields of its plan."""
    with own_folder("centralino-node-") as home:
        (home / "prompts").mkdir()
        (home / "spool").mkdir()
        values: dict[str, Any] = {
            "name": "node1",
            "installation": asterisk,
            "home": home / "node1",
            "sip": Bind(loopback.node, SIP),
            "ami": Bind(loopback.node, AMI),
            "agi": Bind(loopback.node, AGI),
            "rtp_first": 10000,
            "rtp_last": 11999,
            "trunks": (TrunkPlan("trunk", Bind(loopback.city, SIP), qualify_frequency=0),),
            "ami_secret": "ami-of-a-test",
            "agi_secret": "agi-of-a-test",
            "operator_secret": "operator-of-a-test",
            "prompts": home / "prompts",
            "spool": home / "spool",
            "python": Path(sys.executable),
            "code": CODE,
        }
        plan = NodePlan(**{**values, **changes})
        folders = render_node(plan)
        account = service_account()
        account.own(home)
        process = AsteriskProcess(asterisk, folders, plan.ami_account, prefix=account.prefix())
        process.start()
        try:
            yield NodeRig(plan, folders, process)
        finally:
            process.stop()


@contextlib.contextmanager
def running_city(asterisk: Installation, loopback: Loopback, **changes: Any) -> Iterator[CityRig]:
    """The city's Asterisk on the worker's addresses; `changes` replace fields of its plan."""
    with own_folder("centralino-city-") as home:
        values: dict[str, Any] = {
            "installation": asterisk,
            "home": home / "city",
            "sip": Bind(loopback.city, SIP),
            "ami": Bind(loopback.city, AMI),
            "agi": Bind(loopback.city, AGI),
            "node_sip": Bind(loopback.node, SIP),
            "rtp_first": 12000,
            "rtp_last": 13999,
            "ami_secret": "city-ami-of-a-test",
            "agi_secret": "city-agi-of-a-test",
        }
        plan = CityPlan(**{**values, **changes})
        folders = render_city(plan)
        account = service_account()
        account.own(home)
        process = AsteriskProcess(asterisk, folders, plan.ami_account, prefix=account.prefix())
        process.start()
        try:
            yield CityRig(plan, folders, process)
        finally:
            process.stop()


@pytest.fixture(scope="module")
def node(asterisk: Installation, loopback: Loopback) -> Iterator[NodeRig]:
    """A voice node for the tests of one module."""
    with running_node(asterisk, loopback) as rig:
        yield rig


@pytest.fixture(scope="module")
def city_asterisk(asterisk: Installation, loopback: Loopback) -> Iterator[CityRig]:
    """The city's Asterisk for the tests of one module."""
    with running_city(asterisk, loopback) as rig:
        yield rig


@contextlib.contextmanager
def own_folder(prefix: str) -> Iterator[Path]:
    """A folder that the children's account may enter (pytest's own are closed to it)."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free(host: str) -> bool:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.bind((host, SIP))
        for port in (AMI, AGI):
            with socket.socket() as tcp:
                tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tcp.bind((host, port))
    except OSError:
        return False
    return True


def console(installation: Installation, folders: Folders, line: str) -> str:
    """What a running Asterisk's console answers to a command."""
    account = service_account()
    command = [
        *account.prefix(),
        *installation.command,
        "-C",
        str(folders.conf / "asterisk.conf"),
        "-rx",
        line,
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout  # noqa: S603
