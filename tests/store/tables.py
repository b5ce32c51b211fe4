"""A table for the store's own tests, in a metadata of its own."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import MetaData
from sqlalchemy.orm import Mapped, mapped_column

from store import Base, Big, Json


class Colour(StrEnum):
    RED = "rosso"
    GREEN = "verde"


class Shelf(Base):
    """Things put there by tests."""

    __tablename__ = "test_shelf"
    metadata = MetaData(naming_convention=Base.metadata.naming_convention)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    name: Mapped[str | None] = mapped_column(unique=True)
    at: Mapped[datetime | None]
    colour: Mapped[Colour | None]
    content: Mapped[object | None] = mapped_column(Json)
