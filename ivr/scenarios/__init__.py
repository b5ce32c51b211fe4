"""Scenarios: calls as they should go, run in the text player, in the engine and over real SIP.

[scenario] = load_scenarios(text, file="bill.yaml")
await run_scenario(scenario, EngineDriver(flows))     # or TextDriver(flows), OverSip(phone, clock)
"""

from ivr.scenarios.driving import AstrayError, Driver, Ended, ScenarioFailedError, run_scenario
from ivr.scenarios.loading import LoadedScenario, ScenarioFileError, load_scenarios
from ivr.scenarios.local import EngineDriver, LocalDriver, ScenarioActions, TextDriver
from ivr.scenarios.model import Scenario, ScenarioFile, values_of
from ivr.scenarios.sip import OverSip, SipDriver
from ivr.scenarios.transcripts import WRITTEN_BY, headed, laid_out, transcript

__all__ = [
    "WRITTEN_BY",
    "AstrayError",
    "Driver",
    "Ended",
    "EngineDriver",
    "LoadedScenario",
    "LocalDriver",
    "OverSip",
    "Scenario",
    "ScenarioActions",
    "ScenarioFailedError",
    "ScenarioFile",
    "ScenarioFileError",
    "SipDriver",
    "TextDriver",
    "headed",
    "laid_out",
    "load_scenarios",
    "run_scenario",
    "transcript",
    "values_of",
]
