"""The monthly report as a file, for the terminal and for the letters that the core sends."""

import asyncio
from importlib import import_module
from pathlib import Path

from reports import Language
from reports.schedules import Form
from store import Database
from values import Clock


class MonthlyPress:
    """Puts a month together from the services that know its figures, and prints it beside the loop."""

    def __init__(self, db: Database, clock: Clock, *, company: str, fonts: Path | None) -> None:
        """`fonts` is where DejaVu lies; None: where distributions put it."""
        self._db = db
        self._clock = clock
        self._company = company
        self._fonts = fonts

    async def __call__(self, month: str, language: Language, form: Form) -> bytes:
        """The file of a month, as 2026-10. Raises `BadInputError`, `FontsMissingError`."""
        # The page's room takes over a second to load: callers wait for a core that starts again, and none may
        # stand still for it later.
        await asyncio.to_thread(import_module, "web.opinion.monthly")
        from web.opinion.monthly import Form as Paper  # noqa: PLC0415
        from web.opinion.monthly import Reader, file_of, monthly  # noqa: PLC0415
        from web.words import Words  # noqa: PLC0415

        reader = Reader(language, Words().speaking(language.value), self._company)
        async with self._db.read() as session:
            booklet = await monthly(session, month, reader, self._clock.now())
        return await file_of(booklet, Paper(form.value), self._fonts)
