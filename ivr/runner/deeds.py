"""Having the business do something, while the caller waits no longer than agreed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import structlog

from ivr.runner.literals import Literal
from ivr.runner.mishaps import told
from ivr.runner.walk import Leave, PreparedPrompt, Walk
from values import HangupError, Money, Scalar

log = structlog.get_logger(__name__)

FILLER_AFTER = 1.0
"""Seconds of silence before the caller is told that something is going on."""

_SCALARS = (str, int, float, date, Money, type(None))


@dataclass(frozen=True, slots=True)
class DoStep:
    """Call an action, keep its results, follow how it went."""

    name: str
    next: str
    on_error: str
    on_timeout: str
    action: str
    fields: tuple[tuple[str, Literal], ...]
    into: Mapping[str, str]
    deadline: float
    filler: PreparedPrompt | None
    kind: str = "do"

    async def walk(self, walk: Walk) -> Leave:
        """Wait for the action up to its deadline. A caller who hangs up meanwhile does not undo it."""
        variables = walk.frame.variables
        fields = {name: literal.resolve(variables) for name, literal in self.fields}
        private = any(walk.private(literal.names) for _, literal in self.fields)
        gone: HangupError | None = None
        try:
            if self.filler is None:
                results = await walk.act(self.action, fields, self.deadline)
            else:
                deed = asyncio.ensure_future(walk.act(self.action, fields, self.deadline))
                gone = await self._fill(walk, self.filler, deed)
                results = await deed
            _refuse_strange(results)
        except TimeoutError:
            log.warning(
                "flow.action_late", action=self.action, call=walk.start.call_id, seconds=self.deadline
            )
            leave = Leave("timeout", self.on_timeout)
        except Exception as problem:  # noqa: BLE001  (an action may fail in any way; the caller is led on)
            log.error(  # noqa: TRY400  (not with the error itself, see `told`)
                "flow.action_failed",
                action=self.action,
                call=walk.start.call_id,
                **told(problem, private=private),
            )
            leave = Leave("error", self.on_error)
        else:
            for name, value in results.items():
                walk.keep(self.into.get(name, name), value)
            leave = Leave("ok", self.next)
        if gone is not None:
            raise gone
        return leave

    @staticmethod
    async def _fill(
        walk: Walk, filler: PreparedPrompt, deed: "asyncio.Future[Mapping[str, Scalar]]"
    ) -> HangupError | None:
        """Say the filler when it takes long. Gives the hang-up instead of raising it: the deed goes on."""
        try:
            await asyncio.wait((deed,), timeout=FILLER_AFTER)
            if not deed.done():
                await walk.line.play(await walk.sounds(filler))
        except HangupError as hangup:
            return hangup
        except BaseException:
            deed.cancel()
            raise
        return None


def _refuse_strange(results: Mapping[str, Scalar]) -> None:
    for name, value in results.items():
        if not isinstance(value, _SCALARS):
            raise TypeError(f"the result {name!r} is a {type(value).__name__}, which no flow can hold")
