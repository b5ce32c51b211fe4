"""A voice that only writes: prompts as text, with their values in words."""

from collections.abc import Mapping
from datetime import date, datetime

from ivr.language.basics import PLACEHOLDER
from values import Money, Scalar, Sound


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


def written(value: Scalar, kind: str = "") -> str:
    """A value as people write it; a value that is missing shows as `…`."""
    match value:
        case None:
            return "…"
        case bool():
            return "true" if value else "false"
        case Money():
            return str(value)
        case datetime():
            return value.strftime("%d.%m.%Y %H:%M")
        case date():
            return value.strftime("%d.%m.%Y")
    return " ".join(str(value)) if kind == "digits" else str(value)
