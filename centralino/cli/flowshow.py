"""How flows, their problems and their conversations look in a terminal."""

import getpass
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from centralino.cli.prompts import play_wav
from ivr.language import Problem, Severity
from ivr.speech import joined
from values import Sound

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}

HOUSE = "centralino"
"""Who ships flows with a release, and the account that commands go on as when root starts them."""
OPERATOR = "operator"

out = Console(highlight=False, soft_wrap=True)


def show_problems(problems: Iterable[Problem]) -> None:
    """A line each, coloured by how bad it is."""
    for problem in problems:
        where = f"{problem.file}:{problem.line}:{problem.column}"
        step = f" step {problem.step}:" if problem.step else ""
        kind = f"[{_COLOURS[problem.severity]}]{problem.severity} {problem.code}[/]"
        out.print(f"{escape(where)}: {kind}{escape(step)} {escape(problem.message)}")


def who() -> str:
    """The person who publishes, as far as the machine knows.

    Never the house itself: the next release replaces what the house has shipped, not what people published.
    """
    try:
        name = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        return OPERATOR
    return OPERATOR if name == HOUSE else name


class Terminal:
    """A person at the player. Satisfies `ivr.player.Console`."""

    def say(self, text: str) -> None:
        """What the flow says."""
        out.print(f"[bold]« {escape(text)}[/]")

    def note(self, text: str) -> None:
        """What happens besides."""
        out.print(f"[dim]  {escape(text)}[/]")

    async def ask(self, question: str, *, private: bool = False) -> str:
        """Read a line; nothing else is going on meanwhile, so the event loop may wait."""
        if private and sys.stdin.isatty():
            return getpass.getpass(f"{question} (hidden) » ")
        return out.input(f"{escape(question)} » ")


async def aloud(sounds: Sequence[Sound]) -> None:
    """Play sounds on this machine."""
    if not sounds:
        return
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "prompt.wav"
        joined(sounds).export(wav, format="wav").close()
        play_wav(wav)
