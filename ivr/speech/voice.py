"""The house's voice: a prompt and its values become sounds."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from ivr.language.model import Flow
from ivr.speech.builtin import SIGNAL, builtin
from ivr.speech.engines import engine_for
from ivr.speech.pieces import Fixed, Slot, cut
from ivr.speech.prompts import prompts_of
from ivr.speech.recordings import Recordings
from ivr.speech.shelf import Saying, Shelf
from ivr.speech.studio import Studio
from ivr.speech.words import Occasion, spoken
from values import Clock, Scalar, Sound

log = structlog.get_logger(__name__)

PATIENCE = 2.5
"""Seconds a caller waits for words that were never said before."""

_VALUES_KEPT = 14.0  # days


@dataclass(frozen=True, slots=True)
class Prepared:
    """What rendering ahead came to, in pieces of speech."""

    made: int
    there: int
    failed: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a prompt in a call: what is to be said, and Asterisk's sounds if that is impossible."""

    sayings: Sequence[Saying]
    otherwise: Sequence[str]


class Voice:
    """Speaks prompts: a recorded file where there is one, else words rendered ahead and values as needed."""

    def __init__(
        self,
        studio: Studio,
        recordings: Recordings,
        clock: Clock,
        *,
        country: str = "IT",
        zone: str = "Europe/Rome",
        patience: float = PATIENCE,
    ) -> None:
        """`country` and `zone` decide how numbers and instants are said."""
        self.studio = studio
        self.recordings = recordings
        self._clock = clock
        self._country = country
        self._zone = ZoneInfo(zone)
        self._patience = patience

    @property
    def today(self) -> date:
        """The date where our callers are."""
        return self._clock.now().astimezone(self._zone).date()

    async def close(self) -> None:
        """Stop what is being rendered."""
        await self.studio.close()

    async def sounds(
        self, prompt: Mapping[str, str], values: Mapping[str, Scalar], *, language: str, slow: bool, key: str
    ) -> list[Sound]:
        """The prompt in a language, else in its first one, with the values filled in.

        Never raises and never waits longer than its patience: what cannot be said in time is said by
        Asterisk's own sounds or left out with a line in the log.
        """
        if language not in prompt:
            language = next(iter(prompt))
        text = prompt[language]
        recorded = await self.recorded(text, language, key)
        if recorded:
            return [Sound(text, str(recorded))]
        parts = [self._part(piece, values, language, slow, key) for piece in cut(text)]
        await self._make(saying for part in parts for saying in part.sayings)
        return [sound for part in parts for sound in self._said(part, key)]

    async def recorded(self, text: str, language: str, key: str) -> Path | None:
        """The mastered recording of a prompt (without ending); none for texts with values in them."""
        if any(isinstance(piece, Slot) for piece in cut(text)):
            return None
        return await self.recordings.sound(language, key)

    def _part(
        self,
        piece: Fixed | Slot,
        values: Mapping[str, Scalar],
        language: str,
        slow: bool,
        key: str,
    ) -> "_Part":
        if isinstance(piece, Fixed):
            return _Part([Saying(piece.words, language, slow)], [SIGNAL])
        value = values.get(piece.name)
        occasion = Occasion(self.today, self._zone, self._country)
        words = spoken(value, piece.kind, language, occasion, before=piece.before)
        if not words:
            log.warning("speech.no_value", key=key, name=piece.name)
        return _Part([Saying(each, language, slow, personal=True) for each in words], builtin(value))

    async def _make(self, sayings: Iterable[Saying]) -> None:
        missing = [saying for saying in sayings if self.studio.at_hand(saying) is None]
        if missing:
            await asyncio.gather(*(self.studio.sound(saying, patience=self._patience) for saying in missing))

    def _said(self, part: "_Part", key: str) -> list[Sound]:
        paths = [self.studio.made(saying) for saying in part.sayings]
        if all(paths):
            return [Sound(saying.words, str(path)) for saying, path in zip(part.sayings, paths, strict=True)]
        words = " ".join(saying.words for saying in part.sayings)
        # a customer's value stays out of the log
        told = "(a value)" if part.sayings[0].personal else words[:60]
        log.error("speech.skipped", key=key, words=told, instead=part.otherwise[:1])
        return [Sound("" if place else words, name) for place, name in enumerate(part.otherwise)]

    async def prepare(self, flows: Iterable[Flow], *, slow: bool = False, workers: int = 1) -> Prepared:
        """Render every fixed piece of the flows ahead, and master the recordings; forgets old values.

        In a running core one worker leaves the other engines to the callers; a set-up takes more.
        """
        await asyncio.to_thread(self.studio.sweep, days=_VALUES_KEPT)
        wanted: dict[Saying, None] = {}
        for flow in flows:
            for place in prompts_of(flow):
                for language, text in place.texts.items():
                    if not await self.recorded(text, language, place.key):
                        wanted.update(dict.fromkeys(fixed_sayings(text, language, slow=slow)))
        missing = [saying for saying in wanted if self.studio.at_hand(saying) is None]
        queue = iter(missing)

        async def work() -> None:
            for saying in queue:
                await self.studio.sound(saying, patience=60.0)

        await asyncio.gather(*(work() for _ in range(max(1, workers))))
        failed = sum(self.studio.at_hand(saying) is None for saying in missing)
        done = Prepared(made=len(missing) - failed, there=len(wanted) - len(missing), failed=failed)
        log.info("speech.prepared", made=done.made, there=done.there, failed=done.failed)
        return done


def fixed_sayings(text: str, language: str, *, slow: bool = False) -> list[Saying]:
    """What of a text can be rendered ahead."""
    return [Saying(piece.words, language, slow) for piece in cut(text) if isinstance(piece, Fixed)]


def voice_of(
    home: Path, clock: Clock, *, speech: Mapping[str, str], country: str = "IT", zone: str = "Europe/Rome"
) -> Voice:
    """The voice of a home: sounds in `<home>/prompts`, recordings in `<home>/recordings/<language>`.

    `speech` has an engine's command by language (`settings.speech`). Raises `BadInputError` for a bad one.
    """
    shelf = Shelf(home / "prompts")
    studio = Studio(shelf, {language: engine_for(template) for language, template in speech.items()}, clock)
    return Voice(studio, Recordings(home / "recordings", shelf), clock, country=country, zone=zone)
