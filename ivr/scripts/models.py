"""What is kept of agents' ways through scripts. `ScriptRuns` alone writes it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from store import Base, Json


class ScriptRun(Base):
    """One talk's way through a script. What was typed (`state`) is kept 6 months, the rest 24."""

    __tablename__ = "script_runs"

    run_id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(index=True)
    """The talk it belongs to; '' when somebody only tries a script."""
    agent: Mapped[str]
    customer_id: Mapped[str] = mapped_column(index=True)
    """Blanked after 24 months."""
    campaign: Mapped[str]
    """The campaign or queue that named the script."""
    script: Mapped[str]
    version: Mapped[str]
    language: Mapped[str]
    page: Mapped[str]
    """Where it stands."""
    stage: Mapped[str]
    """The stage of that page; '' at an end."""
    turn: Mapped[int]
    """Goes up with each change; who changes a state that is not the latest is refused."""
    started: Mapped[datetime]
    opened: Mapped[datetime]
    """When the page it stands at was opened."""
    changed: Mapped[datetime]
    ended: Mapped[datetime | None]
    outcome: Mapped[str]
    """'' while no end was reached: there the talk broke off."""
    goal: Mapped[bool]
    state: Mapped[Mapping[str, Any]] = mapped_column(Json)
    """`ivr.scripts.ScriptState`; empty once its time is over."""

    __table_args__ = (Index("ix_script_runs_script", "script", "started"),)


class ScriptVisit(Base):
    """A page that was left: for counts, times, and where talks break off. Kept 24 months."""

    __tablename__ = "script_visits"

    run_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    script: Mapped[str]
    page: Mapped[str]
    stage: Mapped[str]
    at: Mapped[datetime]
    """When it was left."""
    seconds: Mapped[float]
    """How long it was open."""
    how: Mapped[str]
    """`answer`, `objection`, `next`, `back` or `give_up`."""
    key: Mapped[str]
    """The answer's key; '' without one."""

    __table_args__ = (Index("ix_script_visits_script", "script", "at"),)


class ScriptAnswer(Base):
    """What was filled in or set in a run, as it stands now. Kept 24 months."""

    __tablename__ = "script_answers"

    run_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    """The variable; in a sub-script behind the step that runs it: `find>number`."""
    script: Mapped[str]
    at: Mapped[datetime]
    kind: Mapped[str]
    """`text`, `number`, `flag`, `money`, `date`, `time`; `none` when skipped, left empty or declined."""
    text: Mapped[str] = mapped_column(Text)
    """The value in letters: `yes`, `12.50`, `2026-12-01`; '' for none."""
    number: Mapped[float | None]
    """The value as a number, to reckon with: a flag is 1 or 0, money in major units."""

    __table_args__ = (Index("ix_script_answers_script", "script", "name"),)
