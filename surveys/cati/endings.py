"""How an agent says that an interview ended, and what each of these words is for AAPOR. Pure."""

from collections.abc import Sequence
from typing import Final

from dialer.dispositions import Disposition, Then

ENDINGS: Final[Sequence[Disposition]] = (
    Disposition(name="complete", title="Answered to the end", key="1", goal=True, right_party=True),
    Disposition(name="declined", title="Would rather not answer", key="2", right_party=True, declined=True),
    Disposition(name="broken_off", title="Broke off", key="3", right_party=True),
    Disposition(name="call_back", title="Call back at a time", key="4", then=Then.CALL_BACK),
    Disposition(name="not_there", title="Not there, try again", key="5", then=Then.RETRY),
    Disposition(name="unable", title="Cannot be asked: language, illness", key="6"),
    Disposition(name="wrong_number", title="Wrong number", key="7", wrong_number=True),
    Disposition(
        name="wants_no_more",
        title="Wants no more such calls",
        key="8",
        right_party=True,
        declined=True,
        opt_out=True,
    ),
    Disposition(name="machine", title="A machine", key="9", then=Then.RETRY, machine=True),
    Disposition(name="cut_off", title="Cut off", key="0", then=Then.RETRY),
    Disposition(name="full", title="Enough have answered", right_party=True),
)
"""The first three and the last are also how the questionnaire itself ends: the desk proposes them then."""

REFUSING: Final = frozenset({"declined", "broken_off", "wants_no_more"})
"""Said of somebody who had not agreed to be asked: they refused."""
NOT_TO_BE_ASKED: Final = frozenset({"unable", "wrong_number"})
"""Reached, but nobody who could be asked."""
