"""How a talk with somebody who rang us may end, where their queue has no words of its own."""

from collections.abc import Sequence
from typing import Final

from dialer.dispositions import Disposition, Then

CALLER_WORDS: Final[Sequence[Disposition]] = (
    Disposition(name="solved", title="Solved", key="1", goal=True, right_party=True),
    Disposition(name="informed", title="Informed", key="2", goal=True, right_party=True),
    Disposition(name="passed_on", title="Passed on", key="3", right_party=True),
    Disposition(name="call_back", title="Call back at a time", key="4", then=Then.CALL_BACK),
    Disposition(name="not_solved", title="Not solved", key="5", right_party=True),
    Disposition(name="complaint", title="Complaint", key="6", right_party=True, fields=("complaint",)),
    Disposition(name="wrong_number", title="Dialled wrongly", key="7"),
    Disposition(name="cut_off", title="Cut off", key="8"),
)
