"""How far a call has come that its caller ends: what has been told is told, whoever hangs up."""

from ivr.runner.quiet import EndStep
from ivr.runner.walk import Walk

REACHED = "reached"
"""The variable of the call's own flow that names the `end` a hang-up comes to from now on."""


def count_reached(walk: Walk) -> None:
    """The caller has hung up before an end: count the one that the flow says is reached, if it says so."""
    first = walk.state.frames[0]
    named = first.variables.get(REACHED)
    step = first.flow.steps.get(str(named)) if first.flow is not None and named else None
    if walk.outcome is None and isinstance(step, EndStep):
        walk.outcome = (step.outcome, step.goal)
