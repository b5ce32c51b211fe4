"""What is made ready before the programs start."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from centralino import prepare as module
from centralino.settings import Settings
from ivr.speech import Voice

pytestmark = pytest.mark.database


async def test_what_the_law_wants_said_to_the_abandoned_is_rendered_before_anybody_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[tuple[str, list[str], list[str]]] = []

    class Noted:
        def __init__(self, _speaker: object, company: str) -> None:
            self.company = company

        async def prepare(self, languages: Sequence[str], numbers: Sequence[str]) -> None:
            rendered.append((self.company, list(languages), list(numbers)))

    async def nothing(*_: object, **__: object) -> None: ...

    monkeypatch.setattr(module, "Announcements", Noted)
    monkeypatch.setattr(module, "prepare_fallback", nothing)
    monkeypatch.setattr(Voice, "prepare", nothing)
    settings = Settings(home=tmp_path, city="off", company="Rossi Telefoni")
    await module.prepare(settings)
    assert rendered == [("Rossi Telefoni", list(settings.languages), [settings.caller_id])]
