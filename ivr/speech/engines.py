"""Programs that turn words into sound: child processes, no shell, the words by file or standard input."""

import asyncio
import contextlib
import os
import shlex
import signal
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from values import BadInputError, CentralinoError

_NORMAL_WORDS_PER_MINUTE = 160
_SLOW = 0.75
_ERROR_SHOWN = 200


class SpeechError(CentralinoError):
    """The speech engine gave no sound."""

    error_id = "speech"


class Engine(Protocol):
    """Something that speaks."""

    @property
    def identity(self) -> str:
        """What makes its voice its own: part of the cache's key, so that another voice renders anew."""
        ...

    async def speak(self, words: str, language: str, *, slow: bool, wav: Path) -> None:
        """Write the words as a WAV file. Raises `SpeechError`; cancelling ends the work at once."""
        ...


@dataclass(frozen=True, slots=True)
class Espeak:
    """espeak-ng: small, quick (0.1 s a sentence), in over a hundred languages."""

    program: str = "espeak-ng"
    words_per_minute: int = _NORMAL_WORDS_PER_MINUTE
    voices: dict[str, str] = field(default_factory=lambda: {"en": "en-gb"})
    """Voices by language where the language's own code is not wanted."""

    @property
    def identity(self) -> str:
        """The program, its voices and its speed."""
        return f"{self.program} {self.words_per_minute} {sorted(self.voices.items())}"

    async def speak(self, words: str, language: str, *, slow: bool, wav: Path) -> None:
        """Write the words as a WAV file (22,050 Hz)."""
        rate = int(self.words_per_minute * (_SLOW if slow else 1))
        voice = self.voices.get(language, language)
        await run([self.program, "-v", voice, "-s", str(rate), "-b", "1", "-w", str(wav), "--stdin"], words)
        _must_exist(wav, self.program)


class CommandEngine:
    """Any other engine, by a command template.

    Placeholders: `{wav}` where the sound goes (left out: the engine writes it to standard output),
    `{text_file}` a file with the words (left out: they come by standard input), `{rate}` the speed (1, 0.75
    for slow speech), `{stretch}` its inverse (1 or 1.33), `{language}`. Example for piper:
    `piper --model /opt/voices/it.onnx --length_scale {stretch} --output_file {wav}`.
    """

    def __init__(self, template: str) -> None:
        """Raises `BadInputError` for a template that cannot be read or has an unknown placeholder."""
        self.template = template
        try:
            self._parts = shlex.split(template)
            self._filled({"wav": "", "text_file": "", "rate": "", "stretch": "", "language": ""})
        except (ValueError, KeyError, IndexError) as problem:
            raise BadInputError(f"{template!r} is no command: {problem}", field="speech") from problem
        if not self._parts:
            raise BadInputError("the command is empty", field="speech")

    @property
    def identity(self) -> str:
        """The template itself."""
        return self.template

    async def speak(self, words: str, language: str, *, slow: bool, wav: Path) -> None:
        """Run the command."""
        with tempfile.TemporaryDirectory(prefix="words-", dir=wav.parent) as folder:
            text_file = Path(folder) / "words.txt"
            text_file.write_text(words, encoding="utf-8", errors="replace")
            rate = _SLOW if slow else 1.0
            fields = {"wav": str(wav), "text_file": str(text_file), "language": language}
            command = self._filled({**fields, "rate": f"{rate:g}", "stretch": f"{1 / rate:.2f}"})
            out = await run(command, "" if "{text_file}" in self.template else words)
            if "{wav}" not in self.template:
                wav.write_bytes(out)  # noqa: ASYNC240  (a tenth of a megabyte)
        _must_exist(wav, self._parts[0])

    def _filled(self, fields: dict[str, str]) -> list[str]:
        return [part.format_map(fields) for part in self._parts]


def engine_for(template: str) -> Engine:
    """The engine of a setting: `''` or `espeak-ng` for espeak-ng, else a command template."""
    return Espeak() if template.strip() in ("", "espeak-ng") else CommandEngine(template)


async def run(command: Sequence[str], words: str) -> bytes:
    """Run a program with words on its standard input and give what it writes.

    Raises `SpeechError` when it cannot be started or fails. It leads a process group of its own, which is
    killed whole when the caller gives up, so that no engine outlives its deadline.
    """
    with tempfile.TemporaryFile() as given:  # no pipe: a quick engine may be gone before we write to it
        given.write(words.encode(errors="replace"))
        given.seek(0)
        starting = asyncio.ensure_future(
            asyncio.create_subprocess_exec(
                *command,
                stdin=given,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
        )
        child = await _started(starting, command[0])
    try:
        out, err = await child.communicate()
    except BaseException:
        await _kill(child)
        raise
    if child.returncode:
        told = err.decode(errors="replace").strip()[-_ERROR_SHOWN:]
        raise SpeechError(f"{command[0]} ended with {child.returncode}: {told}")
    return out


async def _started(
    starting: asyncio.Future[asyncio.subprocess.Process], program: str
) -> asyncio.subprocess.Process:
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        # it may run already, with children of its own, before we are told that it does
        with contextlib.suppress(OSError, ValueError):
            await _kill(await starting)
        raise
    except (OSError, ValueError) as problem:
        raise SpeechError(f"{program} cannot be started: {problem}") from problem


async def _kill(child: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    await child.wait()
    # the pipes to their end, so that asyncio closes them; a grandchild that got away may hold them
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(1.0):
            for pipe in (child.stdout, child.stderr):
                if pipe is not None:
                    await pipe.read()


def _must_exist(wav: Path, program: str) -> None:
    if not wav.exists() or not wav.stat().st_size:
        raise SpeechError(f"{program} wrote no sound")
