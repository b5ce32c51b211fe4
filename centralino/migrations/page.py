"""The reference page of all tables, made from the models' own words.

python -m centralino.migrations.page    writes docs/reference/data.md
"""

import sys
from importlib import import_module
from itertools import groupby
from pathlib import Path

from sqlalchemy import Table

from centralino.migrations.models import metadata
from store import Base

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "data.md"

_HEAD = """# What is kept, and for how long

Every table of the database, by the room that owns it. Only its room writes a table. Times are kept in UTC,
money in minor units with its currency, numbers in E.164. What is in Redis besides may be lost at any time and
is not listed.

*Written by `python -m centralino.migrations.page` from the models; change their docstrings, not this page.*
"""


def models() -> list[type[Base]]:
    """Every table's model, by room and name."""
    tables = metadata().tables.values()
    found = [mapper.class_ for mapper in Base.registry.mappers if mapper.local_table in tables]
    return sorted(found, key=lambda model: (_room(model), model.__tablename__))


def page() -> str:
    """The page's text."""
    parts = [_HEAD]
    for room, owned in groupby(models(), key=_room):
        about = (import_module(room).__doc__ or "").strip().splitlines()[0]
        parts.append(
            f"## {room}\n\n{about}\n\n| table | what it keeps, and how long | columns |\n|---|---|---|"
        )
        parts.extend(_row(model) for model in owned)
        parts.append("")
    return "\n".join(parts)


def _row(model: type[Base]) -> str:
    words = " ".join((model.__doc__ or "").split()).replace("|", "\\|")
    table = model.__table__
    columns = ", ".join(f"`{column.name}`" for column in table.columns) if isinstance(table, Table) else ""
    return f"| `{model.__tablename__}` | {words} | {columns} |"


def _room(model: type[Base]) -> str:
    return model.__module__.partition(".")[0]


if __name__ == "__main__":
    PAGE.write_text(page())
    sys.stdout.write(f"wrote {PAGE}\n")
