"""What is wrong with data that has a form is said in the house's words, never in those of a library."""

from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from values import no_such, refused

pytestmark = pytest.mark.unit


class Form(BaseModel):
    """A form of every kind of field."""

    model_config = ConfigDict(extra="forbid")

    share: float = Field(default=0.5, gt=0, le=1)
    count: int = Field(default=1, ge=1)
    word: str = Field(default="a", min_length=1, max_length=3)
    mode: Literal["one", "two"] = "one"
    names: list[str] = Field(default=["a"], min_length=1, max_length=2)
    on: bool = True


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"share": 2}, "plan.share: write 1 or less"),
        ({"share": 0}, "plan.share: write a number above 0"),
        ({"share": "half"}, "plan.share: write a number"),
        ({"count": 0}, "plan.count: write 1 or more"),
        ({"count": 1.5}, "plan.count: write a whole number"),
        ({"word": 3}, "plan.word: write a text"),
        ({"word": ""}, "plan.word: must not be empty"),
        ({"word": "long"}, "plan.word: write at most 3 characters"),
        ({"mode": "three"}, "plan.mode: write 'one' or 'two'"),
        ({"names": "a"}, "plan.names: write a list, as in [a, b]"),
        ({"names": ["a", 1]}, "plan.names.1: write a text"),
        ({"names": []}, "plan.names: must not be empty"),
        ({"names": ["a", "b", "c"]}, "plan.names: write at most 2"),
        ({"on": "perhaps"}, "plan.on: write true or false"),
        (
            {"share": 2, "wrd": "a"},
            "plan.wrd: there is no field 'wrd'; did you mean 'word'? There are count, ",
        ),
        ([], "plan: write names with values, as in {a: 1}"),
    ],
)
def test_the_field_is_named_and_what_to_do(given: Any, told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Form.model_validate(given)
    found = str(refused(caught.value, at="plan", known=Form.model_fields))
    assert found.startswith(told)
    assert "nput" not in found


def test_a_name_that_is_none_is_told_with_what_there_is() -> None:
    assert no_such("x", [], "queue") == "there is no queue 'x'"
    assert no_such("x", ["billing", "care"], "queue") == "there is no queue 'x'; there are billing, care"
    many = [f"area{number:02}" for number in range(30)]
    assert no_such("quite other", many, "area").endswith("area19 and 10 more")
