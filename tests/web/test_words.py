"""What the pages say is there in all three languages, and what they ask for is there at all."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from users import Right, Role
from web.navigation import ENTRIES
from web.words import HERE, LANGUAGES, Words
from web.words.forms import form_of

pytestmark = pytest.mark.unit

WEB = HERE.parent
FORMS = {"en": {"one", "other"}, "it": {"one", "other"}, "ru": {"one", "few", "many"}}
HOLES = re.compile(r"\{(\w+)\}")
ASKED = re.compile(r"""\bt\(\s*["']([a-z0-9_]+\.[A-Za-z0-9_-]+)["'](?!\s*~)""")


def texts(entry: Mapping[str, Any], language: str) -> list[str]:
    told = entry.get(language)
    return list(told.values()) if isinstance(told, Mapping) else [told or ""]


def test_every_word_is_there_in_every_language() -> None:
    for key, entry in Words().entries.items():
        assert isinstance(entry, Mapping), f"{key} is no entry of languages"
        assert set(entry) == set(LANGUAGES), f"{key} speaks {sorted(entry)}"
        for language in LANGUAGES:
            assert all(text.strip() for text in texts(entry, language)), f"{key} is empty in {language}"
            if isinstance(entry[language], Mapping):
                assert set(entry[language]) >= FORMS[language], f"{key} lacks a form in {language}"


def test_every_language_fills_in_the_same_values() -> None:
    for key, entry in Words().entries.items():
        holes = [set(HOLES.findall(" ".join(texts(entry, language)))) for language in LANGUAGES]
        assert holes[0] == holes[1] == holes[2], f"{key}: {holes}"


def asked() -> Iterator[tuple[Path, str]]:
    sources = [*WEB.glob("templates/**/*.html"), *WEB.glob("front/*/*.js"), *WEB.glob("**/*.py")]
    for path in sources:
        if "node_modules" not in path.parts:
            for key in ASKED.findall(path.read_text(encoding="utf-8")):
                yield path, key


def test_what_pages_and_scripts_ask_for_is_there() -> None:
    known = Words().entries
    missing = {(str(path.relative_to(WEB)), key) for path, key in asked() if key not in known}
    missing -= {("front/shared/words.js", "desk.ready"), ("words/__init__.py", "desk.ready")}  # examples
    assert not missing
    for entry in ENTRIES:
        assert f"base.nav_{entry.word}" in known
        assert f"base.group_{entry.group}" in known
    for role in Role:
        assert f"users.role_{role}" in known
    assert set(Right)


def test_a_number_chooses_the_form() -> None:
    assert [form_of("ru", count) for count in (1, 2, 5, 11, 12, 21, 104, 111)] == [
        "one", "few", "many", "many", "many", "one", "few", "many",
    ]  # fmt: skip
    assert [form_of("it", count) for count in (0, 1, 2)] == ["other", "one", "other"]
    words = Words()
    assert words.say("ru", "users.all", count=3) == "3 человека"
    assert words.say("en", "nothing.of-it") == "nothing.of-it"
