"""A voice node comes up clean, takes calls from its carrier only, and never leaves a caller in silence."""

import asyncio
import csv
import os
import signal
import stat
import subprocess
from pathlib import Path

import pytest

from tests.rig import CityRig, Loopback, NodeRig

pytestmark = pytest.mark.asterisk


def _sipp(target: str, source: str, *more: str, number: str = "0611") -> subprocess.CompletedProcess[str]:
    command = ["sipp", f"{target}:5060", "-sn", "uac", "-s", number, "-i", source, "-mi", source, "-p", "5070"]
    return subprocess.run(
        [*command, "-m", "1", "-nostdin", "-recv_timeout", "15000", *more],
        capture_output=True, text=True, timeout=40, check=False, cwd="/tmp",
    )  # fmt: skip


def test_starts_without_a_warning(node: NodeRig, city_asterisk: CityRig) -> None:
    for rig in (node, city_asterisk):
        log = (rig.folders.log / "messages.log").read_text()
        assert "WARNING" not in log
        assert "ERROR" not in log
