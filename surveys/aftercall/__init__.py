"""After an agent's call: who is asked is drawn while they talk, by nobody's choice, and written down."""

from surveys.aftercall.rules import AfterCall, read_after_call
from surveys.aftercall.service import AfterCalls, Asked, Talk

__all__ = ["AfterCall", "AfterCalls", "Asked", "Talk", "read_after_call"]
