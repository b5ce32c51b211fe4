"""What each column is called and means, in the languages of the page."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from agents.queues.definitions import definitions as queue_figures

FILE: Final = Path(__file__).with_name("definitions.yaml")


QUEUE_FIGURE: Final = "queue."
"""Columns that begin so are figures of `agents.queues`, which has their words."""


class Language(StrEnum):
    """Of the words."""

    EN = "en"
    IT = "it"
    RU = "ru"


Words = Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=1)
def definitions() -> Mapping[str, Words]:
    """By column key: `title` and `means`, each in every language. A key that ends in `:` takes any word."""
    with FILE.open(encoding="utf-8") as file:
        found: Mapping[str, Words] = yaml.safe_load(file)
    return found


def told(key: str, language: Language, what: str, word: str = "") -> str:
    """A column's title or meaning."""
    if key.startswith(QUEUE_FIGURE):
        figure = queue_figures()[key.removeprefix(QUEUE_FIGURE)].told(language)
        return figure["title"] if what == "title" else f"{figure['words']} ({figure['formula']})"
    head, colon, tail = key.partition(":")
    return definitions()[head + colon][what][language.value].replace("{word}", word or tail or "–")
