"""The table of draws."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from store import Base, Json


class SurveyDraw(Base):
    """One draw of whom to ask, so that it can be done again. It names nobody. Kept 36 months."""

    __tablename__ = "survey_draws"

    id: Mapped[str] = mapped_column(primary_key=True)
    survey: Mapped[str] = mapped_column(ForeignKey("surveys.name", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    seed: Mapped[str]
    """With the same frame it draws the same people."""
    frame: Mapped[int]
    """How many people there were to draw from, each once."""
    resting: Mapped[int]
    """How many of them had been asked too lately."""
    digest: Mapped[str]
    """The fingerprint of those who could be drawn."""
    wanted: Mapped[int]
    drawn: Mapped[int]
    strata: Mapped[Mapping[str, Any]] = mapped_column(Json)
    """By stratum: `size` of those who could be drawn, `drawn`, and the `weight` of each."""
