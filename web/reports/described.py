"""What the API says of reports: parameters and answers, for its OpenAPI document."""

from typing import Final

from reports import Language, Range, ReportName, Step
from reports.schedules import Form
from web.openapi.describe import FLAG, MOMENT, TEXT, WHOLE, Parameters, Schema, one_of, record

WORDS: Final[Schema] = {"type": "array", "items": TEXT}
ASKED: Final[Parameters] = {
    "range": one_of(*Range, says="a time by its name; yesterday when nothing is said"),
    "from": "the first day, or a time; with `to`, in place of `range`",
    "to": "the last day, which belongs to it, or a time, which does not",
    "by": one_of(*Step, says="the interval of each row"),
    "zone": "whose midnights and hours, as in Europe/Rome",
    "only": "names of agents, campaigns, queues or flows, with commas",
    "version": "of a flow's versions, one",
    "language": one_of(*Language, says="of the columns' words"),
}
REPORT: Final = record(
    report="its name",
    **{"from": MOMENT, "to": MOMENT},
    by="the interval",
    zone="the time zone",
    columns={
        "type": "array",
        "items": record(key="its key", kind="its kind", title="its name", means="what it means"),
    },
    rows={"type": "array", "items": {"type": "array"}},
    more=FLAG,
)
PLAN: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "title": {**TEXT, "minLength": 1, "maxLength": 80},
        "report": one_of(
            *ReportName, says="monthly is the month on paper: once a month, of the month before"
        ),
        "recipients": {"type": "array", "items": {**TEXT, "format": "email"}, "minItems": 1, "maxItems": 20},
        "range": one_of(*Range),
        "by": one_of(*Step),
        "zone": TEXT,
        "only": WORDS,
        "form": one_of(*Form, says="xlsx or csv; of the monthly report pdf, xlsx or both"),
        "language": one_of(*Language),
        "time": {**TEXT, "pattern": "^[0-2][0-9]:[0-5][0-9]$"},
        "days": {"type": "array", "items": {**WHOLE, "minimum": 1, "maximum": 7}},
        "month_day": {**WHOLE, "minimum": 0, "maximum": 28},
        "active": FLAG,
    },
}
NEW_PLAN: Final[Schema] = {**PLAN, "required": ["title", "report", "recipients"]}
SENDING: Final = record(due=MOMENT, state="what came of it", tries=WHOLE, said="what went wrong")
SCHEDULE: Final = record(id="its id", owner="whose rights hold", **PLAN["properties"])
