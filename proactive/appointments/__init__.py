"""Visits of technicians: a time is offered, and the customer confirms it, chooses another, or calls it off.

`Appointments` is the process; `booking` gives slots away, so that none is given to one customer too many.
"""

from proactive.appointments.booking import CHANGED
from proactive.appointments.campaign import CAMPAIGN
from proactive.appointments.models import Appointment, AppointmentSlot, AppointmentState
from proactive.appointments.process import Appointments

__all__ = ["CAMPAIGN", "CHANGED", "Appointment", "AppointmentSlot", "AppointmentState", "Appointments"]
