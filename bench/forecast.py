"""The floor of `bench.floor` in the simulator's words: the same people, agents, settings on virtual time."""

from typing import Final

from dialer.simulator import CONTENDERS, OURS, Scenario, Summary, run_days

TALK, TALK_CV = 15.0, 0.5
WRAP, WRAP_CV = 5.0, 0.3
"""What agents are told, and the forecast: mean seconds and coefficient of variation."""
ANSWERS, BUSY = 0.30, 0.15
RINGS: Final = ((10, 4.0), (12, 8.0), (8, 12.0))
"""Of thirty who answer, so many after so many seconds; as in `bench/people.yaml`."""
RING_SECONDS: Final = 18.0
PATIENCE: Final = 2.0
"""Seconds in which a person must have an agent (jurisdiction `none`: the house's own)."""
LIMIT: Final = 0.03
LINES: Final = 300
PACE: Final = 30.0
DECIDES_EVERY: Final = 0.2
"""Seconds between two decisions in the forecast. The live loop decides whenever anything happens to a call or
an agent, which with forty agents at these talks is about as often."""
SEEDS: Final = 60


def forecast_of(minutes: float, agents: int) -> Summary:
    """The same day simulated, many times: our own pacer, which has learned nothing yet."""
    return run_days(scenario_of(minutes, agents), CONTENDERS[OURS], range(1, SEEDS + 1))


def scenario_of(minutes: float, agents: int) -> Scenario:
    """The floor in the simulator's words."""
    answering = sum(count for count, _ in RINGS)
    return Scenario.model_validate(
        {
            "scenario": "the bench's floor",
            "hours": minutes / 60,
            "decides_every": DECIDES_EVERY,
            "campaign": {
                "mode": "predictive",
                "max_abandon": LIMIT,
                "lines": LINES,
                "calls_per_second": PACE,
                "ring_seconds": RING_SECONDS,
                "answer_within": PATIENCE,
            },
            "population": {
                "person": ANSWERS,
                "busy": BUSY,
                "failed": 0,
                "rings": {
                    "person": {
                        "mixture": [
                            {"share": count / answering, "takes": seconds} for count, seconds in RINGS
                        ]
                    },
                    "busy": 0.2,
                },
            },
            "staff": {
                "agents": agents,
                "talk": {"lognormal": {"mean": TALK, "cv": TALK_CV}},
                "wrap_up": {"lognormal": {"mean": WRAP, "cv": WRAP_CV}},
            },
        }
    )
