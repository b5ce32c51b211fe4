"""What came of a campaign's calls: outcomes, tallies, the law's abandonment, live figures, exports.

`meaning_of` turns the network's words into an outcome. `count` adds ended attempts to the hour's tallies,
in the transaction that writes their end. `abandonment` is the law's, over the law's window; `figures` are
all there are; `dialer.results.estimates` is what a forecast begins with; `attempt_page`, `stream` and
`export` hand out single attempts.
"""

from dialer.results.abandonment import Abandonment, abandon_counts, abandonment
from dialer.results.ended import ABANDONED, Ended, Reading, counts_of, ended_of
from dialer.results.export import Format, NoParquetError, export, note_export
from dialer.results.figures import Figures, Period, figures
from dialer.results.headcount import Headcount, headcount
from dialer.results.law import Law, law_of, usual_reading
from dialer.results.outcomes import FINAL_FOR_NUMBER, Fault, Meaning, meaning_of, outcome_of
from dialer.results.records import AttemptFilter, AttemptPage, attempt, attempt_page, row_of, stream
from dialer.results.spans import counted_since, recount
from dialer.results.tallies import count, tallied

__all__ = [
    "ABANDONED",
    "FINAL_FOR_NUMBER",
    "Abandonment",
    "AttemptFilter",
    "AttemptPage",
    "Ended",
    "Fault",
    "Figures",
    "Format",
    "Headcount",
    "Law",
    "Meaning",
    "NoParquetError",
    "Period",
    "Reading",
    "abandon_counts",
    "abandonment",
    "attempt",
    "attempt_page",
    "count",
    "counted_since",
    "counts_of",
    "ended_of",
    "export",
    "figures",
    "headcount",
    "law_of",
    "meaning_of",
    "note_export",
    "outcome_of",
    "recount",
    "row_of",
    "stream",
    "tallied",
    "usual_reading",
]
