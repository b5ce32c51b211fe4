"""Where callers go and leave in call flows, step by step."""

from reports.funnel.report import funnel_report

__all__ = ["funnel_report"]
