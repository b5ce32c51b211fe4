"""The tables of opinions: surveys, whom they ask, what was answered."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from store import Base, Json


class Occasion(StrEnum):
    """Why somebody is asked."""

    AFTER_CALL = "after_call"
    """They have just talked to an agent, and stay on the line."""
    AFTER_PROCESS = "after_process"
    """Something of theirs is done: a repair, an activation."""
    POLL = "poll"
    """They were drawn to help us understand a problem."""


class Mode(StrEnum):
    """Who asks."""

    IVR = "ivr"
    CATI = "cati"
    """An agent, on the desk."""


class InterviewState(StrEnum):
    """How far an interview came. Quotas and indicators count the complete ones alone."""

    INVITED = "invited"
    """Drawn; not reached yet."""
    STARTED = "started"
    """They have agreed and are being asked."""
    COMPLETE = "complete"
    PARTIAL = "partial"
    """Broken off after they had agreed to be asked: its answers are kept, and count in no indicator."""
    REFUSED = "refused"
    """They said no, or hung up before they had agreed."""
    NO_CONTACT = "no_contact"
    """Nobody who could be asked was reached."""
    OTHER = "other"
    """Reached, but could not be asked: another language, illness, somebody else's number."""
    INELIGIBLE = "ineligible"
    """Asked too lately, no customer any more, or the quota was full: also by the time they were through."""
    UNKNOWN = "unknown"
    """Whether anybody lives there was never learned."""


CUT: Final = "cut"
"""The `last_item` of one who was not asked as their agent ended the call: no question is called so."""


class Survey(Base):
    """A survey as its owner set it up. Kept as long as its interviews."""

    __tablename__ = "surveys"

    name: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    questionnaire: Mapped[str]
    """The flow that asks: `surveys.four_items`."""
    occasion: Mapped[Occasion]
    area: Mapped[str]
    """`commercial`, `voice`, `adsl`; '' where each interview has its own."""
    active: Mapped[bool]
    plan: Mapped[Mapping[str, Any]] = mapped_column(Json)
    """Precision, quotas, quarantine, seed: `surveys.sampling` reads it."""
    created: Mapped[datetime]


class Interview(Base):
    """One customer asked once. Who it was is blanked after 24 months; the rest is kept for comparisons."""

    __tablename__ = "survey_interviews"

    id: Mapped[str] = mapped_column(primary_key=True)
    survey: Mapped[str] = mapped_column(ForeignKey("surveys.name"))
    version: Mapped[str]
    """The questionnaire's edition; '' before the first question."""
    mode: Mapped[Mode]
    state: Mapped[InterviewState]
    customer_id: Mapped[str] = mapped_column(index=True)
    contact_id: Mapped[str] = mapped_column(index=True)
    """The dialler's contact; '' after an agent's call."""
    call_id: Mapped[str] = mapped_column(index=True)
    """The call in which it is asked; '' before one."""
    about: Mapped[str]
    """What it asks about: the agent's call, the fault's or the order's id."""
    agent: Mapped[str]
    """Who had served them; '' nobody."""
    team: Mapped[str]
    site: Mapped[str]
    partner: Mapped[str]
    area: Mapped[str]
    region: Mapped[str]
    """Where they live, for polls: a province or a place; '' unknown."""
    stratum: Mapped[str]
    """The cell in which they were drawn."""
    weight: Mapped[float]
    """How many customers of its stratum it stands for."""
    language: Mapped[str]
    week: Mapped[str]
    """The ISO week for which it counts, as `2026-W48`."""
    invited: Mapped[datetime]
    started: Mapped[datetime | None]
    finished: Mapped[datetime | None]
    last_item: Mapped[str]
    """The last question that was asked: where a broken-off one ended; `CUT`."""

    __table_args__ = (
        Index("ix_survey_interviews_survey", "survey", "week", "state"),
        Index("ix_survey_interviews_finished", "finished"),
        Index("ix_survey_interviews_agent", "agent", "finished"),
        Index("ix_survey_interviews_week", "state", "week", "survey", "partner", "site", "area", "weight"),
    )


class SurveyCell(Base):
    """How many complete interviews a cell of a survey has, and how many it may have. Kept 36 months."""

    __tablename__ = "survey_cells"

    survey: Mapped[str] = mapped_column(ForeignKey("surveys.name", ondelete="CASCADE"), primary_key=True)
    cell: Mapped[str] = mapped_column(primary_key=True)
    """The interviews' `stratum`: `voice|Roma`; '' for a survey without cells."""
    week: Mapped[str] = mapped_column(primary_key=True)
    """The ISO week as `2026-W48`; '' for a poll, which counts as a whole."""
    target: Mapped[int | None]
    """So many and no more; None without a limit."""
    done: Mapped[int]
    """Complete ones. Never above the target, however many end in the same instant."""
    since: Mapped[datetime]


class Answer(Base):
    """What was answered to one question. Kept as long as its interview; free words 12 months."""

    __tablename__ = "survey_answers"

    interview: Mapped[str] = mapped_column(
        ForeignKey("survey_interviews.id", ondelete="CASCADE"), primary_key=True
    )
    item: Mapped[str] = mapped_column(primary_key=True)
    """`recommend`, `waiting`, `correctness`, `ability`, `courtesy`, `satisfaction`, `effort`, …"""
    at: Mapped[datetime]
    value: Mapped[int | None]
    """None when the question was skipped, or its answer is no number."""
    text: Mapped[str] = mapped_column(Text)
    """A choice's word, an agent's note, or the recording's id; '' otherwise."""


class AnswerTally(Base):
    """A week that is over, counted: how often each value was given. Kept as long as the interviews."""

    __tablename__ = "survey_tallies"

    week: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    """In which the interviews ended, by the house's clocks: `2026-11`."""
    survey: Mapped[str] = mapped_column(primary_key=True)
    partner: Mapped[str] = mapped_column(primary_key=True)
    site: Mapped[str] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    """'' for the interviews themselves: by these it is seen whether the week is still as it was counted."""
    value: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int]
    weight: Mapped[float]
    squares: Mapped[float]
    """Of the weights."""
