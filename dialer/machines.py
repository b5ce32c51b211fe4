"""How many people were taken for answering machines. Pure.

Nobody sees such a mistake happen: the call was hung up on. But some verdicts prove themselves later, and
what they came to tells about the others. Of all calls judged `MACHINE`, the share that were people has a
Beta distribution: the prior's counts, plus people proved, plus machines proved. Times the number judged,
that is the `f` of the law's formula `(a+f)/(a+f+y)`.

The prior is what is published of Asterisk's AMD when it is tuned: some 4 % of people taken for machines,
which is every eighth verdict where a quarter of the answers are machines; it weighs as much as ten proved
calls. Those who are proved are no fair sample: a beep proves every machine that has one, while a person
must have pressed a key, spoken to an agent or rung back to be proved. So the estimate leans low as proofs
of machines pile up, and a budget is better held against the upper bound.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

MACHINE = "MACHINE"
"""The switch's word."""
MACHINE_OUTCOMES = frozenset({"message_left"})
"""Outcomes that only a machine can have: its beep was heard, and it recorded."""
UNPROVED = frozenset({"machine", "screening", "hangup", "abandoned", ""})
"""Outcomes that prove nothing: the verdict itself, or that somebody hung up."""
PRIOR_PEOPLE, PRIOR_MACHINES = 1.25, 8.75
INTERVAL = 0.9
_STEPS = 60


@dataclass(frozen=True, slots=True)
class Judged:
    """A group of attempts that are alike, as the attempts table has them."""

    amd: str
    """`Attempt.amd`."""
    outcome: str
    joined: bool
    """Whether an agent came to talk to them: the call was screened first, or taken back."""
    was_machine: bool
    """Whether the agent's disposition says that it was a machine."""
    count: int
    keyed: int = 0
    """How many of them pressed a key, or rang back within the hour, though they were judged a machine."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a campaign's verdicts in some window."""

    judged: int
    """Calls judged to be machines."""
    people: int
    """Of those, proved to be people."""
    machines: int
    """Of those, proved to be machines."""
    missed: int = 0
    """Machines that came through to an agent; they say how well people are told, not how badly."""
    live: int = 0
    """People who answered: joined to an agent or abandoned, without the missed machines."""


@dataclass(frozen=True, slots=True)
class FalsePositives:
    """People hung up on as machines: the count expected, and its interval."""

    count: float
    low: float
    high: float
    rate: float
    """The share of all people who answered."""


def evidence(groups: Iterable[Judged]) -> Evidence:
    """Sort a campaign's attempts into proofs. Attempts that were not judged count as live calls only."""
    judged = people = machines = missed = live = 0
    for group in groups:
        if group.amd == MACHINE:
            judged += group.count
            if group.was_machine or group.outcome in MACHINE_OUTCOMES:
                proved = min(group.keyed, group.count)
                people += proved
                machines += group.count - proved
            elif group.joined or group.outcome not in UNPROVED:
                people += group.count
            else:
                people += min(group.keyed, group.count)
        elif group.was_machine:
            missed += group.count
        elif group.joined or group.outcome == "abandoned":
            live += group.count
    return Evidence(judged, people, machines, missed, live)


def false_positive_estimate(known: Evidence, *, interval: float = INTERVAL) -> FalsePositives:
    """How many of those judged were people. People already proved are never estimated away."""
    unproved = max(0, known.judged - known.people - known.machines)
    a, b = PRIOR_PEOPLE + known.people, PRIOR_MACHINES + known.machines
    tail = (1 - interval) / 2
    count, low, high = (
        known.people + unproved * share
        for share in (a / (a + b), beta_quantile(tail, a, b), beta_quantile(1 - tail, a, b))
    )
    everybody = known.live + count
    return FalsePositives(count, low, high, count / everybody if everybody else 0.0)


def beta_quantile(share: float, a: float, b: float) -> float:
    """Where a Beta distribution has this share below it, by halving."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if beta_share(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def beta_share(x: float, a: float, b: float) -> float:
    """The share of a Beta distribution below x: the regularised incomplete beta function.

    By its continued fraction (Abramowitz and Stegun 26.5.8), from whichever side converges quickly.
    """
    if x <= 0 or x >= 1:
        return min(max(x, 0.0), 1.0)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(1 - x, b, a)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    fraction = 1.0
    for step in range(_STEPS * 2, 0, -1):  # from the innermost term outwards
        half = step // 2
        if step % 2:
            term = -(a + half) * (a + b + half) / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            term = half * (b - half) / ((a + 2 * half - 1) * (a + 2 * half))
        fraction = 1 + term * x / fraction
    return math.exp(log_front) / (a * fraction)
