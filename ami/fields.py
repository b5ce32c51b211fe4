r"""What may stand in a field sent to Asterisk.

The manager interface is lines of text: a line end inside a value begins a second header or a second action.
Beyond that, some fields are little languages of their own (`Channel: /x/` is a pattern that ends every
match, a comma in an Originate's `Variable` begins another variable, in MixMonitor's `File` it reaches a shell
command), so the ones that name things are held to what such names look like.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from ami.errors import UnsafeValueError

_BREAKS: Final = re.compile("[\r\n\0]")
_PATTERNS: Final = {
    # An order to ring: technology and address, as in PJSIP/+393290000017@trunk or Local/s@agent-park.
    "dial": re.compile(r"[A-Za-z][A-Za-z0-9]{0,15}/[A-Za-z0-9+*#._@:/;=-]{1,200}"),
    # A channel that exists: its name, PJSIP/trunk-0000001f, Local/…-00000001;1, or its id.
    "channel": re.compile(r"[A-Za-z0-9][A-Za-z0-9+*#._@:/;=-]{0,200}"),
    "id": re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"),
    "place": re.compile(r"[A-Za-z0-9_+*#.-]{1,80}"),
    # Plain names only: Asterisk takes functions here too, and SHELL() is one of them. _ and __ inherit.
    "variable": re.compile(r"_{0,2}[A-Za-z][A-Za-z0-9_]{0,79}"),
    "file": re.compile(r"/?(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*"),
    "options": re.compile(r"[A-Za-z0-9()_-]{0,40}"),
    "endpoint": re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,79}"),
}
_SPLITS_VARIABLES: Final = re.compile(r'([\\",()\[\]])')
_LONGEST: Final = 900  # Asterisk discards an action with a line above 1023 bytes, header's name included
_CAUSES: Final = range(128)


def safe(field: str, value: str) -> str:
    """The value itself, if it is one line that Asterisk reads whole. Raises `UnsafeValueError`."""
    if _BREAKS.search(value):
        raise UnsafeValueError("a line end or NUL may not stand in it", field=field)
    try:
        length = len(value.encode())
    except UnicodeEncodeError as problem:
        raise UnsafeValueError("half a character stands in it", field=field) from problem
    if length > _LONGEST:
        raise UnsafeValueError(f"{length} bytes are too long, {_LONGEST} fit", field=field)
    return value


def named(field: str, value: str, kind: str) -> str:
    """The value itself, if it looks like the kind of name it should be.

    Kinds: `dial`, `channel`, `id`, `place` (context or extension), `variable`, `file`, `options`, `endpoint`.
    Raises `UnsafeValueError` naming the field, without repeating the value (it may be private).
    """
    if not _PATTERNS[kind].fullmatch(safe(field, value)):
        raise UnsafeValueError(f"this is no {kind} that Asterisk may be given", field=field)
    return value


def cause_code(value: int) -> str:
    """A Q.850 cause as Asterisk reads it, 0 to 127. Raises `UnsafeValueError`."""
    if value not in _CAUSES:
        raise UnsafeValueError(f"{value} is no Q.850 cause", field="cause")
    return str(value)


def assignments(variables: Mapping[str, str]) -> list[str]:
    r"""Channel variables as an Originate carries them, `NAME=value`, with `\` before what would split it.

    Asterisk takes the backslashes away again. Raises `UnsafeValueError` naming the variable.
    """
    return [
        named("variable", name, "variable") + "=" + _SPLITS_VARIABLES.sub(r"\\\1", safe(name, value))
        for name, value in variables.items()
    ]


def all_safe(fields: Mapping[str, str | Iterable[str]]) -> None:
    """Look at every header of an action just before it is sent. Raises `UnsafeValueError` naming it."""
    for name, value in fields.items():
        for one in [value] if isinstance(value, str) else value:
            safe(name, one)
