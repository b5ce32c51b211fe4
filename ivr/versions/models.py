"""What is kept about flows. `FlowStore` alone writes it; rows of versions and publications never change."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from store import Base, Big


class What(StrEnum):
    """Why a version came into force."""

    PUBLISH = "publish"
    ROLLBACK = "rollback"


class FlowVersion(Base):
    """One version of a flow, named by the hash of what it says. Kept for ever: traces refer to it."""

    __tablename__ = "flow_versions"

    version: Mapped[str] = mapped_column(primary_key=True)
    """64 hexadecimal digits, `ivr.language.version_of` the text."""
    name: Mapped[str] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime]
    by: Mapped[str]
    note: Mapped[str]


class FlowPublication(Base):
    """A version came into force. Rows are only added; the latest of a name counts. Kept for ever."""

    __tablename__ = "flow_publications"

    number: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    """Also the number of the edition that began with it."""
    name: Mapped[str]
    version: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    what: Mapped[What]

    __table_args__ = (Index("ix_flow_publications_name", "name", "number"),)


class FlowDraft(Base):
    """A text that somebody is working on; it may be wrong. Kept until it is published or thrown away."""

    __tablename__ = "flow_drafts"

    name: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str]
