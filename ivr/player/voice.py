"""A voice that only writes: prompts as text, with their values as people write them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ivr.language.basics import PLACEHOLDER
from ivr.player.written import written
from values import Scalar, Sound

if TYPE_CHECKING:
    from ivr.runner import Voice


class TextVoice:
    """Satisfies `ivr.runner.Voice` without rendering anything."""

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
        text = prompt.get(language) or next(iter(prompt.values()))
        return [Sound(PLACEHOLDER.sub(lambda found: written(values.get(found[1]), found[2] or ""), text))]


class SpokenText:
    """Writes each prompt in one piece, as one voice has it, and has another speak it."""

    def __init__(self, voice: "Voice", text: "Voice") -> None:
        self._voice = voice
        self._text = text

    async def sounds(
        self, prompt: Mapping[str, str], values: Mapping[str, Scalar], *, language: str, slow: bool, key: str
    ) -> list[Sound]:
        """The text once, then what is heard of it."""
        text = await self._text.sounds(prompt, values, language=language, slow=slow, key=key)
        spoken = await self._voice.sounds(prompt, values, language=language, slow=slow, key=key)
        return [*text, *(replace(sound, text="") for sound in spoken)]
