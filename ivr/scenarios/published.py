"""The JSON Schema of scenario files, for editors; `python -m ivr.scenarios.published` writes it."""

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from ivr.scenarios.model import Scenario, ScenarioFile

SCHEMA = Path("docs/reference/scenario.schema.json")


def scenario_schema() -> dict[str, Any]:
    """The schema: one scenario, or several under `scenarios`."""
    schema = TypeAdapter(Scenario | ScenarioFile).json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Centralino scenario",
        "description": "A call as it should go, for the text player, the engine and real SIP.",
        **schema,
    }


def schema_text() -> str:
    """The schema as the file holds it."""
    return json.dumps(scenario_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
