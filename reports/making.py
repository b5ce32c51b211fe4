"""Any report by its name."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from reports.agents import agents_report
from reports.asked import Asked, ReportName
from reports.campaigns import campaigns_report
from reports.funnel import funnel_report
from reports.queues import queues_report
from reports.tables import Row, Table
from store import Database
from values import CentralinoError

_MADE: Final[Mapping[ReportName, Callable[[Database, Asked], Awaitable[Table]]]] = {
    ReportName.AGENTS: agents_report,
    ReportName.CAMPAIGNS: campaigns_report,
    ReportName.QUEUES: queues_report,
    ReportName.FUNNEL: funnel_report,
}


class NotYoursError(CentralinoError):
    """This report has no figures by partner: a partner's manager sees the agents' report alone."""

    error_id = "not-yours"


async def report(db: Database, asked: Asked) -> Table:
    """A report under way. Raises `NotYoursError`, `StoreUnavailableError`."""
    if asked.agents is not None and asked.report is not ReportName.AGENTS:
        raise NotYoursError
    return await _MADE[asked.report](db, asked)


async def all_rows(table: Table, most: int) -> tuple[list[Row], bool]:
    """A table's first rows, and whether there are more."""
    found: list[Row] = []
    async for rows in table.rows:
        found.extend(rows)
        if len(found) > most:
            return found[:most], True
    return found, False
