"""Prompts as they are heard, written down: their values in the words that the voice says."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from ivr.language.basics import PLACEHOLDER
from ivr.speech.words import Occasion, spoken
from values import Clock, Scalar, Sound

MISSING = "…"


def worded(text: str, values: Mapping[str, Scalar], language: str, occasion: Occasion) -> str:
    """A text with its values in words; one that is missing shows as `…`."""
    said, end = "", 0
    for found in PLACEHOLDER.finditer(text):
        before = text[end : found.start()]
        words = spoken(values.get(found[1]), found[2] or "", language, occasion, before=before)
        missing = MISSING if values.get(found[1]) is None else ""
        said += before + (", ".join(words) or missing)
        end = found.end()
    return " ".join((said + text[end:]).split())


class WordedVoice:
    """Satisfies `ivr.runner.Voice`: nothing is rendered, but what is written is what would be heard."""

    def __init__(self, clock: Clock, *, country: str = "IT", zone: str = "Europe/Rome") -> None:
        """`country` and `zone` decide how numbers and instants are said."""
        self._clock = clock
        self._country = country
        self._zone = ZoneInfo(zone)

    async def sounds(
        self,
        prompt: Mapping[str, str],
        values: Mapping[str, Scalar],
        *,
        language: str,
        slow: bool,  # noqa: ARG002  (text has no pace)
        key: str,  # noqa: ARG002  (nor recordings)
    ) -> list[Sound]:
        """One piece: the text in the language, or in the first there is."""
        if language not in prompt:
            language = next(iter(prompt))
        today = self._clock.now().astimezone(self._zone).date()
        return [Sound(worded(prompt[language], values, language, Occasion(today, self._zone, self._country)))]
