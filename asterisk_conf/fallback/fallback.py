#!/usr/bin/env python3
"""Takes a call that the voice core has lost: apologises, notes a call-back number, says goodbye.

Asterisk starts it as an AGI script when the FastAGI server is away or let the call go before its flow's end.
It needs Python and pyst2 only. Where to write and what to play come by options or by the environment
(`CENTRALINO_SPOOL`, `CENTRALINO_PROMPTS`). A number left becomes one file in the spool,
`{call_id, at, caller, number, language, reason, confirmed}`, which the core takes in when it is back.
"""

import argparse
import json
import os
import re
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asterisk.agi import AGI, AGIAppError, AGIException, AGIHangup

LANGUAGES = ("it", "en", "ru")
OWN_NUMBER = "1"
KEEP, CHANGE = "1", "2"
SHORTEST, LONGEST = 6, 15  # digits of a number anybody can be called at, as E.164 has it
TRIES = 3
LINE_UP = 6  # as CHANNEL STATUS has it
KEYS, END = "0123456789*#", "#"
FIRST_DIGIT, NEXT_DIGIT = 7000, 3000  # ms
LONGEST_CALL = 240  # seconds after which this process ends whatever happens

# Asterisk's own sounds for the day when even our prompts are missing; all three language packs have these
OWN_SOUNDS = {
    "sorry": ["im-sorry", "something-terribly-wrong"],
    "ask_own": ["vm-enter-num-to-call", "vm-then-pound"],
    "ask": ["vm-enter-num-to-call", "vm-then-pound"],
    "nothing": ["vm-pls-try-again"],
    "invalid": ["invalid", "vm-pls-try-again"],
    "read_back": ["you-entered"],
    "confirm": ["if-correct-press", "digits/1"],
    "thanks": ["auth-thankyou", "vm-goodbye"],
    "call_later": ["im-sorry", "vm-goodbye"],
    "we_call_again": ["im-sorry", "vm-goodbye"],
    **{f"digit_{digit}": [f"digits/{digit}"] for digit in "0123456789"},
}


class Prompts:
    """Where each prompt's sound lies."""

    def __init__(self, folder: Path, language: str) -> None:
        self._folder = folder / language
        self.ours = True
        """Whether our own files are played where they exist; turned off when they turn out unplayable."""

    def files(self, name: str) -> list[str]:
        """The sounds of a prompt in turn: one of ours, or some of Asterisk's."""
        ours = self._folder / name
        there = any(ours.with_name(f"{name}.{ending}").is_file() for ending in ("alaw", "ulaw", "wav"))
        return [str(ours)] if self.ours and there else OWN_SOUNDS[name]

    def own(self, files: list[str]) -> list[str]:
        """Asterisk's sounds in place of ours."""
        return [own for file in files for own in OWN_SOUNDS.get(Path(file).name, [file])]


class Spool:
    """The folder where numbers wait for the core."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def usable(self) -> bool:
        """Whether a note can be written at all: nobody is asked for a number that would be lost."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            return False
        return os.access(self._folder, os.W_OK | os.X_OK)

    def leave(self, note: dict[str, Any]) -> bool:
        """Write one note, whole or not at all; whether it is on the disk."""
        name = re.sub(r"[^A-Za-z0-9.-]", "_", note["call_id"])[:80] or "unknown"
        made = self._folder / f"{time.time_ns()}-{name}.json"
        draft = self._folder / f".{made.name}.tmp"
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
                file.write(json.dumps(note, ensure_ascii=False).encode())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(made)
        except OSError as problem:
            tell(f"cannot write a call-back request to {self._folder}: {problem}")
            return False
        return True


