"""Conditions: what they mean, what they forgive, and what they say to a person who mistypes one."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.language.expressions import ExpressionError, parse_expression
from values import Money, Scalar

pytestmark = pytest.mark.unit

CALL: dict[str, Scalar] = {
    "tier": "gold",
    "owed": Money(7250),
    "nothing_owed": Money(0),
    "due": date(2026, 12, 1),
    "reported": datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    "lines": 2,
    "rate": 0.5,
    "keyed": "0018",
    "known": True,
    "note": "",
    "absent": None,
}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('tier == "gold"', True),
        ("tier == 'silver'", False),
        ('tier in ["gold", "platinum"]', True),
        ('tier not in ["gold", "platinum"]', False),
        ("known", True),
        ("not known", False),
        ("note", False),
        ("lines", True),
        ("nothing_owed", False),
        ("owed", True),
        # and binds closer than or; brackets change that; not binds closest
        ("known or lines == 9 and lines == 8", True),
        ("(known or lines == 9) and lines == 8", False),
        ("not known or known", True),
        ("not (known or known)", False),
        # money against a number is an amount in its own currency, not cents
        ("owed > 72", True),
        ("owed == 72.50", True),
        ("owed >= 7250", False),
        ("owed > nothing_owed", True),
        ("owed == owed", True),
        # dates against dates as people write them for machines
        ('due < "2026-12-02"', True),
        ('due == "2026-12-01"', True),
        ('reported >= "2026-03-02"', True),
        ('reported > "2026-03-02T09:00:00"', True),
        ('reported == "2026-03-02T10:30:00+01:00"', True),
        ("reported < due", True),
        # what was keyed is text, yet counts
        ("keyed == 18", True),
        ("keyed > 17.5", True),
        ('keyed == "18"', False),
        ("rate < 1", True),
        ("lines == -2", False),
        # yes and no are not numbers
        ("known == 1", False),
        ("known == true", True),
        ("known != false", True),
        ("true > false", False),
    ],
)
def test_a_condition_means_what_it_says(condition: str, *, holds: bool) -> None:
    assert parse_expression(condition).evaluate(CALL) is holds


@pytest.mark.parametrize("name", ["absent", "never_set"])
def test_nothing_equals_only_nothing_and_has_no_order(name: str) -> None:
    def holds(condition: str) -> bool:
        return parse_expression(condition.replace("x", name)).evaluate(CALL)

    assert holds("x == none")
    assert holds("x in [none, 1]")
    assert holds("not x")
    assert holds("x != 5")
    assert holds("none == none")
    assert not holds("x")
    assert not holds("x != none")
    assert not holds("x < 5")
    assert not holds("x >= 5")
    assert not holds("x == 0")
    assert not holds("x in [0, 1]")


def test_values_of_different_kinds_are_different_and_have_no_order() -> None:
    for condition in (
        "tier > 3",
        "tier == 3",
        "owed == due",
        "due > 3",
        'due > "tomorrow"',
        'owed > "much"',
        "known > lines",
    ):
        assert parse_expression(condition).evaluate(CALL) is False, condition
    assert (
        parse_expression("owed > dollars").evaluate({"owed": Money(2), "dollars": Money(1, "USD")}) is False
    )
    assert (
        parse_expression("owed != dollars").evaluate({"owed": Money(1), "dollars": Money(1, "USD")}) is True
    )


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.just(UTC)),
    st.builds(Money, st.integers(), st.sampled_from(["EUR", "USD"])),
    st.sampled_from(["NaN", "1e999999999", "Infinity", "2026-01-01", "2026-01-01T00:00:00", "²"]),
)


@given(left=scalars, right=scalars, word=st.sampled_from(["==", "!=", "<", "<=", ">", ">="]))
def test_no_two_values_can_make_a_call_fail(left: Scalar, right: Scalar, word: str) -> None:
    values = {"left": left, "right": right}
    assert parse_expression(f"left {word} right or left in [right] and not left").evaluate(values) in (
        True,
        False,
    )


def test_it_names_the_variables_it_looks_at() -> None:
    assert parse_expression('owed > limit and not (tier in ["gold", other]) or true').names == {
        "owed",
        "limit",
        "tier",
        "other",
    }


@pytest.mark.parametrize(
    ("condition", "if_yes", "if_no"),
    [
        ("name != none", {"name"}, set()),
        ("name == none", set(), {"name"}),
        ("name", {"name"}, set()),
        ("not name", set(), {"name"}),
        ("owed > 3 and name", {"owed", "name"}, set()),
        ("owed == none or name == none", set(), {"owed", "name"}),
        ("owed > 3 or name", set(), set()),
        ("owed > 3 or owed == 1 and name", {"owed"}, set()),
        ('tier in ["gold"]', {"tier"}, set()),
        ('tier not in ["gold"]', set(), {"tier"}),
        ("tier in [none, 3]", set(), {"tier"}),
        ("owed < limit", {"owed", "limit"}, set()),
        ("owed == limit", set(), set()),
        ('tier != "gold"', set(), {"tier"}),
        ("true", set(), set()),
    ],
)
def test_it_tells_what_is_sure_on_each_branch(condition: str, if_yes: set[str], if_no: set[str]) -> None:
    expression = parse_expression(condition)
    assert expression.known(when=True) == if_yes
    assert expression.known(when=False) == if_no


@pytest.mark.parametrize(
    ("condition", "column", "words"),
    [
        ("owed = 3", 6, "two equals signs"),
        ("owed === 3", 8, "two equals signs"),
        ("owed => 3", 6, ">="),
        ("owed <> 3", 6, "!="),
        ("a && b", 3, "write and"),
        ("a || b", 3, "write or"),
        ("!known", 1, "write not"),
        ('tier == "gold', 9, "never closed"),
        ("tier == “gold”", 9, "straight quotes"),
        ("tier == 'a\\'b'", 9, "backslash"),
        ("{owed} > 3", 1, "without braces"),
        ("owed - 3 > 0", 6, "do not calculate"),
        ("owed > 3,5", 9, "follow a point"),
        ("True", 1, "small letters"),
        ("è == 3", 1, "letters a to z"),
        ("3rd == 1", 1, "number looks like"),
        ("name == null", 9, "none"),
        ("1 < owed < 3", 10, "two values at a time"),
        ("owed >", 7, "missing"),
        ("", 1, "missing"),
        ("and known", 1, "belongs here"),
        ("(known", 1, "never closed"),
        ("known)", 6, "opens nowhere"),
        ('tier in "gold"', 9, "list"),
        ('tier in ["gold"', 9, "never closed"),
        ("known lines", 7, "stands here alone"),
        ("not", 4, "missing"),
        ("(" * 21 + "known" + ")" * 21, 22, "20 brackets"),
        ("not " * 21 + "known", 85, "20 brackets"),
        ("x" * 501, 1, "500 characters"),
    ],
)
def test_a_mistyped_condition_says_where_and_what_to_write(condition: str, column: int, words: str) -> None:
    with pytest.raises(ExpressionError) as problem:
        parse_expression(condition)
    assert words in str(problem.value)
    assert problem.value.column == column


@given(st.text(alphabet="ab1 .<>=!()[],\"'andortifnue{}-_é\n", max_size=60))
def test_any_text_is_read_or_refused_politely(text: str) -> None:
    column = 1
    try:
        parse_expression(text).evaluate({"a": 1})
    except ExpressionError as problem:
        column = problem.column
    assert 1 <= column <= len(text) + 1
