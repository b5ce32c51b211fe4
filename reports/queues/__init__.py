"""How callers fared in queues, interval by interval."""

from reports.queues.report import queues_report

__all__ = ["queues_report"]
