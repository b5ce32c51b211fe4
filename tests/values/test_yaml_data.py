"""YAML that people write is read, and what cannot be read says where and why."""

import pytest

from values import BadInputError, from_yaml

pytestmark = pytest.mark.unit


def test_what_a_text_says_is_read() -> None:
    assert from_yaml("a: [1, 2.5, yes, ~]\nb: {c: x}\n") == {"a": [1, 2.5, True, None], "b": {"c": "x"}}
    assert from_yaml('{"a": ["x"]}') == {"a": ["x"]}
    assert from_yaml("però: sì\n".encode()) == {"però": "sì"}
    assert from_yaml("") is None
    assert from_yaml("[" * 50 + "]" * 50)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\nuntil: 2026-06-31\n", "line 2: '2026-06-31' cannot be: "),
        ("at: 2026-06-30T10:00:00+99:00", "line 1: "),
        ("a: 0b_", "line 1: '0b_' cannot be: "),
        ("a: !!bool perhaps", "line 1: 'perhaps' is not what its tag says"),
        ("a: !!timestamp soon", "line 1: 'soon' is not what its tag says"),
        ("a: 1" + ":59" * 200 + ".0", "line 1: "),
        ("a: " + "9" * 5000, "line 1: "),
        ("[" * 51 + "]" * 51, "line 1: more than 50 things inside each other"),
        ("a: " + "[" * 900, "line 1: more than 50 things inside each other"),
        ("{a: " * 3000 + "}" * 3000, "line 1: more than 50 things inside each other"),
        ("a: 1\nb: [1\n", "line 3: expected ',' or ']'"),
        ("a: !!python/object:os.system x", "line 1: could not determine a constructor"),
        ("a: \0", "unacceptable character"),
        ('a: "\\UFFFFFFFF"', "cannot be read: "),
        (b"a: \xff", "unacceptable character"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str | bytes, told: str) -> None:
    with pytest.raises(BadInputError) as problem:
        from_yaml(text, field="plan")
    assert problem.value.field == "plan"
    assert str(problem.value).startswith("plan: cannot be read: ")
    assert told in str(problem.value)
    assert "\n" not in str(problem.value)
