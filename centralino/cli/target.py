"""Where a command writes its file, looked at before any work is done."""

import os
from contextlib import suppress
from pathlib import Path

from centralino.cli.given import account, whole
from values import BadInputError


def check_folder(file: Path) -> Path:
    """The file by its whole path, if the account that the command runs as may write one here.

    A command that root started goes on as the service's account, which may not write in root's folders.
    Raises `BadInputError` naming the folder, the account, and what to do.
    """
    target = whole(file)
    folder = target.parent
    with suppress(PermissionError):
        if not folder.is_dir():
            raise BadInputError("there is no such folder: make it, or name another one", field=str(folder))
        if target.is_dir():
            raise BadInputError("is a folder: name a file in it", field=str(file))
    if os.access(folder, os.W_OK | os.X_OK):
        return target
    raise BadInputError(
        f"{account()}, as which commands run, may not write in this folder. Name a file in one that it may, "
        "as /tmp, or let it: chown or chmod the folder",
        field=str(folder),
    )
