"""Files that a command is told of, as the account sees them that it runs as.

A command that root started goes on as the service's account. Where that account cannot get into the folder
it was started in, the command leaves the folder (`centralino.stepdown`), and `people.csv` means nothing.
"""

import getpass
import os
from contextlib import suppress
from pathlib import Path

from centralino.stepdown import LEFT
from values import BadInputError


def account() -> str:
    """The account that runs this, for a person."""
    with suppress(OSError, KeyError):
        return f"the account {getpass.getuser()}"
    return "this account"


def lost(file: Path) -> bool:
    """Whether a name was meant in a folder that had to be left."""
    return bool(os.environ.get(LEFT)) and not file.is_absolute()


def whole(file: Path) -> Path:
    """A file by its whole path. Raises `BadInputError` for a name meant in a folder that was left."""
    if lost(file):
        raise BadInputError(
            f"{account()}, as which commands run, cannot get into {os.environ[LEFT]}. "
            f"Name a file by its whole path in a folder that it can get into, as /tmp/{file.name}",
            field=str(file),
        )
    return file.absolute()


def given(file: Path | None) -> Path | None:
    """A file that is to be read, looked at before any work is done; for typer's `callback`.

    Raises `BadInputError` saying what to do when it is not there, or the account may not read it.
    """
    if file is None:
        return None
    whole(file)
    with suppress(PermissionError):
        if file.is_dir():
            raise BadInputError("is a folder: name a file in it", field=str(file))
        if not file.exists():
            raise BadInputError("there is no such file", field=str(file))
    if not os.access(file, os.R_OK):
        raise BadInputError(
            f"{account()}, as which commands run, may not read it. Copy it to a folder that it can get into, "
            "as /tmp, or let it: chown or chmod the file",
            field=str(file),
        )
    return file


def all_given(files: list[Path] | None) -> list[Path] | None:
    """The same for several."""
    for file in files or ():
        given(file)
    return files
