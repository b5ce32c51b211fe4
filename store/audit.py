"""Who has looked at, heard or erased whose data, and when."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base
from store.columns import Big


class AuditEntry(Base):
    """Somebody looked at, heard or erased personal data. Rows are only added. Kept 5 years.

    It outlives an erased customer, of whom it holds the id, but neither name nor number.
    """

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    by: Mapped[str]
    """The account of a person, or the program."""
    what: Mapped[str]
    """`shown`, `erase.begun`, `erased`, `recording.removed`."""
    customer_id: Mapped[str] = mapped_column(index=True)
    """'' when nobody knows whose it was."""
    about: Mapped[str]
    """The call or the file, where it is about one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditNote:
    """One line for the audit."""

    at: datetime
    by: str
    what: str
    customer_id: str = ""
    about: str = ""


async def note_audit(session: AsyncSession, notes: Sequence[AuditNote]) -> None:
    """Write lines down with this transaction. For a reading: commit before anything is shown."""
    if notes:
        await session.execute(insert(AuditEntry.__table__), [asdict(note) for note in notes])  # type: ignore[arg-type]
