"""After an agent's call: who is asked is drawn while they talk, by nobody's choice, and written down."""

from surveys.aftercall.quarantine import left_in_peace
from surveys.aftercall.rules import AfterCall, chance, read_after_call
from surveys.aftercall.service import AfterCalls, Asked, Talk

__all__ = ["AfterCall", "AfterCalls", "Asked", "Talk", "chance", "left_in_peace", "read_after_call"]
