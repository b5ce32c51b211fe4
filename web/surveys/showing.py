"""Surveys and their interviews."""

from typing import Any

from aiohttp import web

from surveys import queries
from surveys.book import SurveyPlan, survey, surveys
from surveys.models import InterviewState, Occasion
from users import Right
from values import BadInputError
from web.access import allowed, audit, who
from web.bodies import body_of
from web.keys import PARTS
from web.openapi.describe import MOMENT, PAGE, described, listing, one_of
from web.problems import NotFoundError
from web.queries import check_names, json_answer, limit_of, time_of
from web.queries import one_of as word_of
from web.surveys.described import (
    INTERVIEW,
    SENT,
    SURVEY,
    WHOLE_SURVEY,
    interview_told,
    survey_told,
)
from web.surveys.desk import desk_of

_FIELDS = frozenset(SENT["properties"])


@allowed(Right.SURVEYS)
@described(answer={"type": "object", "properties": {"surveys": {"type": "array", "items": SURVEY}}})
async def listed(request: web.Request) -> web.Response:
    """All surveys, by name."""
    check_names(request.query, ())
    async with request.app[PARTS].db.read() as session:
        rows = await surveys(session)
    return json_answer({"surveys": [survey_told(row) for row in rows]})


@allowed(Right.SURVEYS)
@described(body=SENT, needed=True, answer=SURVEY, status=201, also={200: "there was one, and it is changed"})
async def set_up(request: web.Request) -> web.Response:
    """Set a survey up, or change the one of that name; one that rings people gets its campaign."""
    plan = _plan(await body_of(request, _FIELDS))
    parts = request.app[PARTS]
    now = parts.clock.now()
    async with parts.db.write() as session:
        row = await desk_of(request).book.set_up(session, plan, now, by=who(request).name)
        told = survey_told(row)
        await audit(request, session, "survey.set_up", subject=row.name)
    answer = json_answer(told)
    answer.set_status(201 if row.created == now else 200)
    return answer


@allowed(Right.SURVEYS)
@described(answer=WHOLE_SURVEY)
async def one(request: web.Request) -> web.Response:
    """One survey: how many interviews stand where, and how full its cells are."""
    check_names(request.query, ())
    async with request.app[PARTS].db.read() as session:
        row = await survey(session, request.match_info["name"])
        states = await queries.counts(session, row)
        cells = await queries.cells(session, row.name)
    shown = [
        {"cell": each.cell, "week": each.week, "target": each.target, "done": each.done} for each in cells
    ]
    return json_answer({**survey_told(row), "interviews": states, "cells": shown})


@allowed(Right.SURVEYS)
@described(
    query={
        **PAGE,
        "state": one_of(*InterviewState, says="only those"),
        "since": {**MOMENT, "description": "invited at or after"},
    },
    answer=listing("interviews", INTERVIEW),
)
async def interviews(request: web.Request) -> web.Response:
    """A survey's interviews with their answers, the latest invited first."""
    query = request.query
    check_names(query, {"limit", "cursor", "state", "since"})
    async with request.app[PARTS].db.read() as session:
        row = await survey(session, request.match_info["name"])
        page = await queries.interviews(
            session,
            row.name,
            state=word_of(InterviewState, "state", query.get("state")),
            since=time_of("since", query.get("since")),
            limit=limit_of(query.get("limit")),
            cursor=query.get("cursor", ""),
        )
    shown = [interview_told(each, page.answers.get(each.id, ())) for each in page.rows]
    return json_answer({"interviews": shown, "cursor": page.cursor or None})


@allowed(Right.SURVEYS)
@described(answer=INTERVIEW)
async def interview(request: web.Request) -> web.Response:
    """One interview with its answers."""
    check_names(request.query, ())
    async with request.app[PARTS].db.read() as session:
        found = await queries.interview(session, request.match_info["id"])
    if found is None:
        raise NotFoundError("There is no such interview.")
    return json_answer(interview_told(*found))


def _plan(body: dict[str, Any]) -> SurveyPlan:
    for name, kind in (("active", bool), ("plan", dict)):
        if name in body and not isinstance(body[name], kind):
            words = "write true or false" if kind is bool else "write an object, as in {}"
            raise BadInputError(words, field=name)
    occasion = word_of(Occasion, "occasion", _text(body, "occasion"))
    assert occasion is not None  # noqa: S101  (a text is given)
    return SurveyPlan(
        name=_text(body, "name"),
        questionnaire=_text(body, "questionnaire"),
        occasion=occasion,
        title=_text(body, "title", ""),
        area=_text(body, "area", ""),
        active=body.get("active", True),
        plan=body.get("plan", {}),
    )


def _text(body: dict[str, Any], name: str, usual: str | None = None) -> str:
    value = body.get(name, usual)
    if not isinstance(value, str):
        raise BadInputError("write a text", field=name)
    return value
