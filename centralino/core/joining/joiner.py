"""An answered call of a campaign with agents: who answered, the next free agent, their talk, its end."""

import asyncio
import contextlib

import structlog

from agents import Desk, Reservation
from ami import BridgeEntered
from centralino.core.joining.announcing import MANDATORY, OPT_OUT_KEY, Announcements
from centralino.core.joining.detection import Answerer, detect
from centralino.core.joining.inbound import CallerLine
from centralino.core.joining.laws import Laws
from centralino.core.joining.machines import AtTheMachine, Next, Note
from centralino.core.joining.ports import Dialler, Line, OptOut, Outcome, Reception, TalkOrder
from centralino.core.joining.recording import Recorder
from centralino.core.joining.talking import TalkEnd, Talking
from centralino.core.joining.waiting import Waiter, WaitingLine
from dialer import Machines
from ivr.ports import Conversation
from store import StoreUnavailableError
from values import Clock, HangupError

log = structlog.get_logger(__name__)

COMFORT = "comfort"
"""The class of music that is hardly any (`asterisk_conf`)."""
KEY_SECONDS = 4.0
"""How long after the message the opt-out key may still be pressed."""
AGAIN_SECONDS = 1.0
CUT_OFF = frozenset({TalkEnd.AGENT_LOST, TalkEnd.IN_VAIN})
"""Ends of a talk after which the customer is still there, and is not to be left in silence."""
UNTOLD = frozenset({Outcome.HANGUP})


