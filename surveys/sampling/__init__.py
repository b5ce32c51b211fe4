"""Whom to ask, and how many: sizes for a precision, quotas, quarantine, draws that can be done again."""

from surveys.sampling.allocation import shared
from surveys.sampling.chance import Candidate, Drawn, by_chance, spread
from surveys.sampling.draws import Draw, Pool, keep, pool
from surveys.sampling.more import More, more_needed
from surveys.sampling.plan import SamplingPlan, sampling_plan, targets
from surveys.sampling.quarantine import QUARANTINE, asked_lately, hold, may_ask
from surveys.sampling.size import Precision, Size, nps_variance, share_variance, size_for
from surveys.sampling.weighing import Weighed, weigh

__all__ = [
    "QUARANTINE",
    "Candidate",
    "Draw",
    "Drawn",
    "More",
    "Pool",
    "Precision",
    "SamplingPlan",
    "Size",
    "Weighed",
    "asked_lately",
    "by_chance",
    "hold",
    "keep",
    "may_ask",
    "more_needed",
    "nps_variance",
    "pool",
    "sampling_plan",
    "share_variance",
    "shared",
    "size_for",
    "spread",
    "targets",
    "weigh",
]
