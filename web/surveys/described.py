"""What the API says of surveys, for its OpenAPI document."""

from typing import Any, Final

from surveys.figures.questions import LEAST
from surveys.models import Interview, InterviewState, Mode, Occasion, Survey
from surveys.polls import RegionOutlook, RegionResult
from surveys.starting import Started
from values import AREAS
from web.openapi.describe import FLAG, MOMENT, NUMBER, WHOLE, Schema, one_of, record

SENT: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "questionnaire", "occasion"],
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"},
        "title": {"type": "string", "maxLength": 120},
        "questionnaire": {"type": "string", "description": "a published flow: `surveys.four_items`"},
        "occasion": one_of(*Occasion),
        "area": one_of("", *AREAS, says="'' where each interview has its own"),
        "active": FLAG,
        "plan": {"type": "object", "description": "how many, whom, where; see docs/how-to/surveys.md"},
    },
}
SURVEY: Final = record(
    name="its name",
    title="what people call it",
    questionnaire="the flow that asks",
    occasion=one_of(*Occasion),
    area="",
    active=FLAG,
    plan={"type": "object"},
    created=MOMENT,
)
_NULLABLE: Final = {"type": ["integer", "null"]}
_SHARE: Final = {"type": ["number", "null"]}
CELL: Final = record(cell="its name", week="'' of a poll", target=_NULLABLE, done=WHOLE)
WHOLE_SURVEY: Final[Schema] = {
    "type": "object",
    "properties": {
        **SURVEY["properties"],
        "interviews": {"type": "object", "description": "how many stand in each state"},
        "cells": {"type": "array", "items": CELL},
    },
}
ANSWER: Final = record(item="the question", value=_NULLABLE, text="a choice, or the recording", at=MOMENT)
INTERVIEW: Final = record(
    id="its id",
    survey="its survey",
    state=one_of(*InterviewState),
    mode=one_of(*Mode),
    customer_id="who was asked",
    call_id="the call in which",
    about="what it is about",
    agent="who had served them",
    area="",
    region="where they live",
    stratum="the cell",
    weight=NUMBER,
    language="in which they were asked",
    week="for which it counts",
    invited=MOMENT,
    started={"type": ["string", "null"], "format": "date-time"},
    finished={"type": ["string", "null"], "format": "date-time"},
    last_item="where a broken-off one ended",
    answers={"type": "array", "items": ANSWER},
)
OUTLOOK: Final = record(
    region="the place",
    customers=WHOLE,
    may_be_asked=WHOLE,
    complete=WHOLE,
    invite=WHOLE,
    enough=FLAG,
    reach={**NUMBER, "description": "half the interval's width that can be had at best, as a share"},
)
RESULT: Final = record(
    region="the place",
    invited=WHOLE,
    complete=WHOLE,
    partial=WHOLE,
    refused=WHOLE,
    not_reached=WHOLE,
    yes=_NULLABLE,
    no=_NULLABLE,
    share=_SHARE,
    low=_SHARE,
    high=_SHARE,
    target=_NULLABLE,
    hidden={**FLAG, "description": f"fewer than {LEAST} say yes or no: not told what"},
)
ANSWERED: Final = ("yes", "no", "share", "low", "high")
STARTED: Final = record(invited={"type": "object"}, resting=WHOLE, seed="of the draw")


def survey_told(row: Survey) -> dict[str, Any]:
    """A survey as JSON."""
    return {
        "name": row.name,
        "title": row.title,
        "questionnaire": row.questionnaire,
        "occasion": row.occasion,
        "area": row.area,
        "active": row.active,
        "plan": dict(row.plan),
        "created": row.created,
    }


def interview_told(row: Interview, answers: Any) -> dict[str, Any]:
    """An interview as JSON."""
    told = {name: getattr(row, name) for name in INTERVIEW["properties"] if name != "answers"}
    told["answers"] = [
        {"item": each.item, "value": each.value, "text": each.text, "at": each.at} for each in answers
    ]
    return told


def outlook_told(each: RegionOutlook) -> dict[str, Any]:
    """What a place takes, as JSON."""
    return {
        "region": each.region,
        "customers": each.customers,
        "may_be_asked": each.may_be_asked,
        "complete": each.size.complete,
        "invite": each.size.invite,
        "enough": each.may_be_asked >= each.size.invite,
        "reach": each.reach,
    }


def result_told(each: RegionResult) -> dict[str, Any]:
    """What a place says, as JSON; nothing of what so few have answered that they could be found out."""
    told = {name: getattr(each, name) for name in RESULT["properties"] if name != "hidden"}
    return told | dict.fromkeys(ANSWERED if each.few else ()) | {"hidden": each.few}


def started_told(started: Started) -> dict[str, Any]:
    """What came of starting, as JSON."""
    return {"invited": dict(started.invited), "resting": started.resting, "seed": started.seed}
