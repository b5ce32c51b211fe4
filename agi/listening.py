"""Playing prompts and reading keys in as few round trips as Asterisk allows.

What Asterisk 22 does, seen on a real one: `GET DATA` plays one file, breaks on any key and has one time-out
for the first and the further keys; `STREAM FILE` plays one file and breaks on listed keys; `EXEC Playback`
plays many and drops keys; `EXEC Background` plays many and breaks on any key, which it gives back when its
context (the last argument) has no such extension. None of these puts keys into variables, events or logs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from agi.commands import application, command, joined, keys_of, milliseconds, paths_of, quoted
from agi.connection import Connection
from agi.replies import FAILED, Reply
from values import ANY_KEY, Keyed, KeyedEnd, Sound

log = structlog.get_logger(__name__)

NOWHERE = "agi-no-such-context"
"""A dialplan context that must never exist, so that `Background` gives keys back instead of going there."""

_TIMEOUT = "timeout"


async def play(line: Connection, sounds: Sequence[Sound], keys: str) -> str:
    """Play in turn; give the key out of `keys` that stopped it, or ''."""
    paths, escape = paths_of(sounds), keys_of(keys)
    line.check()
    if keys:
        await line.hush()
        if line.ahead and line.ahead[0] in keys:
            return take(line, 1)
    return await _play(line, paths, keys, escape)


@dataclass(slots=True)
class Entry:
    """Keys as they come in, until they are what was asked for. Times in seconds."""

    most: int
    first: float
    between: float
    terminator: str
    digits: str = ""

    def add(self, keys: str) -> tuple[Keyed | None, str]:
        """Take keys in; give the whole answer once it is complete, and the keys that came after it."""
        for place, key in enumerate(keys, 1):
            if key == self.terminator:
                return Keyed(self.digits, KeyedEnd.TERMINATOR), keys[place:]
            self.digits += key
            if len(self.digits) >= self.most:
                return Keyed(self.digits, KeyedEnd.FULL), keys[place:]
        return None, ""

    @property
    def wait(self) -> float:
        """How long to wait for the next key."""
        return self.between if self.digits else self.first

    @property
    def at_once(self) -> int:
        """How many keys one `GET DATA` may read: all that are left, where its time-out and its `#` suit."""
        same = milliseconds(self.wait) == milliseconds(self.between)
        return self.most - len(self.digits) if same and self.terminator != "*" else 1


async def collect(line: Connection, sounds: Sequence[Sound], entry: Entry, barge_in: str) -> Keyed:
    """Play, then read keys; see `ivr.ports.Conversation.collect`."""
    paths, escape = paths_of(sounds), keys_of(barge_in, "barge_in")
    keys_of(entry.terminator, "terminator")
    await line.hush()
    got, last = "", ""
    while barge_in and line.ahead and line.ahead[0] not in barge_in:
        take(line, 1)
    if not (barge_in and line.ahead):
        if barge_in == ANY_KEY and paths:
            # the last file goes with the command that reads the keys
            last = paths.pop()
        got = await _play(line, paths, barge_in, escape)
    return await _read(line, entry, got, "" if got else last)


async def _read(line: Connection, entry: Entry, got: str, path: str) -> Keyed:
    done, line.ahead = entry.add(got + line.ahead)
    while done is None:
        most = entry.at_once
        reply = await _get_data(line, path, entry.wait, most)
        path = ""
        timeout = reply.note == _TIMEOUT
        # `#` always ends a GET DATA and is never in its result
        ended = "" if timeout or len(reply.result) >= most else "#"
        done, line.ahead = entry.add(reply.result + ended)
        if done is None and timeout:
            done = Keyed(entry.digits, KeyedEnd.TIMEOUT)
    return done


async def _get_data(line: Connection, path: str, seconds: float, most: int) -> Reply:
    timeout = milliseconds(seconds)
    file = quoted(path, "sound path") if path else '""'
    reply = await line.command(command("GET", "DATA", file, timeout, str(most)))
    if reply.result != FAILED:
        return reply
    _missing(path)
    if not path:
        return Reply(reply.code, "", _TIMEOUT)
    return await _get_data(line, "", seconds, most)


async def _play(line: Connection, paths: Sequence[str], keys: str, escape: str) -> str:
    if len(paths) > 1 and keys in ("", ANY_KEY):
        for piece in joined(paths):
            if keys:
                reply = await line.command(application("Background", (piece, "n", "", NOWHERE)))
                if reply.key:
                    return reply.key
            else:
                reply = await line.command(application("Playback", (piece, "noanswer")))
            if reply.result == FAILED:
                _missing(piece)
        return ""
    for path in paths:
        reply = await line.command(command("STREAM", "FILE", quoted(path, "sound path"), escape))
        if reply.key:
            return reply.key
        if reply.result == FAILED:
            _missing(path)
    return ""


def _missing(path: str) -> None:
    log.warning("agi.sound_missing", path=path)


def take(line: Connection, count: int) -> str:
    """The first of the keys pressed ahead."""
    taken, line.ahead = line.ahead[:count], line.ahead[count:]
    return taken
