"""AGI commands as Asterisk wants them written: quoted, of one line, and short enough."""

import re
from collections.abc import Iterable, Sequence

from values import ANY_KEY, BadInputError, Sound

LONGEST_COMMAND = 2000
"""Asterisk reads a command into 2,048 bytes and would take the rest for the next one."""

_FORBIDDEN = re.compile(r"[\r\n\0]")
_BARE = re.compile(r"^[A-Za-z0-9_./:@+-]+$")
_VARIABLE = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*(\([A-Za-z0-9_,:-]*\))?$")
_APPLICATION = re.compile(r"^[A-Za-z][A-Za-z0-9_]*$")


def one_line(value: str, field: str) -> str:
    """A value that cannot end its command and begin another. Raises `BadInputError`, naming the field."""
    if _FORBIDDEN.search(value):
        raise BadInputError("must not have line breaks or NUL in it", field=field)
    return value


def quoted(value: str, field: str) -> str:
    """A value as one argument of a command."""
    if _BARE.match(value):
        return value
    safe = one_line(value, field).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{safe}"'


def command(*words: str) -> str:
    """Words, already quoted, as one command. Raises `BadInputError` when Asterisk could not take it whole."""
    text = " ".join(words)
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST_COMMAND:
        raise BadInputError(f"is longer than the {LONGEST_COMMAND} bytes Asterisk reads", field=words[0])
    return text


def variable_name(name: str) -> str:
    """The name of a channel variable or a dialplan function: `NAME`, `TIMEOUT(digit)`."""
    if not _VARIABLE.match(name):
        raise BadInputError(f"{name[:40]!r} is not the name of a channel variable", field="name")
    return name


def application(app: str, args: Sequence[str]) -> str:
    """The `EXEC` of an application. A comma inside an argument would make two of it and is refused."""
    if not _APPLICATION.match(app):
        raise BadInputError(f"{app[:40]!r} is not the name of an application", field="app")
    for place, value in enumerate(args, 1):
        if "," in value:
            raise BadInputError(
                "must not have a comma; give each argument by itself", field=f"{app} argument {place}"
            )
    return command("EXEC", app, quoted(",".join(args), f"{app} arguments")) if args else command("EXEC", app)


def keys_of(keys: str, field: str = "keys") -> str:
    """Telephone keys, as an argument."""
    if keys == ANY_KEY:
        return '"0123456789*#"'
    if keys.strip(ANY_KEY):
        raise BadInputError(f"{keys[:20]!r} has something that is no key of a telephone", field=field)
    return f'"{keys}"'


def paths_of(sounds: Iterable[Sound]) -> list[str]:
    """The files of sounds, silent ones left out. Raises `BadInputError` for a path that would read as two."""
    paths = [sound.path for sound in sounds if sound.path]
    for path in paths:
        if "&" in path or "," in path or '"' in path or "\\" in path:
            raise BadInputError(f"{path[:80]!r} has one of & , quote or backslash in it", field="sound path")
        one_line(path, "sound path")
    return paths


def joined(paths: Sequence[str], room: int = LONGEST_COMMAND - 100) -> list[str]:
    """Paths as `a&b&c`, in as few pieces as a command can hold (`room` in bytes)."""
    pieces: list[str] = []
    for path in paths:
        if pieces and len(pieces[-1].encode()) + len(path.encode()) < room:
            pieces[-1] += f"&{path}"
        else:
            pieces.append(path)
    return pieces


def milliseconds(seconds: float) -> str:
    """A length of time in whole milliseconds, at least one: Asterisk reads 0 as its own six seconds."""
    return str(max(1, round(seconds * 1000)))
