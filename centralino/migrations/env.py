"""What alembic runs, on the connection and with the models that `centralino.migrate.config` handed in."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Enum

from store import CleanText, Json, UtcDateTime


def _rendered(kind: str, thing: Any, _: AutogenContext) -> str | Literal[False]:
    """Our column types as plain ones, so that old migrations do not change with our code."""
    if kind != "type":
        return False
    if isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(thing, CleanText):
        return "sa.String()"
    if isinstance(thing, Json):
        return "sa.JSON()"
    if isinstance(thing, Enum):
        return f"sa.String(length={thing.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    render_item=_rendered,
    render_as_batch=True,  # SQLite changes tables by copying them
)
context.run_migrations()
