"""What the answers say: indicators with intervals by week or month, small cells hidden, changes tested.

`results` answers a `Question` with a table; `scorecard` sets its rows side by side; `fieldwork` and
`break_offs` tell how the asking went. Nothing here names a customer. Whoever calls narrows the `Scope` to
what the asker may see.
"""

from surveys.figures.counted import results
from surveys.figures.estimates import Estimate, estimate
from surveys.figures.fieldwork import BreakOff, Fieldwork, break_offs, fieldwork
from surveys.figures.indicators import Definition, Indicator, Unit
from surveys.figures.periods import By, last_periods, period_of, periods
from surveys.figures.questions import EVERYTHING, LEAST, Dimension, Question, Scope
from surveys.figures.rates import Dispositions
from surveys.figures.results import Figure, Results, Row, Shown
from surveys.figures.scorecard import Mark, Site, scorecard
from surveys.figures.tallies import Tally
from surveys.figures.trend import Change, Slope

__all__ = [
    "EVERYTHING",
    "LEAST",
    "BreakOff",
    "By",
    "Change",
    "Definition",
    "Dimension",
    "Dispositions",
    "Estimate",
    "Fieldwork",
    "Figure",
    "Indicator",
    "Mark",
    "Question",
    "Results",
    "Row",
    "Scope",
    "Shown",
    "Site",
    "Slope",
    "Tally",
    "Unit",
    "break_offs",
    "estimate",
    "fieldwork",
    "last_periods",
    "period_of",
    "periods",
    "results",
    "scorecard",
]
