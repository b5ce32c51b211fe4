"""The fallback script's prompts, rendered ahead while there is still a core to do it."""

from collections.abc import Sequence
from pathlib import Path

from asterisk_conf.fallback.texts import TEXTS
from ivr.speech import Studio, render_announcements

FOLDER = "fallback"
"""Inside the home's `prompts`, which is what the script is told of."""


async def prepare_fallback(folder: Path, languages: Sequence[str], studio: Studio) -> list[str]:
    """Render what the fallback script says into `<folder>/<language>`.

    Gives the names that could not be rendered; for those the script plays Asterisk's own sounds.
    """
    return await render_announcements(studio, TEXTS, folder, languages)
