"""Why customers ring 0611 and what they can settle there by themselves. Floor 6.

`CareDesk` is what the flows of 0611 can have done, `RingBackDesk` the flow of those who ring us back; `FLOWS`
is where they lie, `SCRIPTS` where those of agents do; `take_in` brings in the call-back requests that were
left with the fallback script while the voice core was down. `care.lifetime` shows and erases one customer's.
"""

from care.desk import CareDesk
from care.flowfiles import FLOWS, SCRIPTS
from care.intake import take_in
from care.models import CallbackRequest, ContactReason, Source
from care.ringback import RingBackDesk

__all__ = [
    "FLOWS",
    "SCRIPTS",
    "CallbackRequest",
    "CareDesk",
    "ContactReason",
    "RingBackDesk",
    "Source",
    "take_in",
]
