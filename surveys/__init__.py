"""What customers think: questionnaires, who is asked, what they answered, and what it says. Floor 6.

An interview is one customer's way through one questionnaire, by telephone alone or with an agent who asks.
Whoever is asked is drawn beforehand; nobody chooses their own judges. `Questioning` is what the flows in
`FLOWS` can have done; `surveys.interviews` is the same for those who ask otherwise.
"""

from surveys.actions import Questioning
from surveys.flowfiles import FLOWS

__all__ = ["FLOWS", "Questioning"]
