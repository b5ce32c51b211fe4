"""Data that a page carries for its scripts."""

from typing import Any

import orjson
from markupsafe import Markup


def embedded(value: Any) -> Markup:
    """JSON for a script element that holds data: nothing in it ends the element."""
    text = orjson.dumps(value).decode()
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028"))  # noqa: S704
