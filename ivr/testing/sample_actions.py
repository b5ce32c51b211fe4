"""Actions that answer at once, as told."""

from collections.abc import Iterable, Mapping

from ivr.actions import ActionContext, Actions
from ivr.language.model import Flow
from ivr.player.samples import actions_used
from values import Scalar

Answer = Mapping[str, Scalar] | Exception
"""What an action gives, or how it fails."""


class SampleActions(Actions):
    """Every action some flows call, answering as told and `ok: true` besides. Remembers what it was asked."""

    def __init__(self, flows: Iterable[Flow], answers: Mapping[str, Answer] | None = None) -> None:
        super().__init__()
        self.asked: list[tuple[str, dict[str, Scalar]]] = []
        """(action, fields) in order."""
        for name, fields in actions_used(flows).items():
            self.answer(name, (answers or {}).get(name, {}), fields=frozenset(fields))

    def answer(self, name: str, answer: Answer, *, fields: frozenset[str] = frozenset()) -> None:
        """Have an action answer so from now on."""

        async def function(ctx: ActionContext, **given: Scalar) -> Mapping[str, Scalar]:  # noqa: ARG001
            self.asked.append((name, given))
            if isinstance(answer, Exception):
                raise answer
            return {"ok": True, **answer} if "ok" not in answer else answer

        results = frozenset() if isinstance(answer, Exception) else frozenset(answer)
        self.register(name, function, fields=fields, results=results)
