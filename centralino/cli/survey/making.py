"""Surveys: which there are, setting them up, and the questionnaires that can be asked."""

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from centralino.cli.campaign.desk import By, show, who
from centralino.cli.given import given
from centralino.cli.survey.desk import Name, read, told, write
from centralino.rooms import Rooms, flow_files
from ivr.language import FlowError, load_flow
from ivr.language.proof.length import longest_way
from ivr.language.yaml_reader import read_yaml
from surveys import queries
from surveys.book import SurveyPlan, survey, surveys
from surveys.models import Occasion
from values import BadInputError, from_yaml

_MOST = 256 * 1024


def list_surveys() -> None:
    """Print all surveys, as JSON."""

    async def found(rooms: Rooms, session: AsyncSession, now: datetime) -> Any:  # noqa: ARG001
        return [told(row) for row in await surveys(session)]

    show(read(found))


def show_survey(name: Name) -> None:
    """Print one survey: how many interviews stand where, and how full its cells are."""

    async def found(rooms: Rooms, session: AsyncSession, now: datetime) -> Any:  # noqa: ARG001
        row = await survey(session, name)
        cells = await queries.cells(session, name)
        return {
            **told(row),
            "interviews": await queries.counts(session, row),
            "cells": [
                {"cell": each.cell, "week": each.week, "target": each.target, "done": each.done}
                for each in cells
            ],
        }

    show(read(found))


def set_up(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and _.")],
    questionnaire: Annotated[str, typer.Option(help="A published flow, as surveys.four_items.")],
    occasion: Annotated[Occasion, typer.Option(help="Why somebody is asked.")],
    title: Annotated[str, typer.Option(help="What people call it.")] = "",
    area: Annotated[str, typer.Option(help="commercial, voice or adsl; left out: each interview's.")] = "",
    plan: Annotated[
        Path | None,
        typer.Option(help="How many, whom, where: YAML or JSON.", readable=False, callback=given),
    ] = None,
    active: Annotated[bool, typer.Option("--active/--paused", help="Whether it asks.")] = True,
    by: By = "",
) -> None:
    """Set a survey up, or change the one of that name. Prints it as JSON."""
    wanted = SurveyPlan(
        name=name,
        questionnaire=questionnaire,
        occasion=occasion,
        title=title,
        area=area,
        active=active,
        plan=_plan(plan),
    )

    async def made(rooms: Rooms, session: AsyncSession, now: datetime) -> Any:
        return told(await rooms.opinion.book.set_up(session, wanted, now, by=who(by)))

    try:
        show(write(made, who(by), "survey.set_up", name))
    except BadInputError as problem:
        raise _placed(problem, plan, wanted.plan) if plan else problem from problem


def questionnaires() -> None:
    """Print the shipped questionnaires, with how long their longest way takes in each language."""
    for path in flow_files():
        flow = load_flow(path.read_text("utf-8"), file=path.name).flow
        if flow.flow.startswith("surveys."):
            times = ", ".join(
                f"{language} {longest_way(flow, language, {}).seconds:.0f} s" for language in flow.languages
            )
            sys.stdout.write(f"{flow.flow}\n    {flow.title} ({times})\n")


def _placed(problem: BadInputError, file: Path, plan: Mapping[str, Any]) -> BadInputError:
    """The same, with the file and the line of the plan that it is about; as it is when it is about none."""
    at = tuple(int(each) if each.isdecimal() else each for each in (problem.field or "").split("."))
    at = at[1:] if at[:1] == ("plan",) else at
    if not at or at[0] not in plan:
        return problem
    try:
        line = read_yaml(file.read_text("utf-8"), file=file.name).place(at, name=True).line
    except FlowError:  # more than flows may have; then the field has to do
        return problem
    told = BadInputError(f"{file}:{line}: {problem}")
    told.field = problem.field
    return told


def _plan(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    if file.stat().st_size > _MOST:
        raise BadInputError(f"{file} is too big for a plan", field="plan")
    try:
        found = from_yaml(file.read_bytes())
    except BadInputError as problem:
        raise BadInputError(f"{file} {problem}", field="plan") from problem
    if not isinstance(found, dict):
        raise BadInputError(f"{file} should hold names with values", field="plan")
    return found
