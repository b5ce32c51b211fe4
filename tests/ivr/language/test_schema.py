"""The published schema says what the loader takes, as far as a schema can."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ivr.language.published import SCHEMA_FILE, flow_schema, flow_schema_text
from ivr.language.yaml_reader import read_yaml

pytestmark = pytest.mark.unit

CHECKOUT = Path(__file__).parents[3]
FLOWS = sorted([*CHECKOUT.glob("*/flows/*.yaml"), *CHECKOUT.glob("tests/ivr/flows/*.yaml")])


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = flow_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_published_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text("utf-8") == flow_schema_text(), "run: python -m ivr.language.published"


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_an_editor_accepts_the_flows_we_ship(path: Path, validator: Any) -> None:
    data = read_yaml(path.read_text("utf-8"), file=path.name).data
    assert [problem.message for problem in validator.iter_errors(data)] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"titel": "x"},
        {"languages": []},
        {"languages": ["english"]},
        {"start": "Main Menu"},
        {"steps": {}},
        {"steps": {"Main": {"end": "x"}}},
        {"steps": {"a": {"sya": {"en": "x"}, "next": "b"}}},
        {"steps": {"a": {"say": "x", "next": "b"}}},
        {"steps": {"a": {"menu": {"greeting": {"en": "x"}, "choices": {"x": "b"}}}}},
    ],
)
def test_an_editor_refuses_what_the_loader_refuses(wrong: dict[str, Any], validator: Any) -> None:
    good = {
        "flow": "a.b",
        "title": "x",
        "languages": ["en"],
        "start": "a",
        "give_up": "a",
        "steps": {"a": {"end": "x"}},
    }
    assert validator.is_valid(good)
    assert not validator.is_valid({**good, **wrong})


def test_every_word_is_explained() -> None:
    def silent(part: Any, at: str = "") -> list[str]:
        found = []
        for name, one in part.get("properties", {}).items():
            if "description" not in one:
                found.append(f"{at}.{name}")
        return found

    schema = json.loads(flow_schema_text())
    parts = {"Flow": schema, **schema["$defs"]}
    missing = [word for name, part in parts.items() for word in silent(part, name)]
    assert missing == []
