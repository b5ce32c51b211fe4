"""Trying again: when, how often, and when to leave people alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dialer import NO_RETRY, RetryRule, RetryRules
from dialer.retry import DEFAULT_RULES, read_rules
from values import BadInputError

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def again(
    outcome: str, tally: dict[str, int], *, goal: bool = False, expires: datetime | None = None
) -> datetime | None:
    rules = read_rules({"max_attempts": 4, "outcomes": {"busy": {"after": [10, 30], "most": 4}}})
    return rules.next_try(outcome, goal=goal, tally=tally, now=NOW, expires=expires)


def test_waits_grow_as_written_and_the_last_one_repeats() -> None:
    assert again("busy", {"busy": 1}) == NOW + timedelta(minutes=10)
    assert again("busy", {"busy": 2}) == NOW + timedelta(minutes=30)
    assert again("busy", {"busy": 3}) == NOW + timedelta(minutes=30)
    assert again("busy", {"busy": 4}) is None


def test_attempts_of_every_kind_count_but_those_that_never_rang() -> None:
    assert again("busy", {"busy": 1, "no_answer": 3}) is None
    assert again("busy", {"busy": 1, "refused": 9}) is not None


def test_an_outcome_without_a_rule_a_goal_and_what_would_come_too_late_are_final() -> None:
    assert again("closed", {"closed": 1}) is None
    assert again("busy", {"busy": 1}, goal=True) is None
    assert again("busy", {"busy": 1}, expires=NOW + timedelta(minutes=10)) is None
    assert again("busy", {"busy": 1}, expires=NOW + timedelta(minutes=11)) is not None


@given(some.sampled_from(sorted(DEFAULT_RULES)), some.integers(1, 20))
def test_the_houses_rules_always_come_to_an_end(outcome: str, times: int) -> None:
    rules = read_rules({})
    found = rules.next_try(outcome, goal=False, tally={outcome: times}, now=NOW, expires=None)
    assert (found is None) == (times >= DEFAULT_RULES[outcome].most)
    assert found is None or found >= NOW + timedelta(minutes=10)


waits = some.lists(some.floats(1, 60 * 24 * 30, allow_nan=False), min_size=1, max_size=4)
outcomes = some.sampled_from(
    ["busy", "no_answer", "machine", "abandoned", "screening", "wrong_number", "refused"]
)
rulings = some.builds(RetryRule, after=waits, most=some.integers(0, 8), next_number=some.booleans(),
                      skip_number=some.booleans())  # fmt: skip


@given(
    some.builds(RetryRules, max_attempts=some.integers(1, 10), outcomes=some.dictionaries(outcomes, rulings)),
    some.lists(outcomes, min_size=1, max_size=40),
    some.one_of(some.none(), some.timedeltas(timedelta(0), timedelta(days=40))),
)
def test_no_rules_ever_call_too_often_too_early_or_too_late(
    rules: RetryRules, story: list[str], lifetime: timedelta | None
) -> None:
    now, tally = NOW, dict[str, int]()
    expires = NOW + lifetime if lifetime is not None else None
    for outcome in story:
        tally[outcome] = tally.get(outcome, 0) + 1
        found = rules.again(outcome, goal=False, tally=tally, now=now, expires=expires)
        if found is None:
            break
        rule = rules.outcomes[outcome]
        assert found.at >= now + timedelta(minutes=min(rule.after))
        assert expires is None or found.at < expires
        assert (found.next_number, found.skip_number) == (rule.next_number, rule.skip_number)
        now = found.at
    assert sum(times for name, times in tally.items() if name != "refused") <= rules.max_attempts
    assert all(
        times <= max(1, rules.outcomes[name].most) for name, times in tally.items() if name in rules.outcomes
    )
    assert rules.again("busy", goal=True, tally={"busy": 1}, now=now, expires=expires) is None


def test_rules_are_kept_as_json_and_read_back() -> None:
    rule = {"after": [5.0], "most": 2, "next_number": True, "skip_number": False}
    kept = {"max_attempts": 4, "outcomes": {"screening": rule, "abandoned": rule | {"skip_number": True}}}
    assert read_rules(kept).model_dump(mode="json") == kept
    assert {"abandoned", "screening"} <= set(DEFAULT_RULES)


def test_no_retry_means_none() -> None:
    assert isinstance(NO_RETRY, RetryRules)
    assert NO_RETRY.next_try("busy", goal=False, tally={"busy": 1}, now=NOW, expires=None) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_attempts": 0},
        {"outcomes": {"busy": {"after": []}}},
        {"outcomes": {"busy": {"after": [-1]}}},
        {"outcome": {}},
    ],
)
def test_rules_nobody_can_follow_are_refused_by_name(wrong: dict[str, object]) -> None:
    with pytest.raises(BadInputError, match=next(iter(wrong))):
        read_rules(wrong)
