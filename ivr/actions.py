"""What a flow can have the business do: actions by name, registered by the wiring."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from values import CallId, CentralinoError, Scalar


class UnknownActionError(CentralinoError):
    """No such action."""

    error_id = "unknown-action"


@dataclass(frozen=True, slots=True)
class ActionContext:
    """What every action is told about the call that asks."""

    call_id: CallId
    now: datetime
    language: str
    caller: str
    """The other party's number as the network gave it; '' when withheld."""
    variables: Mapping[str, Scalar] = field(default_factory=dict)
    step: str = ""
    """Where the call stands: the step, or `sub_flow>step`."""
    version: str = ""
    """The version of the flow in progress; '' for one that was never published."""


ActionFunction = Callable[..., Awaitable[Mapping[str, Scalar]]]
"""`async (ctx: ActionContext, **fields) -> Mapping[str, Scalar]`; twice for one call must be harmless."""


@dataclass(frozen=True, slots=True)
class Action:
    """An action with its face: the fields it takes and the results it gives, so that flows can be proved."""

    name: str
    function: ActionFunction
    fields: frozenset[str]
    results: frozenset[str]
    optional: frozenset[str] = frozenset()
    """Fields out of `fields` that may be left out."""
    more: bool = False
    """Whether it takes fields of any other name besides."""


class Actions:
    """All actions by name."""

    def __init__(self) -> None:
        self._actions: dict[str, Action] = {}

    def register(
        self,
        name: str,
        function: ActionFunction,
        *,
        fields: frozenset[str] = frozenset(),
        results: frozenset[str] = frozenset(),
        optional: frozenset[str] = frozenset(),
        more: bool = False,
    ) -> None:
        """Add one. Its name is `room.verb`."""
        self._actions[name] = Action(name, function, fields, results, optional, more)

    def __contains__(self, name: str) -> bool:
        return name in self._actions

    def __getitem__(self, name: str) -> Action:
        try:
            return self._actions[name]
        except KeyError:
            raise UnknownActionError(
                f"there is no action {name!r}; there are: {', '.join(sorted(self._actions)) or 'none'}"
            ) from None

    def names(self) -> list[str]:
        """All names, sorted."""
        return sorted(self._actions)
