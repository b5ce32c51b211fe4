"""What the documents say of scenarios is so."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from dialer.simulator import BASELINES, read_scenario
from dialer.simulator.scenario import (
    Campaign,
    Contacts,
    Detection,
    Inbound,
    Population,
    Rings,
    Scenario,
    Staff,
)

pytestmark = pytest.mark.unit

DOCS = Path(__file__).parents[3] / "docs"
EXAMPLES = re.findall(
    r"```yaml\n(.*?)```", (DOCS / "how-to" / "simulate.md").read_text(encoding="utf-8"), re.DOTALL
)
REFERENCE = (DOCS / "reference" / "simulation.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_can_be_used(example: str) -> None:
    assert read_scenario(example, file="example.yaml").staff.agents.at(10 * 3600) == 22


@pytest.mark.parametrize(
    "part",
    [Scenario, Campaign, Population, Rings, Detection, Staff, Inbound, Contacts],
    ids=lambda part: part.__name__,
)
def test_every_word_is_in_the_reference(part: type[BaseModel]) -> None:
    missing = [name for name in part.model_fields if not re.search(rf"`(rings\.)?{name}`", REFERENCE)]
    assert missing in ([], ["rings"])


@pytest.mark.parametrize(
    ("word", "default"),
    [
        ("hours", Scenario.model_fields["hours"].default),
        ("decides_every", Scenario.model_fields["decides_every"].default),
        ("max_abandon", Campaign().max_abandon),
        ("ratio", Campaign().ratio),
        ("ring_seconds", Campaign().ring_seconds),
        ("answer_within", Campaign().answer_within),
        ("false_positive", Detection().false_positive),
        ("false_negative", Detection().false_negative),
        ("lines", Campaign().lines),
    ],
)
def test_the_reference_names_the_defaults_that_hold(word: str, default: Any) -> None:
    row = next(
        line for line in REFERENCE.splitlines() if re.match(rf"\| [^|]*`{word}`[^|]*\| [^|`]*\d", line)
    )
    assert re.search(rf"\b{default:g}\b", row.split("|")[2]), row


def test_every_baseline_is_in_the_reference() -> None:
    assert all(f"`{name}`" in REFERENCE for name in BASELINES)
