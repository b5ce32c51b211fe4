"""The telephone network as the dialler sees it: what was not sent, and what that allows."""

from typing import Any, cast

import pytest

from ami import ChannelInUseError, Gateway, UnsafeValueError
from centralino.core.lines import AsteriskLines
from centralino.core.register import Register
from dialer.ports import DialEnd, Order
from values import AttemptId, PhoneNumber
from values.testing import FixedClock

pytestmark = pytest.mark.unit


class Refusing:
    """A gateway that sends nothing, and a register that notes nothing."""

    def __init__(self, problem: Exception) -> None:
        self.problem = problem

    async def dial(self, _order: object) -> Any:
        raise self.problem

    def placed(self, _order: object) -> None: ...

    def dialled(self, _order: object, _result: object) -> None: ...


@pytest.mark.parametrize(
    ("problem", "end"),
    [
        (ChannelInUseError("a channel a1 is up"), DialEnd.FAILED),  # a refused one would go to the next trunk
        (UnsafeValueError("no caller id", field="caller_id"), DialEnd.REFUSED),
    ],
)
async def test_an_order_whose_call_is_up_already_is_not_taken_for_refused(
    problem: Exception, end: DialEnd
) -> None:
    double = Refusing(problem)
    lines = AsteriskLines(cast("Gateway", double), cast("Register", double), FixedClock())
    order = Order(AttemptId("a1"), PhoneNumber("+393290000017"), "first", "+390650000611", 30.0)
    assert (await lines.dial(order)).end is end
