"""What the welcome call can have done: ask whether a PIN may be keyed, and compare it."""

from collections.abc import Mapping

from ivr.actions import ActionContext, Actions
from proactive.provisioning.pins import PinDesk, Tried
from store import Database
from values import Scalar


class WelcomeDesk:
    """The actions `proactive.pin_open` and `proactive.check_pin`."""

    def __init__(self, db: Database) -> None:
        self._pins = PinDesk(db)

    def register(self, actions: Actions) -> None:
        """Offer them to the flows."""
        order = frozenset({"order_id"})
        actions.register("proactive.pin_open", self.pin_open, fields=order, results=frozenset({"pin_open"}))
        actions.register(
            "proactive.check_pin", self.check_pin, fields=order | {"value"}, results=frozenset({"ok"})
        )

    async def pin_open(self, ctx: ActionContext, order_id: str | None) -> Mapping[str, Scalar]:
        """Whether the order has a PIN that is not locked."""
        return {"pin_open": bool(order_id) and await self._pins.open_for(str(order_id), ctx.now)}

    async def check_pin(self, ctx: ActionContext, value: str, order_id: str | None) -> Mapping[str, Scalar]:
        """Whether this is the PIN. Every asking is a try."""
        tried = await self._pins.tries(str(order_id or ""), str(value), call_id=ctx.call_id, now=ctx.now)
        return {"ok": tried is Tried.RIGHT}
