"""Reports that go out by mail at their times."""

from reports.schedules.clerk import Clerk, NoRightError
from reports.schedules.letters import file_name
from reports.schedules.models import Form, ReportSchedule, ReportSending, SendingState
from reports.schedules.months import Press, month_file
from reports.schedules.service import (
    Plan,
    UnknownScheduleError,
    change_schedule,
    make_schedule,
    plan_of,
    remove_schedule,
    schedule,
    schedules,
    send_now,
    sendings,
)

__all__ = [
    "Clerk",
    "Form",
    "NoRightError",
    "Plan",
    "Press",
    "ReportSchedule",
    "ReportSending",
    "SendingState",
    "UnknownScheduleError",
    "change_schedule",
    "file_name",
    "make_schedule",
    "month_file",
    "plan_of",
    "remove_schedule",
    "schedule",
    "schedules",
    "send_now",
    "sendings",
]
