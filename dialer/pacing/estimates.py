"""What a pacer believes at a moment: for the live view, and for what-if."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimates:
    """Learned and counted values; shares and probabilities are 0 to 1, times in seconds."""

    answer_probability: float
    """A person answers a placed call."""
    ring_mean: float
    """From placing to a person's answer."""
    handling_mean: float
    """Talk and wrap-up."""
    handling_cv: float
    """Standard deviation of it over its mean."""
    machine_share: float
    """Machines among all answered calls."""
    abandonment: float
    """Over the window so far, by the law's formula."""
    budget_left: float
    """Live calls that could be lost, were the window to end now; negative when over the limit."""
    lines_per_agent: float
    """Calls under way, talking ones included, per staffed agent, when last asked."""
    risk: float
    """The risk of an abandonment that the last call placed may take; 0 in modes without one."""
