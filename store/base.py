"""The root of every room's tables."""

from datetime import datetime
from enum import Enum as PythonEnum
from typing import Any, ClassVar

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from store.columns import ANY_ENUM, CleanText, UtcDateTime

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Constraints are named by us, so that a migration can name them on either database."""


class Base(DeclarativeBase):
    """Declarative root. Identifiers are `str`, times `datetime` (kept in UTC), enums their values.

    A model's docstring says what the table keeps and for how long.
    """

    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: CleanText(),
        datetime: UtcDateTime(),
        PythonEnum: ANY_ENUM,
    }
