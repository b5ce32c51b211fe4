"""The scenarios of the house go as they say, in the engine and at the player."""

from pathlib import Path

import pytest

from ivr.language import load_flow
from ivr.scenarios import EngineDriver, LoadedScenario, TextDriver, load_scenarios, run_scenario

pytestmark = pytest.mark.unit

HOUSE = Path(__file__).parents[3]
FLOWS = [
    load_flow(path.read_text(encoding="utf-8"), file=path.name).flow for path in HOUSE.glob("*/flows/*.yaml")
]
SCENARIOS = [
    scenario
    for path in sorted(HOUSE.glob("*/scenarios/*.yaml"))
    for scenario in load_scenarios(path.read_text(encoding="utf-8"), file=str(path.relative_to(HOUSE)))
]


@pytest.mark.parametrize("loaded", SCENARIOS, ids=lambda loaded: loaded.scenario.scenario)
async def test_the_house_keeps_its_promises(loaded: LoadedScenario) -> None:
    await run_scenario(loaded, EngineDriver(FLOWS))
    await run_scenario(loaded, TextDriver(FLOWS))


def test_the_example_of_the_reference_is_a_scenario() -> None:
    page = (HOUSE / "docs" / "reference" / "scenarios.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    [loaded] = load_scenarios(example, file="scenarios.md")
    assert len(loaded.scenario.steps) == 3
