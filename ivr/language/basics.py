"""The small words of the flow language: prompts, durations, keys, places to go."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

FLOW_NAME = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"
STEP_NAME = r"^[a-z][a-z0-9_]*$"
ACTION_NAME = r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"
TARGET_NAME = r"^[a-z][a-z0-9_]*(\.[A-Za-z0-9][A-Za-z0-9._-]{0,39})?$"
KEY = r"^[0-9*#]{1,4}$"

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(?::([a-z]+))?\}")
"""`{name}` or `{name:kind}` inside a prompt; the kind says how the value is spoken."""

SPOKEN_KINDS = ("text", "digits", "number", "money", "date", "time")
_DURATION = re.compile(r"^(\d+(?:\.\d+)?)\s*(ms|s|m)?$")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, None: 1.0}


class Word(BaseModel):
    """The base of every part of a flow: unknown fields are refused, nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def _seconds(value: Any) -> Any:
    if isinstance(value, str):
        found = _DURATION.match(value.strip())
        if not found:
            raise ValueError(f"{value!r} is no length of time; write 5s, 500ms or 2m")
        return float(found[1]) * _SECONDS[found[2]]
    return value


def written(value: Any) -> Any:
    """Keys as text, also where their author left out the quotes."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _spoken(texts: dict[str, str]) -> dict[str, str]:
    for language, text in texts.items():
        for name, kind in PLACEHOLDER.findall(text):
            if kind and kind not in SPOKEN_KINDS:
                kinds = ", ".join(SPOKEN_KINDS)
                raise ValueError(f"{{{name}:{kind}}} in the {language} text: {kind} is not one of {kinds}")
        if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
            raise ValueError(f"the {language} text has a brace that belongs to no {{value}}: {text[:60]!r}")
    return texts


Seconds = Annotated[float, BeforeValidator(_seconds, json_schema_input_type=float | str), Field(gt=0, le=600)]
"""A length of time: `5s`, `500ms`, `2m`, or a plain number of seconds."""

Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Prompt = Annotated[
    dict[Language, Annotated[str, Field(min_length=1)]], Field(min_length=1), AfterValidator(_spoken)
]
"""What is said, by language: `{it: Buongiorno, en: Good morning}`; `{balance:money}` is filled in."""

StepName = Annotated[str, Field(pattern=STEP_NAME)]
FlowName = Annotated[str, Field(pattern=FLOW_NAME)]
ActionName = Annotated[str, Field(pattern=ACTION_NAME)]
VariableName = Annotated[str, Field(pattern=STEP_NAME)]
TargetName = Annotated[str, Field(pattern=TARGET_NAME)]
Keys = Annotated[str, BeforeValidator(written, json_schema_input_type=str | int), Field(pattern=KEY)]
"""Keys of a telephone; `9` without quotes means "9"."""
KeyName = Annotated[str, Field(pattern=KEY)]
"""Keys as a name before a colon, which is always text."""

Literal_ = str | int | float | bool | None
