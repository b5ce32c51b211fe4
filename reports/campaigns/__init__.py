"""What campaigns' calls came to, interval by interval."""

from reports.campaigns.report import campaigns_report

__all__ = ["campaigns_report"]
