"""Who needs a person at night is told when there are some, and not that they are being connected."""

import pytest

from care import FLOWS
from ivr.language import load_flow
from ivr.scenarios import EngineDriver, load_scenarios, run_scenario

pytestmark = pytest.mark.unit

TROUBLED = """
scenario: The bill cannot be read
flow: care.service_0611
language: en
at: {at}
answers: {{care.balance: fails}}
steps:
  - expect: main
  - press: "1"
  - expect: trouble
  - expect: {then}
"""


@pytest.mark.parametrize(
    ("at", "then", "told"),
    [
        ("2026-03-02T10:00:00+01:00", "wait_for_agent", True),
        ("2026-03-02T23:00:00+01:00", "closed_now", False),
    ],
)
async def test_only_by_day_is_a_connection_announced(at: str, then: str, *, told: bool) -> None:
    flows = [
        load_flow(path.read_text(encoding="utf-8"), file=path.name).flow for path in FLOWS.glob("*.yaml")
    ]
    [scenario] = load_scenarios(TROUBLED.format(at=at, then=then), file="night")
    driver = EngineDriver(flows)
    await run_scenario(scenario, driver)
    assert ("I am connecting you to an operator." in " ".join(driver.line.said)) is told
