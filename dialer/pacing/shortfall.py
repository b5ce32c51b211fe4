"""The chance that live answers outnumber free agents.

Both the answers A and the agents freed D are sums of independent yes/no events (Poisson-binomial). Small ones
are taken as binomials of the same mean and variance, with a number of trials that need not be whole; the sum
of many as normal with a correction for skewness (Cornish and Fisher 1938, first term). For agents and calls
as they are, each unlikely, this is within 0.02 of the exact chance; a near certainty beside an unlikely event
is told worse, by up to 0.3, and the steering of the threshold makes up for it.
"""

import math
from dataclasses import dataclass

MANY = 4.0
"""Variance from which the normal form is used."""
NEARLY_NONE = 1e-6
ROOT_HALF = math.sqrt(0.5)


@dataclass(frozen=True, slots=True)
class Counts:
    """A number of events to come: its mean and variance; the variance is at most the mean."""

    mean: float
    variance: float


def chance_short(free: int, freed: Counts, answers: Counts) -> float:
    """The chance that one more live answer finds no agent: P(answers - freed >= free)."""
    variance = freed.variance + answers.variance
    if variance > MANY:
        sigma = math.sqrt(variance)
        z = (free - 0.5 - answers.mean + freed.mean) / sigma
        skew = (answers.variance - freed.variance) / (variance * sigma)
        return 0.5 * math.erfc((z - (z * z - 1) * skew / 6) * ROOT_HALF)
    at_least = _tail(_chances(answers))
    most = len(at_least)
    short = 0.0
    for needed, chance in enumerate(_chances(freed), start=free):
        if needed >= most:
            break
        short += chance * at_least[needed] if needed > 0 else chance
    return short


def _tail(chances: list[float]) -> list[float]:
    tail = chances[:]
    for k in range(len(tail) - 2, -1, -1):
        tail[k] += tail[k + 1]
    return tail


def _chances(counts: Counts) -> list[float]:
    """Probabilities of 0, 1, 2, ... events, until more are out of question."""
    mean, variance = counts.mean, counts.variance
    if mean < NEARLY_NONE:
        return [1.0]
    top = int(mean + 4.5 * math.sqrt(variance) + 3)
    success = 1 - variance / mean
    if success > 1 - NEARLY_NONE:
        return [0.0] * round(mean) + [1.0]
    if success < NEARLY_NONE:
        chance = math.exp(-mean)
        chances = [chance]
        for k in range(1, top + 1):
            chance *= mean / k
            chances.append(chance)
        return chances
    trials = mean / success
    odds = success / (1 - success)
    chance = (1 - success) ** trials
    chances = [chance]
    for k in range(1, min(top, math.ceil(trials)) + 1):
        chance *= (trials - k + 1) / k * odds
        chances.append(chance)
    # With a broken number of trials they do not quite add up to one.
    whole = sum(chances)
    return [chance / whole for chance in chances]
