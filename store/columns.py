"""Column types that keep values whole on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum as PythonEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, Integer, String
from sqlalchemy.types import TypeDecorator

from values import BadInputError


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: goes in aware, of any zone, and comes out aware, in UTC.

    A naive time is refused with `BadInputError`, because nobody could say when it was.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Into the database: UTC; SQLite keeps no zone, so it is left off there."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise BadInputError(f"{value.isoformat()} has no time zone; times are kept in UTC")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Out of the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """On SQLite the two steps, ours and that of `DateTime`, as one: rows are full of times."""
        return _into_sqlite if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """The same on the way out."""
        return _out_of_sqlite if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _into_sqlite(value: datetime | None) -> str | None:
    """As SQLAlchemy writes times: `2026-11-25 23:40:00.000000`."""
    if value is None:
        return None
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise BadInputError(f"{value.isoformat()} has no time zone; times are kept in UTC")
        value = value.astimezone(UTC)
    # written with its zone and cut: to take the zone off before takes twice as long
    return value.isoformat(" ", "microseconds")[:_WITHOUT_ZONE]


_WITHOUT_ZONE = len("2026-11-25 23:40:00.000000")


def _out_of_sqlite(value: str | None) -> datetime | None:
    # read with its zone: to set that afterwards takes seven times as long
    return None if value is None else datetime.fromisoformat(value + "+00:00")


class CleanText(TypeDecorator[str]):
    """Text, made fit for both databases: without NUL characters, and with ? for what UTF-8 cannot hold.

    A caller id or a header may carry anything; one such call must not keep a whole group from being written.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  (one for both)
        """Into the database."""
        return _clean(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """On SQLite nothing comes after it, so that it is called at once: most of what is written is text."""
        return _clean if dialect.name == "sqlite" else super().bind_processor(dialect)


def _clean(value: str | None) -> str | None:
    if value is None or (value.isascii() and "\0" not in value):
        return value
    return value.replace("\0", "").encode(errors="replace").decode()


class Json(TypeDecorator[Any]):
    """Anything JSON can hold, written and read by orjson (`Database` hands it to the driver). `None` is NULL.

    Kept as text rather than PostgreSQL's `jsonb`: nobody queries inside, and inserts are cheaper.
    """

    impl = JSON(none_as_null=True)
    cache_ok = True


def words(kind: type[PythonEnum]) -> Enum:
    """A column for an enum's values (not its names), kept as text of up to 32 characters.

    No database type and no check: a new member needs no migration, and an unknown word is refused on both
    ways by SQLAlchemy. `Mapped[SomeEnum]` on `store.Base` gets the same without naming it.
    """
    return Enum(kind, native_enum=False, length=32, values_callable=_values)


def _values(kind: type[PythonEnum]) -> list[str]:
    return [str(member.value) for member in kind]


ANY_ENUM = Enum(PythonEnum, native_enum=False, length=32, values_callable=_values)
"""What `Base` makes of an enum it meets in `Mapped[…]`."""

Big = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit integer that SQLite also counts up by itself when it is the primary key."""
