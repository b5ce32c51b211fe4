"""How agents spend their time and what comes of their talks, interval by interval."""

from reports.agents.report import agents_report

__all__ = ["agents_report"]
