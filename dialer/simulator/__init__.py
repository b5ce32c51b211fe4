"""The simulator: the dialler's own deciding code on virtual time, against a modelled population and staff.

`load_scenario` reads what a day is like, `run_day` and `run_days` let it go by under a `Contender`: the
dialler's own pacer or a baseline. `dialer.pacing` decides, `dialer.cadence` keeps what is in the air and
`agents.Desk` hands out agents, as in the live loop. `forecast` asks what a changed setting would do to a
campaign that runs now.
"""

from dialer.simulator.abandonment import Counts, by_dialler, by_formula
from dialer.simulator.contenders import BASELINES, CONTENDERS, OURS, Contender, contenders, run_day, run_days
from dialer.simulator.forecast import Estimates, Settings, compare, forecast
from dialer.simulator.outlook import Forecast, Likely
from dialer.simulator.report import as_document, as_figures, as_forecast
from dialer.simulator.results import DayResult, InboundResult, ListResult, Slice, Summary
from dialer.simulator.scenario import Scenario
from dialer.simulator.shelf import ScenarioError, load_scenario, read_scenario, shipped

__all__ = [
    "BASELINES",
    "CONTENDERS",
    "OURS",
    "Contender",
    "Counts",
    "DayResult",
    "Estimates",
    "Forecast",
    "InboundResult",
    "Likely",
    "ListResult",
    "Scenario",
    "ScenarioError",
    "Settings",
    "Slice",
    "Summary",
    "as_document",
    "as_figures",
    "as_forecast",
    "by_dialler",
    "by_formula",
    "compare",
    "contenders",
    "forecast",
    "load_scenario",
    "read_scenario",
    "run_day",
    "run_days",
    "shipped",
]