class Joiner:
    """Takes answered calls to agents. One a node: it shares the desk with nobody but the desk's own shift."""

    def __init__(
        self,
        desk: Desk,
        talking: Talking,
        machines: AtTheMachine,
        announcements: Announcements,
        recorder: Recorder,
        dialler: Dialler,
        opt_out: OptOut,
        laws: Laws,
        clock: Clock,
    ) -> None:
        self.waiting = WaitingLine(desk)
        """All who wait for an agent of this node; whoever rang us may be put into it too."""
        self.reception: Reception | None = None
        """The named queues, once they are there."""
        self._desk = desk
        self._talking = talking
        self._machines = machines
        self._announcements = announcements
        self._recorder = recorder
        self._dialler = dialler
        self._opt_out = opt_out
        self._laws = laws
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    def heard_entered(self, event: BridgeEntered) -> None:
        """A channel is in a bridge: subscribe it to the gateway's `BridgeEntered`."""
        self._talking.heard_entered(event)

    async def take(self, line: Line, order: TalkOrder) -> Outcome:
        """See an answered call through; the dialler is told all that happens, and the end.

        What is left of the call when this returns is to be hung up.
        """
        call = _Call(line, order, self._desk.seconds())
        try:
            await self._take(call)
        except HangupError:
            self._hung_up(call)
        self._dialler.call_finished(order.attempt_id, call.note.outcome)
        return call.note.outcome

    async def resume(self, line: Line, order: TalkOrder) -> Outcome:
        """A call that was answered under an earlier core and had no agent yet: it has waited long enough."""
        call = _Call(line, order, float("-inf"))
        try:
            if agent := await self._talking.left_by(line):
                call.note.outcome = Outcome.TALKED
                if await self._talking.resume(line, order, agent) in CUT_OFF:
                    await self._cut_off(call)
                return self._finished(call)
            machine = await line.get_variable("AMDSTATUS") == Answerer.MACHINE
            call.note.outcome = Outcome.MACHINE if machine else Outcome.ABANDONED
            if not machine:
                await self._abandon(call)
        except HangupError:
            pass
        return self._finished(call)

    def _finished(self, call: "_Call") -> Outcome:
        self._dialler.call_finished(call.order.attempt_id, call.note.outcome)
        return call.note.outcome

    def talked(self, order: TalkOrder) -> Outcome:
        """A talk that began under an earlier core is over."""
        self._dialler.released(order.attempt_id, at=self._clock.now())
        self._dialler.call_finished(order.attempt_id, Outcome.TALKED)
        return Outcome.TALKED

    def caller(self, line: Line, order: TalkOrder) -> Conversation:
        """The line of somebody whose flow may put them through to our agents; `order` without an attempt."""
        return CallerLine(
            line,
            order,
            self.waiting,
            self._talking,
            self._desk.seconds,
            reception=self.reception,
            recorder=self._recorder,
        )

    async def close(self) -> None:
        """Wait for what was promised and is not written down yet, for a moment."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=AGAIN_SECONDS)
        for task in self._tasks:
            task.cancel()

    async def _take(self, call: "_Call") -> None:
        law, order = self._laws.law(call.order.profile), call.order
        recording = await self._recorder.start(call.line) if order.record else ""
        if order.machines is not Machines.IGNORE and not await self._person(call):
            return
        await self._meet(call, recording, law.answer_within)

    async def _person(self, call: "_Call") -> bool:
        """Whether there is a person to talk to."""
        order = call.order
        self._dialler.analysing(order.attempt_id)
        law = self._laws.law(order.profile)
        verdict = await detect(call.line, law.detection)
        if verdict.answerer is Answerer.GONE:
            raise HangupError
        self._dialler.detected(
            order.attempt_id, amd=verdict.answerer.value, cause=verdict.cause, at=self._clock.now()
        )
        log.info("call.analysed", call=call.line.call_id, amd=verdict.answerer.value, cause=verdict.cause)
        if not verdict.machine:
            if law.after_greeting:
                call.since = self._desk.seconds() - verdict.silence(law.detection)
            return True
        await call.quiet()
        if await self._machines.deal(call.line, order, call.note) is Next.OVER:
            return False
        call.since = self._desk.seconds()  # the person has only come to the line now
        return True

    async def _meet(self, call: "_Call", recording: str, within: float) -> None:
        """Join the next free agent, and the next again should a leg turn out to be gone."""
        while (reservation := await self._agent(call, within)) is not None:
            try:
                await call.quiet()
            except BaseException:
                self._desk.release(reservation)
                raise
            end = await self._talking.talk(call.line, call.order, reservation, recording)
            if end is not TalkEnd.NOT_JOINED:
                call.note.outcome = Outcome.TALKED
                if end in CUT_OFF:
                    await self._cut_off(call)
                elif end is TalkEnd.AGENT_LEFT:
                    await self._talking.opinion(call.line, call.order)
                return
        call.note.outcome = Outcome.ABANDONED
        self._dialler.abandoned(call.order.attempt_id)
        await call.quiet()
        await self._abandon(call)

    async def _agent(self, call: "_Call", within: float) -> Reservation | None:
        """The agent whose turn it is, or None when the time is over. Raises `HangupError`."""
        order = call.order
        left = call.since + within - self._desk.seconds()
        if left <= 0:
            return None
        waiter = Waiter(
            call=call.line.call_id,
            since=call.since,
            skill=order.skill,
            agent=order.agent,
            campaign=order.campaign,
            wrap=order.wrap_seconds,
        )

        async def meanwhile() -> None:
            if self._laws.law(order.profile).comfort_noise:
                await call.noise()

        return await self.waiting.turn(waiter, left, call.line.gone, meanwhile)

    async def _abandon(self, call: "_Call") -> None:
        """Nobody is free: say so where the law wants it said, else let go."""
        log.warning("call.abandoned", call=call.line.call_id, campaign=call.order.campaign)
        if self._laws.law(call.order.profile).message:
            await self._apologise(call.line, call.order)

    async def _cut_off(self, call: "_Call") -> None:
        """Their agent's network fell, or the next one never came: they are not left in silence."""
        if call.order.language:
            await call.line.set_language(call.order.language)
        await call.line.play(await self._announcements.cut_off(call.order.language))

    async def _apologise(self, line: Line, order: TalkOrder) -> None:
        """Who called, and how to be called no more. No marketing."""
        with contextlib.suppress(HangupError):  # they have been abandoned all the same
            if order.language:
                await line.set_language(order.language)
            may = order.purpose != MANDATORY
            sounds = await self._announcements.abandoned(order.language, order.caller_id, opt_out=may)
            if not may:
                await line.play(sounds)
                return
            keyed = await line.collect(
                sounds,
                max_digits=1,
                first_digit=KEY_SECONDS,
                between_digits=KEY_SECONDS,
                barge_in=OPT_OUT_KEY,
            )
            if keyed.digits == OPT_OUT_KEY:
                await self._let_go(order)
                await line.play(await self._announcements.opted_out(order.language))

    async def _let_go(self, order: TalkOrder) -> None:
        """They will not be called again. While the database is away it is tried on and on."""
        task = asyncio.get_running_loop().create_task(self._until_written(order))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await asyncio.wait((task,), timeout=AGAIN_SECONDS)

    async def _until_written(self, order: TalkOrder) -> None:
        while True:
            try:
                await self._opt_out(order)
            except StoreUnavailableError:
                log.error("joining.opt_out_waits", attempt=order.attempt_id)  # noqa: TRY400
                await self._clock.sleep(AGAIN_SECONDS)
            else:
                return

    def _hung_up(self, call: "_Call") -> None:
        """Who hung up while waiting was abandoned if the law's time was over, and else just hung up."""
        waited = self._desk.seconds() - call.since
        if call.note.outcome in UNTOLD and waited >= self._laws.law(call.order.profile).answer_within:
            call.note.outcome = Outcome.ABANDONED


class _Call:
    """One customer, and how far they are."""

    def __init__(self, line: Line, order: TalkOrder, since: float) -> None:
        self.line = line
        self.order = order
        self.since = since
        """When they were answered, by the desk's clock."""
        self.note = Note()
        self._noisy = False

    async def noise(self) -> None:
        """Let them hear that somebody is there."""
        if not self._noisy:
            self._noisy = True
            await self.line.execute("StartMusicOnHold", COMFORT)

    async def quiet(self) -> None:
        """The noise gives way to a voice."""
        if self._noisy:
            self._noisy = False
            await self.line.execute("StopMusicOnHold")
