"""What the pages say, in English, Italian and Russian: one file per feature, one entry per word.

`t("desk.ready")` gives the entry `ready` of `desk.yaml`. An entry is a text per language; `{name}` in it is
replaced by what is handed in. Where a number decides the form, a language has a text per form (`one`, `few`,
`many`, `other`) and `count` is handed in. The page carries its features' words to the scripts as JSON.
"""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml

from web.words.forms import form_of

HERE: Final = Path(__file__).parent
LANGUAGES: Final = ("en", "it", "ru")

Entry = Mapping[str, Any]
"""Language to text, or to form and text."""

_HOLE: Final = re.compile(r"\{(\w+)\}")


class Words:
    """All words, read once."""

    def __init__(self, folder: Path = HERE) -> None:
        self._entries: dict[str, Entry] = {}
        for path in sorted(folder.glob("*.yaml")):
            # every key is a text, also `on`, `off` and `no`; this loader makes nothing but texts
            told = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader) or {}  # noqa: S506
            for key, entry in told.items():
                self._entries[f"{path.stem}.{key}"] = entry

    @property
    def entries(self) -> Mapping[str, Entry]:
        """All of them, by feature and key."""
        return self._entries

    def say(self, language: str, key: str, /, **values: object) -> str:
        """A text; the key itself when there is none, so that a page with a hole still works."""
        entry = self._entries.get(key)
        if entry is None:
            return key
        text = entry.get(language) or entry.get("en", key)
        if isinstance(text, Mapping):
            form = form_of(language, values.get("count"))
            text = text.get(form) or text.get("other") or key
        return _HOLE.sub(lambda hole: str(values.get(hole[1], hole[0])), str(text))

    def speaking(self, language: str) -> Any:
        """`t` for a template."""
        return partial(self.say, language)

    def of(self, language: str, *features: str) -> dict[str, Any]:
        """The words of some features in one language, for the scripts of a page."""
        wanted = tuple(f"{feature}." for feature in features)
        return {
            key: entry.get(language) or entry.get("en")
            for key, entry in self._entries.items()
            if key.startswith(wanted)
        }
