"""The message for an answering machine: a flow of the campaign's, said after the beep."""

from typing import cast

from calls import Journal, LiveBoard, TraceSink
from centralino.core.joining.ports import Line, TalkOrder
from ivr import RunEnd, Runner, RunStart

SLOW = "slow"


class Messages:
    """Runs it (`joining.LeaveMessage`). Machines press no keys, so such a flow only says and ends."""

    def __init__(self, runner: Runner, journal: Journal, board: LiveBoard) -> None:
        self._runner = runner
        self._journal = journal
        self._board = board

    async def __call__(self, line: Line, order: TalkOrder) -> bool:
        """Whether it was said to its end."""
        fields = dict(order.fields)
        start = RunStart(
            call_id=line.call_id,
            flow=order.message,
            variables={**fields, "caller": order.number, "customer_id": order.customer_id},
            language=order.language,
            slow=bool(cast("object", fields.pop(SLOW, False))),
            caller=order.number,
        )
        trace = TraceSink(self._journal, self._board, line.call_id)
        return (await self._runner.run(line, start, trace)).how is RunEnd.DONE
