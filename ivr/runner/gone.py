"""The caller has hung up: what the flows in progress want done then."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from ivr.language.model import HungUp
from ivr.runner.literals import Literal, prepare_literal
from ivr.runner.mishaps import told
from ivr.runner.state import SEPARATOR
from ivr.runner.walk import Walk

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class GoneDeed:
    """An action for when the caller hangs up on the way."""

    action: str
    fields: Mapping[str, Literal]
    deadline: float

    async def do(self, walk: Walk) -> None:
        """Do it for the flow in progress. Nobody is on the line any more: a failure is only logged."""
        frame = walk.frame
        fields = {name: literal.resolve(frame.variables) for name, literal in self.fields.items()}
        try:
            await walk.act(self.action, fields, self.deadline)
        except Exception as problem:  # noqa: BLE001  (an action may fail in any way)
            private = any(walk.private(literal.names) for literal in self.fields.values())
            log.error(  # noqa: TRY400  (not with the error itself, see `told`)
                "flow.gone_failed",
                action=self.action,
                call=walk.start.call_id,
                **told(problem, private=private),
            )


def prepare_gone(written: HungUp | None) -> GoneDeed | None:
    """The deed, prepared; None for a flow that wants nothing done."""
    if written is None:
        return None
    fields = {name: prepare_literal(value) for name, value in written.with_.items()}
    return GoneDeed(written.do, fields, written.deadline)


async def take_leave(walk: Walk) -> None:
    """Do what each flow in progress wants, from the inner to the outer one. Nothing is left to walk then."""
    state = walk.state
    frames, step = list(state.frames), state.step
    try:
        while state.frames:
            flow = walk.frame.flow
            if flow is not None and flow.gone is not None:
                await flow.gone.do(walk)
            *_, state.step = ("", *state.frames.pop().prefix.rstrip(SEPARATOR).split(SEPARATOR))
    finally:
        state.frames[:], state.step = frames, step
