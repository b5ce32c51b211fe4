"""The other end of an AGI script's standard input and output: an Asterisk that can be told to misbehave."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "asterisk_conf" / "fallback" / "fallback.py"
HANG_UP = "hang up"
DIE = "die"


@dataclass
class AsteriskSide:
    """Answers a script's commands as if a caller keyed one of `keys` after each prompt, then kept silent.

    `!1` is keyed during the prompt instead of after it.
    """

    keys: list[str] = field(default_factory=list)
    language: str = "it"
    caller: str = "+393290000017"
    variables: dict[str, str] = field(default_factory=dict)
    unplayable: str = ""
    """Commands that mention this fail with -1."""
    typing: str | None = None
    """What is left of the keys of this prompt; None while sounds play."""
    said: list[str] = field(default_factory=list)
    noise: str = ""

    def serve(self, spool: Path | str, prompts: Path, *options: str) -> int:
        """Run the script to its end and give its exit code."""
        script = subprocess.Popen(  # noqa: S603
            [sys.executable, str(SCRIPT), "--spool", str(spool), "--prompts", str(prompts), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
            env={"PATH": os.environ["PATH"]},  # no PYTHONPATH: it must stand alone
            text=True,
        )
        assert script.stdin
        assert script.stdout
        header = {
            "agi_request": "fallback.sh",
            "agi_language": self.language,
            "agi_uniqueid": "node1-1790000000.12",
            "agi_callerid": self.caller or "unknown",
        }
        with script:
            script.stdin.write("".join(f"{name}: {value}\n" for name, value in header.items()) + "\n")
            script.stdin.flush()
            for line in script.stdout:
                self.said.append(line.strip())
                answer = self._answer(line.strip())
                if answer == DIE:
                    break
                if answer == HANG_UP:
                    script.send_signal(signal.SIGHUP)
                    answer = "200 result=-1"
                try:
                    script.stdin.write(answer + "\n")
                    script.stdin.flush()
                except BrokenPipeError:
                    break
            script.stdin.close()
            assert script.stderr
            self.noise = script.stderr.read()
        return script.returncode

    def _answer(self, line: str) -> str:
        if self.unplayable and self.unplayable in line:
            return "200 result=-1"
        if line.startswith("GET VARIABLE"):
            value = self.variables.get(line.split('"')[1])
            return f"200 result=1 ({value})" if value is not None else "200 result=0"
        if line.startswith("STREAM FILE"):
            self.typing = None
            if self.keys and self.keys[0].startswith("!") and line.split('"')[3]:
                self.typing = self.keys.pop(0)[1:]
                return self._next_key()
        if line.startswith("WAIT FOR DIGIT"):
            if self.typing is None:
                self.typing = self.keys.pop(0) if self.keys else ""
            return self.typing if self.typing in (HANG_UP, DIE) else self._next_key()
        if line.startswith("CHANNEL STATUS"):
            return "200 result=6"
        return "200 result=0"

    def _next_key(self) -> str:
        key, self.typing = (self.typing or "")[:1], (self.typing or "")[1:]
        return f"200 result={ord(key) if key else 0}"

    @property
    def played(self) -> list[str]:
        """The names of all sounds, in order."""
        return [Path(line.split('"')[1]).name for line in self.said if line.startswith("STREAM FILE")]

    @property
    def done(self) -> bool:
        """Whether it told the dialplan that the caller was served."""
        return 'SET VARIABLE "CENTRALINO_DONE" "1"' in self.said
