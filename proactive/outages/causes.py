"""What an outage comes from, in the caller's language."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml

from values import BadInputError

FILE: Final = Path(__file__).with_name("causes.yaml")
LANGUAGES: Final = ("it", "en", "ru")
OTHER: Final = "other"


class Causes:
    """The words by cause and language, checked as they are read."""

    def __init__(self, words: Mapping[str, Mapping[str, str]]) -> None:
        """Raises `BadInputError` naming a cause that a language lacks."""
        for cause, by_language in {OTHER: {}, **words}.items():
            if lacking := [each for each in LANGUAGES if not by_language.get(each)]:
                raise BadInputError(f"{cause} has no words in {', '.join(lacking)}", field=cause)
        self._words = words

    @staticmethod
    def load(path: Path = FILE) -> "Causes":
        """Read a file."""
        return Causes(yaml.safe_load(path.read_text(encoding="utf-8")))

    def words(self, cause: str, language: str) -> str:
        """For a caller: the network's own words are for the network, and not read to anybody."""
        known = re.sub(r"[^a-z]+", "_", cause.lower()).strip("_")
        by_language = self._words.get(known) or self._words[OTHER]
        return by_language.get(language) or by_language[LANGUAGES[0]]
