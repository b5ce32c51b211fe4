"""Whoever would not recommend us is rung by an agent at once, who sees what they said and about what."""

from surveys.detractors.service import CAMPAIGN, Detractors, detractors_campaign

__all__ = ["CAMPAIGN", "Detractors", "detractors_campaign"]
