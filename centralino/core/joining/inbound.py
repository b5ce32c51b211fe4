"""Who rang us and is sent to our agents by their flow: they wait with music, before all whom we called."""

from collections.abc import Callable
from dataclasses import replace

import structlog

from agents import Reservation
from agents.queues import queue_named
from centralino.core.joining.ports import Line, Reception, TalkOrder
from centralino.core.joining.recording import Recorder
from centralino.core.joining.talking import TalkEnd, Talking
from centralino.core.joining.waiting import Waiter, WaitingLine
from values import HangupError, TransferEnd

log = structlog.get_logger(__name__)

AGENTS = "agents"
"""The target of a flow's transfer that means any agent; `agents.fibre` one who knows that."""
MUSIC = "default"
"""The class of music for those who wait."""
BRIDGED = "BRIDGERESULT"
"""Asterisk's word on the latest talk; emptied here when the talk's end was seen."""
SUCCESS = "SUCCESS"


def skill_wanted(target: str) -> str | None:
    """What an agent must know for a transfer: '' nothing, None when it is not to our agents at all."""
    name, _, skill = target.partition(".")
    return skill if name == AGENTS else None


class CallerLine:
    """A caller's line whose transfers may go to our agents; satisfies `ivr.ports.Conversation`.

    All but those transfers is the line's own.
    """

    def __init__(
        self,
        line: Line,
        order: TalkOrder,
        waiting: WaitingLine,
        talking: Talking,
        seconds: Callable[[], float],
        *,
        reception: Reception | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        """`order` says for the agent's screen who it is; `seconds` is the desk's clock."""
        self._reception = reception
        self._recorder = recorder
        self._line = line
        self._order = order
        self._waiting = waiting
        self._talking = talking
        self._seconds = seconds
        self.answer = line.answer
        self.play = line.play
        self.collect = line.collect
        self.flush = line.flush
        self.record = line.record
        self.mark = line.mark
        self.hangup = line.hangup

    async def set_language(self, language: str) -> None:
        """Tell the line its language; whoever talks to them later hears of it."""
        self._order = replace(self._order, language=language)
        await self._line.set_language(language)

    async def transfer(self, target: str, *, ring_seconds: float) -> TransferEnd:
        """Ring a named target, or wait for an agent, and stay until the talk is over.

        For an agent `ring_seconds` is the longest wait; nobody in that time is `NO_ANSWER`. A queue has its
        own.
        """
        skill = skill_wanted(target)
        queue = queue_named(target) if self._reception else None
        if skill is None and queue is None:
            return await self._line.transfer(target, ring_seconds=ring_seconds)
        await self._line.answer()
        if agent := await self._talking.left_by(self._line):  # its bridge ended well, and the talk goes on
            end = await self._resumed(replace(self._order, skill=skill or ""), agent)
        elif await self._line.get_variable(BRIDGED) == SUCCESS:
            end = TransferEnd.TALKED  # under an earlier core, which did not live to see the end
        elif queue is not None and self._reception is not None:
            end = await self._through(self._reception, queue)
        else:
            end = await self._meet(replace(self._order, skill=skill or ""), ring_seconds)
        await self._line.mark(BRIDGED, "")
        await self._line.flush()  # keys pressed to the music are no answer to what is asked next
        return end

    async def _resumed(self, order: TalkOrder, agent: str) -> TransferEnd:
        """An agent had put them on hold under an earlier core."""
        end = await self._talking.resume(self._line, order, agent)
        if end is TalkEnd.CUSTOMER_LEFT:
            raise HangupError
        return TransferEnd.NO_ANSWER if end is TalkEnd.IN_VAIN else TransferEnd.TALKED

    async def _through(self, reception: Reception, queue: str) -> TransferEnd:
        """Wait in a queue, talk, and wait again if they are sent to one from the talk."""
        while True:
            met = await reception.receive(self._line, self._order, queue)
            if isinstance(met, TransferEnd):
                return met
            try:
                recorded = self._recorder is not None and met.order.record
                recording = await self._recorder.start(self._line) if recorded and self._recorder else ""
                end = await self._talking.talk(self._line, met.order, met.reservation, recording)
            except HangupError:
                reception.left(met)
                raise
            if end is TalkEnd.CUSTOMER_LEFT:
                raise HangupError
            if end is TalkEnd.IN_VAIN:
                return TransferEnd.NO_ANSWER
            if end is TalkEnd.NOT_JOINED:
                reception.not_there(met)
            elif end is TalkEnd.AGENT_LOST:
                reception.lost(met)
            elif not reception.goes_on(self._line.call_id):
                return await self._talked(met.order)
            await self._line.mark(BRIDGED, "")

    async def _talked(self, order: TalkOrder) -> TransferEnd:
        """Their agent has ended the talk. Who was drawn says what they think of it; then their call is over.

        Raises `HangupError` then.
        """
        if await self._talking.opinion(self._line, order):
            await self._line.hangup()
            raise HangupError
        return TransferEnd.TALKED

    async def _meet(self, order: TalkOrder, within: float) -> TransferEnd:
        since, front = self._seconds(), False
        until = since + within
        log.info("caller.waits", skill=order.skill, ahead=len(self._waiting))
        while (reservation := await self._agent(order, since, until, front=front)) is not None:
            end = await self._talking.talk(self._line, order, reservation, "")
            if end is TalkEnd.CUSTOMER_LEFT:
                raise HangupError
            if end is TalkEnd.AGENT_LEFT:
                return await self._talked(order)
            if end is TalkEnd.IN_VAIN:
                break
            if end is TalkEnd.AGENT_LOST:  # nobody is to wait for that again
                front, until = True, self._seconds() + within
        log.info("caller.waited_in_vain", skill=order.skill)
        return TransferEnd.NO_ANSWER

    async def _agent(
        self, order: TalkOrder, since: float, until: float, *, front: bool = False
    ) -> Reservation | None:
        """The agent whose turn it is, with the music over, or None when the time is. Raises `HangupError`."""
        left = until - self._seconds()
        if left <= 0:
            return None
        waiter = Waiter(
            self._line.call_id,
            since,
            skill=order.skill,
            wrap=order.wrap_seconds,
            inbound=True,
            front=front,
        )
        music = Music(self._line)
        reservation = await self._waiting.turn(waiter, left, self._line.gone, music.begin)
        try:
            await music.end()
        except BaseException:
            self._waiting.leave(waiter)
            raise
        return reservation


class Music:
    """What they hear meanwhile."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._plays = False

    async def begin(self) -> None:
        """Play it, over and over."""
        self._plays = True
        await self._line.execute("StartMusicOnHold", MUSIC)

    async def end(self) -> None:
        """It gives way to a voice."""
        if self._plays:
            await self._line.execute("StopMusicOnHold")
