"""Everything of this room, put together."""

from collections.abc import Callable, Collection, Mapping, Sequence

from customers import Customers
from dialer import Gate
from ivr.actions import Actions
from store import Database, Handler
from surveys.actions import Questioning
from surveys.after_process import AfterProcesses
from surveys.book import Book
from surveys.calling import Calling
from surveys.detractors import Detractors
from surveys.names import Names
from surveys.polls import Polls
from surveys.questionnaires import Items
from surveys.starting import Starting
from values import Clock


class OpinionDesk:
    """Surveys, polls and those who are rung for them."""

    def __init__(
        self,
        db: Database,
        customers: Customers,
        clock: Clock,
        gate: Gate,
        *,
        profile: str,
        caller_id: str,
        known: Callable[[str], bool],
        flows: Callable[[], Collection[str]] = tuple,
        names: Names = Names(),  # noqa: B008  (it is frozen)
        items: Items = lambda _: (),
    ) -> None:
        """`known`: whether a questionnaire of this name is published; profile and number are the house's.

        `flows`: those that are published; `names`: what else plans may name; `items`: what is asked in each.
        """
        self._db = db
        self.calling = Calling(customers, clock)
        self.book = Book(gate, profile=profile, caller_id=caller_id, known=known, flows=flows, names=names)
        self.polls = Polls(self.calling, items)
        self.starting = Starting(db, self.polls, self.calling)
        self._after = AfterProcesses(self.calling, clock)
        self._detractors = Detractors(customers, clock)

    def register(self, actions: Actions) -> None:
        """Offer what questionnaires need."""
        Questioning(self._db).register(actions)

    def subscriptions(self) -> Mapping[str, Sequence[Handler]]:
        """Which events the room takes."""
        return {
            **self.calling.subscriptions(),
            **self._after.subscriptions(),
            **self._detractors.subscriptions(),
        }
