"""Figures for pages: the database counts, and a thread reckons, so that other pages do not wait."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncSession

from surveys.figures import Question, Results
from surveys.figures.counted import counted
from surveys.figures.results import results_of


async def reckoned(session: AsyncSession, asked: Question) -> Results:
    """The table that is asked for. A year by agents' names takes seconds."""
    cells = await counted(session, asked)
    return await asyncio.to_thread(results_of, asked, cells)
