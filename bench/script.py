"""What is compared with: a forked AGI script on pyst2, doing by itself what the flow engine does.

Asterisk starts it anew for each call, with the product's database (read) and one of its own (written).
"""

import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime

from asterisk.agi import AGI

_OWNER = """
    SELECT customers.id, customers.name FROM customer_numbers
    JOIN customers ON customers.id = customer_numbers.customer_id
    WHERE customer_numbers.number = ?
"""


def main(customers: str, trace: str) -> None:
    """Recognise the caller, answer, four steps, write the trace, hang up."""
    agi = AGI()
    with closing(sqlite3.connect(f"file:{customers}?mode=ro", uri=True)) as reading:
        known = reading.execute(_OWNER, (agi.env["agi_callerid"],)).fetchone() is not None
    agi.answer()
    steps = []
    for step in ("first", "second", "third", "fourth"):
        agi.set_variable(f"bench_{step}", str(known))
        steps.append((agi.env["agi_uniqueid"], step, datetime.now(UTC).isoformat(), known))
    with closing(sqlite3.connect(trace, timeout=10)) as writing, writing:
        writing.execute("PRAGMA synchronous = NORMAL")
        writing.executemany("INSERT INTO trace VALUES (?, ?, ?, ?)", steps)
    agi.hangup()


if __name__ == "__main__":
    main(*sys.argv[1:])