class Fallback:
    """One call, from the apology to the goodbye."""

    def __init__(self, agi: AGI, prompts: Path, spool: Spool, language: str) -> None:
        self._agi = agi
        self._spool = spool
        told = agi.env.get("agi_language", "")[:2].lower()
        self._language = next((each for each in (told, language) if each in LANGUAGES), LANGUAGES[0])
        self._prompts = Prompts(prompts, self._language)
        digits = re.sub(r"[^+0-9]", "", agi.env.get("agi_callerid", ""))
        self._caller = digits if SHORTEST <= len(digits.lstrip("+")) <= LONGEST else ""

    def run(self) -> None:
        """Take the call. Raises pyst2's `AGIException` when the caller hangs up."""
        self._reason = self._variable("AGISTATUS")
        self._agi.answer()
        if self._variable("CENTRALINO_KIND") == "outbound":
            self._say("sorry", "we_call_again")
        elif number := self._number() if self._spool.usable() else "":
            self._say("thanks" if self._leave(number, confirmed=True) else "call_later")
        elif self._spool.usable():
            self._say("call_later")
        else:
            tell("the spool cannot be written: no number is asked for")
            self._say("sorry", "call_later")
        self._agi.set_variable("CENTRALINO_DONE", "1")
        self._agi.hangup()

    def _number(self) -> str:
        ask = "ask_own" if self._caller else "ask"
        before = ["sorry"]
        for _ in range(TRIES):
            keyed = self._ask(*before, ask, most=LONGEST + 2)
            if keyed == OWN_NUMBER and self._caller:
                return self._caller
            number = valid(keyed)
            if number and self._right(number):
                return number
            before = [] if number else ["invalid" if keyed else "nothing"]
        return ""

    def _right(self, number: str) -> bool:
        spoken = [f"digit_{digit}" for digit in number if digit.isdecimal()]
        try:
            for _ in range(2):
                answer = self._ask("read_back", *spoken, "confirm", most=1)
                if answer in (KEEP, CHANGE):
                    return answer == KEEP
        except (AGIException, ValueError, OSError):
            # who hangs up on hearing the number back has said nothing against it
            self._leave(number, confirmed=False)
            raise
        return True

    def _leave(self, number: str, *, confirmed: bool) -> bool:
        env = self._agi.env
        return self._spool.leave({
            "call_id": env.get("agi_uniqueid", ""),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "caller": self._caller,
            "number": number,
            "language": self._language,
            "reason": "core-away" if self._reason == "FAILURE" else "flow-broken",
            "confirmed": confirmed,
        })  # fmt: skip

    def _ask(self, *names: str, most: int) -> str:
        """Keys pressed during or after the prompts, without the hash that ends them."""
        keys = self._say(*names, stop=KEYS) or self._agi.wait_for_digit(FIRST_DIGIT)
        keyed = ""
        while keys and keys != END:
            keyed += keys
            if len(keyed) >= most:
                break
            keys = self._agi.wait_for_digit(NEXT_DIGIT)
        return keyed

    def _say(self, *names: str, stop: str = "") -> str:
        """Play prompts in turn; the key out of `stop` that ended it, or ''."""
        for name in names:
            key = self._played(self._prompts.files(name), stop)
            if key:
                return key
        return ""

    def _played(self, files: list[str], stop: str) -> str:
        try:
            return self._streamed(files, stop)
        except AGIHangup:
            raise
        except AGIAppError:
            # -1 means that the caller is gone, or that a sound cannot be played
            if not self._prompts.ours or self._agi.channel_status() != LINE_UP:
                raise
        tell("our prompts cannot be played; going on with Asterisk's own sounds")
        self._prompts.ours = False
        return self._streamed(self._prompts.own(files), stop)

    def _streamed(self, files: list[str], stop: str) -> str:
        for file in files:
            key = str(self._agi.stream_file(f'"{file}"', stop))
            if key:
                return key
        return ""

    def _variable(self, name: str) -> str:
        try:
            return str(self._agi.get_variable(name))
        except AGIAppError:
            return ""


def valid(keyed: str) -> str:
    """A number that somebody can be called at, or ''. A leading 00 is a plus."""
    number = re.sub(r"^00", "+", keyed)
    return number if re.fullmatch(rf"\+?[0-9]{{{SHORTEST},{LONGEST}}}", number) else ""


def tell(words: str) -> None:
    """A line for Asterisk's console, without anybody's number."""
    sys.stderr.write(f"fallback: {words}\n")


def main() -> int:
    """Serve the call on standard input and output."""
    signal.alarm(LONGEST_CALL)
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--spool", default=os.environ.get("CENTRALINO_SPOOL", ""))
    options.add_argument("--prompts", default=os.environ.get("CENTRALINO_PROMPTS", ""))
    options.add_argument("--language", default=os.environ.get("CENTRALINO_LANGUAGE", ""))
    given = options.parse_args()
    prompts, spool = (Path(folder or f"{os.devnull}/none") for folder in (given.prompts, given.spool))
    with Path(os.devnull).open("w") as nowhere:  # pyst2 would write every digit there
        try:
            agi = AGI(stderr=nowhere)
            Fallback(agi, prompts, Spool(spool), given.language).run()
        except AGIHangup:
            tell("the caller hung up")
        except (AGIException, ValueError, OSError) as problem:
            # pyst2 meets the end of its input, and "511 dead channel", with assorted exceptions
            tell(f"the call ended: {type(problem).__name__}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
