"""Who wants to hear which events."""

from collections.abc import Callable
from typing import Any, TypeVar

import structlog

from ami.events import AmiEvent

log = structlog.get_logger(__name__)

E = TypeVar("E", bound=AmiEvent)
Unsubscribe = Callable[[], None]


class Subscribers:
    """Plain functions, called in the order they came; one that raises is logged and hurts nobody else."""

    def __init__(self) -> None:
        self._handlers: dict[type[AmiEvent], tuple[Callable[[Any], None], ...]] = {}

    def add(self, kind: type[E], handler: Callable[[E], None]) -> Unsubscribe:
        """Call the handler with every event of just this type; the answer takes it away again."""
        self._handlers[kind] = (*self._handlers.get(kind, ()), handler)

        def remove() -> None:
            self._handlers[kind] = tuple(one for one in self._handlers[kind] if one is not handler)

        return remove

    def tell(self, event: AmiEvent) -> None:
        """Give an event to everybody who wants it."""
        for handler in self._handlers.get(type(event), ()):
            try:
                handler(event)
            except Exception:
                name = getattr(handler, "__qualname__", repr(handler))
                log.exception("ami.handler_failed", event_type=type(event).__name__, handler=name)
