"""Goals of agents and teams (MBO): targets beside what the answers say, with how surely. Rows for a file."""

from surveys.goals.plan import EXAMPLE, Goal, Goals, read_goals
from surveys.goals.standing import COLUMNS, Standing, Verdict, standings, verdict

__all__ = [
    "COLUMNS",
    "EXAMPLE",
    "Goal",
    "Goals",
    "Standing",
    "Verdict",
    "read_goals",
    "standings",
    "verdict",
]
