"""Which numbers the bench rings, and what answers behind each: the same deeds by different hands."""

import os
import secrets
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Final

NODE: Final = "127.0.70.1"
TRUNK: Final = "127.0.70.2"
"""From where the bench rings."""
ANSWERING: Final = (NODE, 4574)
"""Where the bench's own FastAGI server listens."""
SECRET: Final = secrets.token_hex(16)
"""For that server; made anew in each process, and handed to the dialplan."""

PLAIN, FLOW, SCRIPT, BARE, WAITING = "700001", "700002", "700003", "700004", "700005"

NUMBERS: Final = {FLOW: "bench.steps", WAITING: "bench.waiting"}
"""Numbers that take the product's way, with their flows."""

_HERE: Final = Path(__file__).parent
FLOWS: Final = sorted((_HERE / "flows").glob("*.yaml"))

DIALPLAN: Final = """
; The bench's own numbers. They come in by the same trunk and context as customers' calls.
[from-trunk](+)
exten => {plain},1,Answer()
 same => n,NoOp(one)
 same => n,NoOp(two)
 same => n,NoOp(three)
 same => n,NoOp(four)
 same => n,Hangup()

exten => {script},1,AGI({program})
 same => n,Hangup()

exten => {bare},1,AGI(agi://{host}:{port}/{secret}/bench)
 same => n,Hangup()
"""

ANSWERED: Final = "bench-answered"
"""The context in which a call is over as soon as it is answered."""
BARE_DIALPLAN: Final = f"""
[{ANSWERED}]
exten => s,1,NoOp()
 same => n,Hangup()
"""


def write_lines(home: Path) -> None:
    """Put the bench's dialplan and its forked script into a home, before its telco starts."""
    program = home / "bench-pyst2"
    shutil.copy(_HERE / "script.py", home / "bench-pyst2.py")
    program.write_text(
        f"#!/bin/sh\nexec '{_python()}' '{home}/bench-pyst2.py'"
        f" '{home}/centralino.db' '{home}/bench-pyst2.db'\n",
        encoding="utf-8",
    )
    program.chmod(0o700)
    with closing(sqlite3.connect(home / "bench-pyst2.db")) as trace, trace:
        trace.execute("PRAGMA journal_mode = WAL")
        trace.execute("CREATE TABLE trace (call_id TEXT, step TEXT, at TEXT, known INTEGER)")
    host, port = ANSWERING
    (home / "dialplan.conf").write_text(
        DIALPLAN.format(
            plain=PLAIN, script=SCRIPT, bare=BARE, program=program, host=host, port=port, secret=SECRET
        )
        + BARE_DIALPLAN,
        encoding="utf-8",
    )


def _python() -> Path:
    """An interpreter that the telco's account can run, also when this checkout is out of its reach."""
    shared = Path(sys.prefix) / "shared"
    if os.geteuid() == 0 and shared.exists():
        return shared.resolve() / "bin/python"
    return Path(sys.executable)
