"""Periods, rows and scopes as SQL, alike on both databases."""

from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, case, literal

from surveys.figures.periods import By, begins, ends
from surveys.figures.questions import Question, Scope
from surveys.models import Interview

Row = TypeVarTuple("Row")


def period_column(asked: Question, moment: Any) -> ColumnElement[str]:
    """The period: the week that an interview counts for, or the month of a moment by the house's clocks."""
    if asked.by is By.WEEK:
        return Interview.week.label("period")
    months = [(moment < ends(month, By.MONTH, asked.zone), literal(month)) for month in asked.periods]
    return case(*months).label("period")


def narrowed(query: Select[*Row], asked: Question, moment: Any, *, area: bool = True) -> Select[*Row]:
    """Only the interviews that are asked about."""
    if asked.by is By.WEEK:
        query = query.where(Interview.week >= asked.since, Interview.week <= asked.until)
    else:
        first, after = (begins(asked.since, By.MONTH, asked.zone), ends(asked.until, By.MONTH, asked.zone))
        query = query.where(moment >= first, moment < after)
    if asked.surveys:
        query = query.where(Interview.survey.in_(sorted(asked.surveys)))
    if area and asked.area:
        query = query.where(Interview.area == asked.area)
    return seen(query, asked.scope)


def seen(query: Select[*Row], scope: Scope) -> Select[*Row]:
    """Only what whoever asks may see."""
    for name in ("partner", "site", "team", "agent"):
        wanted = getattr(scope, name)
        if wanted is not None:
            query = query.where(getattr(Interview, name) == wanted)
    return query


def path_columns(asked: Question) -> list[Any]:
    """The columns that make a row."""
    return [getattr(Interview, name) for name in asked.path]
