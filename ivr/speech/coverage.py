"""How much of the flows can be heard: for each prompt and language, where its sound comes from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ivr.language.model import Flow
from ivr.speech.prompts import PromptPlace, prompts_of
from ivr.speech.voice import Voice, fixed_sayings


class Source(StrEnum):
    """Where a prompt's sound comes from."""

    RECORDED = "recorded"
    RENDERED = "rendered"
    PARTLY = "partly"
    """Some of its pieces are rendered."""
    MISSING = "missing"
    """Nothing is rendered yet; it would be at its first use."""
    UNWRITTEN = "unwritten"
    """The flow has no text for it in this language."""


@dataclass(frozen=True, slots=True)
class Covered:
    """One prompt in one language."""

    place: PromptPlace
    language: str
    source: Source

    @property
    def text(self) -> str:
        """What is to be said; '' when unwritten."""
        return self.place.texts.get(self.language, "")


@dataclass(frozen=True, slots=True)
class Tally:
    """One flow in one language: how many prompts have which source."""

    flow: str
    language: str
    counts: dict[Source, int]

    @property
    def total(self) -> int:
        """All prompts of the flow."""
        return sum(self.counts.values())

    @property
    def heard(self) -> int:
        """Prompts that are ready to be heard."""
        return self.counts[Source.RECORDED] + self.counts[Source.RENDERED]


async def coverage(voice: Voice, flows: Iterable[Flow], *, slow: bool = False) -> list[Covered]:
    """Every prompt of the flows in every language that they declare."""
    found = []
    for flow in flows:
        for place in prompts_of(flow):
            found += [
                Covered(place, language, await _source(voice, place, language, slow=slow))
                for language in flow.languages
            ]
    return found


def tallies(covered: Sequence[Covered]) -> list[Tally]:
    """The figures by flow and language, in the order of appearance."""
    counts: dict[tuple[str, str], dict[Source, int]] = {}
    for one in covered:
        row = counts.setdefault((one.place.flow, one.language), dict.fromkeys(Source, 0))
        row[one.source] += 1
    return [Tally(flow, language, row) for (flow, language), row in counts.items()]


async def _source(voice: Voice, place: PromptPlace, language: str, *, slow: bool) -> Source:
    text = place.texts.get(language)
    if text is None:
        return Source.UNWRITTEN
    if await voice.recorded(text, language, place.key):
        return Source.RECORDED
    there = [voice.studio.at_hand(saying) is not None for saying in fixed_sayings(text, language, slow=slow)]
    if all(there):
        return Source.RENDERED
    return Source.PARTLY if any(there) else Source.MISSING
