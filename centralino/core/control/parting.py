"""Agents who leave a talk, and everybody who has to know how it stands."""

from agents import AgentState, Desk, Reservation
from centralino.core.control.live import LiveTalk
from centralino.core.control.ports import Seats, Switch
from centralino.core.control.told import Bulletins
from values import Clock

PARK = ("agent-park", "s")


class Parting:
    """Lets agents go, and tells the pages."""

    def __init__(self, desk: Desk, seats: Seats, switch: Switch, bulletins: Bulletins, clock: Clock) -> None:
        self._desk = desk
        self._seats = seats
        self._switch = switch
        self._bulletins = bulletins
        self._clock = clock

    def changed(self, talk: LiveTalk) -> None:
        """It stands otherwise than before."""
        talk.since = self._clock.now()
        if not talk.over:  # else its last word was that it is over
            self._bulletins.tell(talk)

    def free(self, reservation: Reservation, talk: LiveTalk) -> None:
        """An agent's part is over: their wrap-up begins, or they were not joined at all and are free."""
        agent = reservation.agent
        talk.gives_up(reservation)
        seat = self._desk.seat(agent)
        if seat is not None and seat.token == reservation.token:
            self._desk.keep(agent, kept=False)
            if seat.state is AgentState.TALKING:
                self._desk.talked(agent)
            else:
                self._desk.release(reservation)
        self._bulletins.over(agent, talk.call)

    def takes_over(self, reservation: Reservation, talk: LiveTalk) -> None:
        """Whoever was asked has the customer now, with the wrap-up that the talk gives."""
        talk.holder = reservation
        seat = self._desk.seat(reservation.agent)
        if seat is not None:
            seat.campaign, seat.wrap = talk.order.campaign, talk.order.wrap_seconds

    async def park(self, agent: str) -> None:
        """An agent's leg goes back to its park."""
        if channel := self._seats.channel(agent):
            await self._switch.send(channel, *PARK)
