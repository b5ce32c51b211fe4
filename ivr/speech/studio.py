"""Rendering: each saying once, in bounded time, by the chosen engine or the spare one."""

import asyncio
import os
import tempfile
from collections import OrderedDict
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import structlog

from ivr.speech.engines import Engine, Espeak, SpeechError
from ivr.speech.mastering import master, write
from ivr.speech.pieces import pauses
from ivr.speech.shelf import Saying, Shelf
from values import Clock

log = structlog.get_logger(__name__)

DEADLINE = 5.0
"""Seconds an engine has for one saying."""

_REST = 30.0  # seconds an engine is left alone after it failed twice in a row
_FAILURES = 2
_REMEMBERED = 20_000


class Studio:
    """Gives the sound file of any saying, from memory, from the disk, or made now.

    Belongs to one event loop. At most `jobs` engines run at once; equal requests share one rendering; an
    engine that fails or is slow is replaced by the spare, and rested when it fails again, so that callers do
    not wait for it one after the other.
    """

    def __init__(
        self,
        shelf: Shelf,
        engines: Mapping[str, Engine],
        clock: Clock,
        *,
        spare: Engine | None = None,
        jobs: int = 0,
        deadline: float = DEADLINE,
    ) -> None:
        """`engines` are by language, `spare` speaks the others. `jobs` 0: one a processor, at least two."""
        self.shelf = shelf
        self.jobs = jobs or max(2, os.cpu_count() or 2)
        self._engines = dict(engines)
        self._spare = spare or Espeak()
        self._clock = clock
        self._deadline = deadline
        self._places = asyncio.Semaphore(self.jobs)
        self._known: OrderedDict[Saying, Path] = OrderedDict()
        self._flights: dict[Saying, asyncio.Task[Path | None]] = {}
        self._failures: dict[str, tuple[int, float]] = {}

    def engine(self, language: str) -> Engine:
        """Who speaks a language."""
        return self._engines.get(language, self._spare)

    def at_hand(self, saying: Saying) -> Path | None:
        """The sound by the chosen engine if it is made already. Reads the disk only the first time."""
        known = self._known.get(saying)
        if known is not None:
            self._known.move_to_end(saying)
            return known
        place = self.shelf.place(saying, self.engine(saying.language))
        if not self.shelf.holds(place):
            return None
        self._remember(saying, place)
        return place

    def made(self, saying: Saying) -> Path | None:
        """The sound by the chosen engine or, where that failed, by the spare one."""
        found = self.at_hand(saying)
        if found is None:
            place = self.shelf.place(saying, self._spare)
            found = place if self.shelf.holds(place) else None
        return found

    async def sound(self, saying: Saying, *, patience: float) -> Path | None:
        """The path (without ending) that says it; None when there is none after `patience` seconds.

        The rendering goes on without the one who stopped waiting, so that the next one finds it.
        """
        found = self.at_hand(saying)
        if found is not None:
            return found
        flight = self._flights.get(saying)
        if flight is None:
            flight = asyncio.create_task(self._made(saying))
            self._flights[saying] = flight
            flight.add_done_callback(lambda _: self._flights.pop(saying, None))
        done, _ = await asyncio.wait({flight}, timeout=patience)
        return flight.result() if done else None

    async def _made(self, saying: Saying) -> Path | None:
        async with self._places:
            chosen = self.engine(saying.language)
            for engine in (chosen, self._spare) if chosen is not self._spare else (chosen,):
                place = self.shelf.place(saying, engine)
                if self._resting(engine) and not self.shelf.holds(place):
                    continue
                try:
                    if not self.shelf.holds(place):
                        await self._render(saying, engine, place)
                except (SpeechError, TimeoutError, OSError) as problem:
                    self._failed(engine, saying, problem)
                    continue
                self._failures.pop(engine.identity, None)
                if engine is chosen:
                    self._remember(saying, place)
                return place
        return None

    async def _render(self, saying: Saying, engine: Engine, place: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="take-", dir=self.shelf.scratch()) as folder:
            wav = Path(folder) / "take.wav"
            async with asyncio.timeout(self._deadline):
                await engine.speak(saying.words, saying.language, slow=saying.slow, wav=wav)
            await asyncio.to_thread(_mastered, wav, saying.words, place)

    def _resting(self, engine: Engine) -> bool:
        failures, until = self._failures.get(engine.identity, (0, 0.0))
        return failures >= _FAILURES and self._clock.monotonic() < until

    def _failed(self, engine: Engine, saying: Saying, problem: Exception) -> None:
        failures = self._failures.get(engine.identity, (0, 0.0))[0] + 1
        self._failures[engine.identity] = (failures, self._clock.monotonic() + _REST)
        # a customer's value stays out of the log
        words = "(a value)" if saying.personal else saying.words[:60]
        told = str(problem) or f"not done in {self._deadline:g} s"
        log.warning(
            "speech.engine_failed",
            engine=engine.identity[:60],
            language=saying.language,
            words=words,
            problem=told,
        )

    def _remember(self, saying: Saying, place: Path) -> None:
        self._known[saying] = place
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    async def close(self) -> None:
        """Stop what is being rendered."""
        flights = list(self._flights.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)

    def sweep(self, *, days: float) -> int:
        """Remove customers' values older than so many days from the disk; gives how many files."""
        removed = self.shelf.sweep(self._clock.now() - timedelta(days=days))
        if removed:
            self._known.clear()
        return removed


def _mastered(wav: Path, words: str, place: Path) -> None:
    before, after = pauses(words)
    write(master(wav, before=before, after=after), place)
