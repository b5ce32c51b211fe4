"""Writing SVG: elements with everything escaped."""

import re
from xml.sax.saxutils import escape, quoteattr

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold, not even escaped."""


def clean(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return _FORBIDDEN.sub("", text)


def text(content: str) -> str:
    """Text for between two tags."""
    return escape(clean(content))


def element(name: str, *children: str, **attributes: str | float) -> str:
    """An element. In attributes `_` stands for `-`, at the end for nothing; children are SVG already."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(clean(number(value)))}"
        for key, value in attributes.items()
    )
    inside = "".join(children)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def number(value: str | float) -> str:
    """Numbers with at most one decimal; texts as they are."""
    return value if isinstance(value, str) else f"{round(value, 1):g}"
