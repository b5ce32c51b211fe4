"""Named prompts rendered into a folder of their own, for programs that know nothing of flows."""

import asyncio
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from ivr.speech.mastering import FORMATS
from ivr.speech.shelf import Saying
from ivr.speech.studio import Studio


async def render_announcements(
    studio: Studio, texts: Mapping[str, Mapping[str, str]], folder: Path, languages: Iterable[str]
) -> list[str]:
    """Write `<folder>/<language>/<name>` in the wire's codecs for each text by name and language.

    Gives `language/name` of those that could not be rendered; what was there before stays in their place.
    """
    wanted = [
        (language, name, by_language[language])
        for language in languages
        for name, by_language in texts.items()
        if language in by_language
    ]
    places = await asyncio.gather(
        *(studio.sound(Saying(text, language), patience=60.0) for language, _, text in wanted)
    )
    failed = []
    for (language, name, _), place in zip(wanted, places, strict=True):
        if place is None:
            failed.append(f"{language}/{name}")
        else:
            _copy(place, folder / language / name)
    return failed


def _copy(place: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    for ending in FORMATS:
        draft = target.with_name(f".{target.name}.{ending}.tmp")
        shutil.copyfile(place.with_name(f"{place.name}.{ending}"), draft)
        draft.chmod(0o640)
        os.replace(draft, target.with_name(f"{target.name}.{ending}"))  # noqa: PTH105  (atomic on every system)
