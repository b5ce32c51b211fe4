"""The form of a file of rules as JSON Schema, for editors that complete and check while one writes.

`python -m proactive.rules.published` writes it to `docs/reference/rules.schema.json`; a test says when to.
"""

import json
from pathlib import Path
from typing import Any, Final

from proactive.events.kinds import KINDS
from proactive.facts import FOUND_OUT
from proactive.rules.reader import EDITION, FIELDS

SCHEMA_FILE: Final = Path(__file__).parents[2] / "docs" / "reference" / "rules.schema.json"
_MOMENT: Final = "A moment: now + 2h, planned - 2d at 18:00, work_from - 1h."


def schema() -> dict[str, Any]:
    """The schema."""
    text = {"type": "string"}
    types = {"enum": sorted([*KINDS, *FOUND_OUT])}
    told: dict[str, dict[str, Any]] = {
        "title": {**text, "description": "What it is for, in a sentence."},
        "on": {
            "anyOf": [types, {"type": "array", "items": types, "minItems": 1}],
            "description": "The types of events it is for.",
        },
        "when": {**text, "maxLength": 500, "description": 'A condition, as kind == "la" and tier == "gold".'},
        "campaign": {**text, "description": "Who calls. Without it earlier contacts are only taken back."},
        "flow": {**text, "description": "The flow that the campaign runs; its inputs are checked then."},
        "event_id": {**text, "description": "What makes a contact the same however often it is told."},
        "fields": {
            "type": "object",
            "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
            "description": "The flow's inputs: {planned}, {work_from:clock}, or plain text.",
        },
        "replaces": {**text, "description": "Contacts made before under this key are taken back."},
        "not_before": {**text, "description": _MOMENT},
        "expires": {**text, "description": _MOMENT},
        "quiet_hours": {
            **text,
            "pattern": "^[0-9]{2}:[0-9]{2} *- *[0-9]{2}:[0-9]{2}$",
            "description": "Hours of the customer's day in which no call begins, as 21:00-09:00.",
        },
        "control": {
            "type": "number", "minimum": 0, "exclusiveMaximum": 1,
            "description": "The share of customers who are not called, to compare with.",
        },
        "priority": {
            "type": "integer", "minimum": -10_000, "maximum": 10_000, "description": "Higher goes first.",
        },
        "off": {"type": "boolean", "description": "true: the house's rule of this name does not hold."},
    }  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Centralino: rules for business events",
        "type": "object",
        "additionalProperties": False,
        "required": ["edition", "rules"],
        "properties": {
            "edition": {"const": EDITION},
            "rules": {
                "type": "object",
                "propertyNames": {"pattern": "^[A-Za-z][A-Za-z0-9_]*$"},
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {name: told[name] for name in FIELDS},
                    "anyOf": [
                        {"required": ["off"]},
                        {"required": ["on", "campaign"]},
                        {"required": ["on", "replaces"]},
                    ],
                },
            },
        },
    }


def written() -> str:
    """As the file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(written(), encoding="utf-8")
