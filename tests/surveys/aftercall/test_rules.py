"""Which talks a survey asks after, and who of their customers."""

from collections.abc import Mapping
from typing import Any

import pytest

from surveys.aftercall import read_after_call
from surveys.aftercall.rules import cell_of
from values import BadInputError

pytestmark = pytest.mark.unit


def test_a_plan_names_the_area_of_each_queue_and_campaign() -> None:
    settings = read_after_call(
        {
            "after_call": {
                "share": 0.2,
                "queues": {"technical": "adsl", "*": "commercial"},
                "campaigns": ["win"],
            }
        }
    )
    assert settings is not None
    assert (settings.share, settings.shortest) == (0.2, 20.0)
    assert settings.area("technical", "") == "adsl"
    assert settings.area("billing", "") == "commercial"
    assert settings.area("", "win") == ""  # the survey's own
    assert settings.area("", "traffic_alarm") is None
    assert settings.area("", "") is None
    assert read_after_call({"targets": {}}) is None


@pytest.mark.parametrize(
    ("targets", "site", "cell"),
    [
        ({}, "bari", "adsl|bari"),
        ({"adsl|bari": 5, "adsl": 9}, "bari", "adsl|bari"),
        ({"adsl": 9}, "bari", "adsl"),
        ({"adsl|milano": 9}, "", "adsl"),
    ],
)
def test_a_talk_counts_for_its_area_and_site_or_for_the_area_where_targets_are_for_areas(
    targets: Mapping[str, int], site: str, cell: str
) -> None:
    assert cell_of(targets, "adsl", site) == cell


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("after_call", ["technical"]),
        ("after_call", {"shares": 1}),
        ("after_call.share", {"share": 2}),
        ("after_call.share", {"share": True}),
        ("after_call.shortest", {"shortest": -1}),
        ("after_call.queues", {"queues": "technical"}),
        ("after_call.campaigns", {"campaigns": {"win": 3}}),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_its_field(field: str, given: object) -> None:
    plan: Mapping[str, Any] = {"after_call": given}
    with pytest.raises(BadInputError) as problem:
        read_after_call(plan)
    assert problem.value.field == field
