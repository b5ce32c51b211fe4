"""What came of the work, told by intervals: agents, campaigns, queues, the funnel of flows. Floor 6.

`report` answers an `Asked` with a `Table`: columns that carry their definitions in every language, and rows
that come some at a time, so that a long range holds up neither memory nor the database. `reports.files`
writes them as CSV and XLSX, `reports.schedules` sends them by mail.
"""

from reports.asked import TABLES, Asked, Range, ReportName, moment_of, names_of, range_of
from reports.definitions import Language
from reports.making import all_rows, report
from reports.steps import Step
from reports.tables import NOT_AVAILABLE, Column, Kind, Row, Table

__all__ = [
    "NOT_AVAILABLE",
    "TABLES",
    "Asked",
    "Column",
    "Kind",
    "Language",
    "Range",
    "ReportName",
    "Row",
    "Step",
    "Table",
    "all_rows",
    "moment_of",
    "names_of",
    "range_of",
    "report",
]
