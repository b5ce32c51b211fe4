"""What customers think: questionnaires, who is asked, what they answered, and what it says. Floor 6.

An interview is one customer's way through one questionnaire, by telephone alone or with an agent who asks.
Whoever is asked is drawn beforehand; nobody chooses their own judges. `OpinionDesk` is the room put together:
what the flows in `FLOWS` can have done, surveys, polls; `surveys.interviews` is for those who ask otherwise.
"""

from surveys.actions import Questioning
from surveys.desk import OpinionDesk
from surveys.flowfiles import FLOWS, SCRIPTS

__all__ = ["FLOWS", "SCRIPTS", "OpinionDesk", "Questioning"]
