"""The room put together: intake, mirrors, rules and worker, to which each process adds what it knows."""

from pathlib import Path

from customers import Customers
from proactive.assurance import load_policy
from proactive.events import KINDS, Intake, Mirrors, Worker
from proactive.events.faults import FaultLookup
from proactive.events.kinds import COMMON, SECRET
from proactive.facts import FOUND_OUT
from proactive.provisioning.lookups import OrderLookup
from proactive.rules import Lookups, Rulings, Shelf, Vocabulary
from store import Database
from values import Clock


class ProactiveDesk:
    """What the processes register with, and what the programs run. Rules are read when first wanted."""

    def __init__(self, db: Database, customers: Customers, clock: Clock, rules: Path | None = None) -> None:
        """`rules`: the operator's own rules, over the house's; it need not exist."""
        self.intake = Intake(customers)
        self.mirrors = Mirrors()
        self.lookups = Lookups()
        self.rulings = Rulings(customers, Shelf(self.vocabulary, rules), self.lookups)
        self.assurance = load_policy()
        """How patient we are with faults and outages; `Processes` has the operator's own."""
        self.worker = Worker(db, self.mirrors, self.rulings, clock)
        FaultLookup(customers).register(self.lookups)
        OrderLookup().register(self.lookups)

    def vocabulary(self) -> Vocabulary:
        """What rules may name."""
        types = {
            name: (frozenset(kind.model_fields) - COMMON - SECRET)
            | self.lookups.names.get(name, set())
            | {"source"}
            for name, kind in KINDS.items()
        }
        return Vocabulary({**types, **FOUND_OUT})
