"""The processes of this room, put together at one desk: what programs register, run and set up.

The house's rules name what every process knows, so a desk of rules has all of them.
"""

from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from customers import Customers
from dialer import CampaignPlan
from ivr.actions import Actions
from proactive.appointments import Appointments
from proactive.assurance import FaultClosure, FaultMirror, load_policy
from proactive.desk import ProactiveDesk
from proactive.outages import Outages
from proactive.provisioning import Provisioning
from proactive.traffic import TrafficAlarms
from proactive.traffic import load_policy as load_thresholds
from store import Database, Handler
from values import Clock


class Processes:
    """Provisioning, repairs, outages, traffic. `home` may hold the operator's own policies."""

    def __init__(
        self,
        db: Database,
        customers: Customers,
        clock: Clock,
        desk: ProactiveDesk,
        home: Path | None = None,
    ) -> None:
        self.provisioning = Provisioning.at_home(db, customers, clock, home, desk)
        self.appointments = Appointments.at_home(db, customers, clock, home, desk)
        policy = desk.assurance = load_policy(home)
        self.closure = FaultClosure(db, customers, clock, rulings=desk.rulings, policy=policy)
        self.outages = Outages(db, customers, self.closure.asking, policy)
        FaultMirror(customers, self.outages.linked).register(desk.mirrors)
        self.outages.hear(desk.mirrors)
        self.traffic = TrafficAlarms(db, customers, clock, desk.rulings, load_thresholds(home))
        self.traffic.hear(desk.mirrors)

    def register(self, actions: Actions) -> None:
        """Offer their actions to the flows."""
        self.provisioning.register(actions)
        self.appointments.register(actions)
        self.closure.register(actions)
        self.outages.register(actions)
        self.traffic.register(actions)

    def subscriptions(self) -> Mapping[str, Sequence[Handler]]:
        """Which facts of the house they take."""
        heard: dict[str, list[Handler]] = {}
        for process in (self.closure, self.provisioning, self.appointments, self.traffic):
            for kind, handlers in process.subscriptions().items():
                heard.setdefault(kind, []).extend(handlers)
        return heard

    def campaigns(self, *, profile: str, caller_id: str) -> Sequence[CampaignPlan]:
        """Their campaigns; the jurisdiction and the shown number are the operator's."""
        return [
            *self.closure.campaigns(profile=profile, caller_id=caller_id),
            *self.provisioning.campaigns(profile=profile, caller_id=caller_id),
            *self.appointments.campaigns(profile=profile, caller_id=caller_id),
            *self.traffic.campaigns(profile=profile, caller_id=caller_id),
        ]

    def works(self) -> Sequence[Coroutine[Any, Any, None]]:
        """What goes on beside calls and events, for the core to run."""
        return [self.closure.closing.run(), self.outages.ending.run()]
