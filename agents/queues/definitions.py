"""What each figure is called and means, in three languages: for pages that explain what one points at."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

FILE: Final = Path(__file__).with_name("kpis.yaml")
LANGUAGES: Final = ("en", "it", "ru")


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure's."""

    name: str
    """As `agents.queues.kpis` has it: `service_level`."""
    unit: str
    """`percent` (a ratio from 0 to 1) or `seconds`."""
    formula: str
    title: dict[str, str]
    words: dict[str, str]

    def told(self, language: str) -> dict[str, str]:
        """In one language, as JSON has it; English where that is none of ours."""
        known = language if language in LANGUAGES else "en"
        return {
            "name": self.name,
            "unit": self.unit,
            "title": self.title[known],
            "words": self.words[known],
            "formula": self.formula,
        }


@lru_cache(maxsize=1)
def definitions() -> dict[str, Definition]:
    """All, by name, in the order in which they are shown."""
    said = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {name: Definition(name=name, **each) for name, each in said.items()}
