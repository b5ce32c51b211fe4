"""The language as a JSON Schema, for editors that complete and check while one types.

`python -m ivr.language.published` writes it to `docs/reference/flow.schema.json`; a test says when to.
"""

import json
from pathlib import Path
from typing import Any

from ivr.language.model import Flow

SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "reference" / "flow.schema.json"


def flow_schema() -> dict[str, Any]:
    """The schema of a flow file (JSON Schema 2020-12)."""
    made = _plain(Flow.model_json_schema(by_alias=True, mode="validation"))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A call flow", **made}


def _plain(part: Any) -> Any:
    """Without what pydantic says for itself, and strict about names where it is lax."""
    if isinstance(part, list):
        return [_plain(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {name: _plain(one) for name, one in part.items() if not _is_noise(name, one)}
    return {**kept, "additionalProperties": False} if "patternProperties" in part else kept


def _is_noise(name: str, value: object) -> bool:
    """Titles made from names, and bounds JSON Schema does not have; a property of that name is a mapping."""
    return name in ("title", "gt", "le") and not isinstance(value, dict)


def flow_schema_text() -> str:
    """The schema as it is published."""
    return json.dumps(flow_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(flow_schema_text(), encoding="utf-8")
