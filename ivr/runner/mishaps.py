"""What the log may say about something that went wrong in a call."""

import traceback

_DEEPEST = 8


def told(problem: BaseException, *, private: bool) -> dict[str, str]:
    """An error as fields of a log line: what it is, and where it came from as code lines only.

    Never hand the error itself to the log: a traceback printed with its variables would show private ones.
    With `private` its own words are left out too, since they may repeat what the caller keyed.
    """
    words = "" if private else f": {problem}"
    lines = traceback.format_tb(problem.__traceback__)[-_DEEPEST:]
    return {"error": f"{type(problem).__name__}{words}", "trace": "".join(lines)}
