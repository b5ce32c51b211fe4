"""Lists of people to be called: brought in from files, held, released, removed.

`import_file` takes a CSV or Excel file in by an `ImportPlan`: good lines go in, the others into a report.
"""

from dialer.lists.book import (
    REMOVED,
    ListFigures,
    UnknownListError,
    activate_list,
    contact_lists,
    create_list,
    list_imports,
    remove_list,
)
from dialer.lists.importing import import_file
from dialer.lists.phones import ExcelNumberError
from dialer.lists.plan import ImportPlan, ImportResult, Progress

__all__ = [
    "REMOVED",
    "ExcelNumberError",
    "ImportPlan",
    "ImportResult",
    "ListFigures",
    "Progress",
    "UnknownListError",
    "activate_list",
    "contact_lists",
    "create_list",
    "import_file",
    "list_imports",
    "remove_list",
]
