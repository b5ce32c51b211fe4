"""The voice core put together: made in order, started, and taken down in reverse."""

import asyncio
import gc
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

import structlog

from agi import Limits, Server
from ami import Account, BridgeEntered, BridgeLeft, Gateway, HungUp, Quality, Resynced
from asterisk_conf import Folders
from calls import CallEnd, CallStart, CallState, Direction, Journal, LiveBoard
from care import take_in
from centralino.core.adoption import Adoption
from centralino.core.bulletin import Bulletin
from centralino.core.control.assembly import Node as SteeredNode
from centralino.core.control.assembly import Steering, node_control
from centralino.core.control.manual import ManualCalls, ManualHouse
from centralino.core.control.told import Bulletins
from centralino.core.crewroom import CrewRoom
from centralino.core.dispositions import Dispositions
from centralino.core.figures import Figures
from centralino.core.floor import FloorBoard
from centralino.core.joining import Compacting, House, Joiner, make_joiner
from centralino.core.lines import AsteriskLines
from centralino.core.opinions import LettingGo, opinions_of
from centralino.core.placed import PlacedCalls
from centralino.core.postroom import PostRoom
from centralino.core.queueing import Around, QueueRoom
from centralino.core.register import Register
from centralino.core.ringbacks import RingBacks
from centralino.core.switchboard import Books, Switchboard
from centralino.core.talks import Talks
from centralino.core.trunkboard import TrunkBoard
from centralino.core.upkeep import BY, Upkeep
from centralino.jurisdiction import profile_of
from centralino.places import Places
from centralino.rooms import Rooms
from centralino.secrets import load_secrets
from centralino.settings import Settings
from dialer import DialLoop, Placement, Trunk
from ivr import Runner
from store import Answerer, Dispatcher, StoreUnavailableError
from surveys.cati import publish_scripts
from surveys.figures.bookkeeping import Bookkeeper
from values import AttemptId, CallId, SystemClock

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 3.0
"""How long calls may go on when the core is asked to end; Asterisk takes care of the others."""
SPOOL_SECONDS = 5.0
REFRESH_SECONDS = 1.0


async def serve(settings: Settings) -> None:
    """Run the core until cancelled."""
    async with AsyncExitStack() as stack:
        core = Core(settings, stack)
        await core.start()
        # what is here now stays: the collector need not walk all of it again, with every voice waiting
        gc.collect()
        gc.freeze()
        log.info("core.ready", node=settings.node, agi=str(settings.agi))
        await asyncio.Event().wait()


class Core:
    """All parts of one node's core. Everything it starts is taken down by the stack, last in, first out."""

    def __init__(self, settings: Settings, stack: AsyncExitStack) -> None:
        self._settings = settings
        self._stack = stack
        self._clock = SystemClock()
        self._places = Places(settings.home.resolve())
        self._secrets = load_secrets(settings.home)
        self._tasks: set[asyncio.Task[None]] = set()
        self._post = PostRoom(settings, self._clock, self._places)

    async def start(self) -> None:
        """Start everything, what others lean on first."""
        settings, clock = self._settings, self._clock
        rooms = await self._stack.enter_async_context(Rooms.open(settings, clock, speaks=True))
        await self._stack.enter_async_context(self._post.open(rooms))
        spill = self._places.home / "journal.spill"
        journal = Journal(rooms.db, clock, spill, told=self._post.herald.calls)
        await self._stack.enter_async_context(journal)
        self._stack.push_async_callback(self._end_tasks)
        register = Register(journal, LiveBoard(), clock, settings.node)
        figures = Figures()
        register.on_end(figures.ended)
        books = Books(journal, register.board, register, rooms.db)

        gateway = self._gateway(rooms, books)
        crew_room = self._crew_room(rooms, gateway)
        dial_loop = self._dial_loop(rooms, gateway, register, crew_room)
        server = self._server(rooms, books, gateway, crew_room, dial_loop, figures)
        figures.watch(server, gateway, journal, lambda: len(register))
        figures.watch_trunks(dial_loop.trunk_states)
        answerer = Answerer(rooms.live, clock)
        crew_room.answer(answerer, Dispositions(rooms.db, clock), self._letting_go)

        await rooms.library.refresh()
        await self._queues.start()
        self._queues.answer(answerer)
        self._steering.commands.register(answerer)
        await server.start()
        await crew_room.start()
        self._queues.hall.crew_is_known()
        gateway.start()
        dial_loop.start()
        # At the end nobody new is rung, calls may finish while the manager still tells of their hang-ups, and
        # what came of them is written down before the lines are let go.
        self._stack.push_async_callback(self._queues.close)
        self._stack.push_async_callback(gateway.close)
        self._stack.push_async_callback(crew_room.close)
        self._stack.push_async_callback(dial_loop.close)
        self._stack.push_async_callback(server.stop, DRAIN_SECONDS)
        self._stack.callback(dial_loop.pause)
        self._stack.callback(self._queues.hall.closing)
        self._spawn(answerer.run())
        self._spawn(Dispatcher(rooms.db, clock, rooms.subscriptions()).run())
        self._spawn(Bulletin(rooms.live, register.board, register, figures, clock, settings.node).run())
        self._spawn(TrunkBoard(rooms.live, dial_loop.trunk_states, clock, settings.node).run())
        self._spawn(
            FloorBoard(
                rooms.db, rooms.live, rooms.gate, crew_room.desk, dial_loop, clock, settings.node
            ).run()
        )
        self._spawn(self._look_after(rooms))
        self._spawn(Compacting(self._places.recordings, journal.recording, clock).run())
        self._spawn(rooms.proactive.worker.run())
        for work in rooms.processes.works():
            self._spawn(work)
        for work in self._post.works():
            self._spawn(work)
        self._spawn(Bookkeeper(rooms.db, clock).run())
        self._spawn(Upkeep(rooms.db, clock, self._places.recordings, rooms.voice.studio.sweep).run())

    def _gateway(self, rooms: Rooms, books: Books) -> Gateway:
        """The manager connection, with whoever writes down what it tells."""
        settings = self._settings
        gateway = Gateway(
            Account(settings.ami.host, settings.ami.port, "centralino", self._secrets.ami), self._clock
        )
        gateway.subscribe(HungUp, books.register.heard_hangup)
        gateway.subscribe(Quality, books.register.heard_quality)
        talks = Talks(books.journal, books.register)
        gateway.subscribe(BridgeEntered, talks.heard_entered)
        gateway.subscribe(BridgeLeft, talks.heard_left)
        adoption = Adoption(rooms.db, gateway, books.register, self._clock, settings.node)
        gateway.subscribe(Resynced, lambda _: self._spawn(adoption.settle()))
        return gateway

    def _crew_room(self, rooms: Rooms, gateway: Gateway) -> CrewRoom:
        settings = self._settings
        return CrewRoom(
            rooms.db,
            rooms.live,
            gateway,
            self._clock,
            node=settings.node,
            phones=settings.phones,
            city_trunk=settings.city_trunk,
            told=self._post.herald.agents,
        )

    def _dial_loop(self, rooms: Rooms, gateway: Gateway, register: Register, crew_room: CrewRoom) -> DialLoop:
        settings = self._settings
        dial_loop = DialLoop(
            rooms.db,
            AsteriskLines(gateway, register, self._clock),
            rooms.gate,
            self._clock,
            node=settings.node,
            trunks=[
                Trunk(trunk.name, lines=trunk.lines, calls_per_second=trunk.calls_per_second)
                for trunk in settings.all_trunks
            ],
            records=Folders(self._places.asterisk(settings.node)).call_records,
            consents=rooms.consents,
            desk=crew_room.desk,
        )

        def tell_dialler(start: CallStart, end: CallEnd) -> None:
            if start.direction is Direction.OUTBOUND:
                dial_loop.call_finished(AttemptId(end.call_id), _disposition(end), goal=end.goal)

        register.on_end(tell_dialler)
        return dial_loop

    def _server(
        self,
        rooms: Rooms,
        books: Books,
        gateway: Gateway,
        crew_room: CrewRoom,
        dial_loop: DialLoop,
        figures: Figures,
    ) -> Server:
        """The FastAGI server: each session goes to a flow, or to an agent."""
        settings, clock = self._settings, self._clock
        runner = Runner(rooms.library, rooms.actions, rooms.voice, clock, recorded=books.journal.recording)
        house = House(
            rooms.db,
            rooms.live,
            books.journal,
            books.board,
            runner,
            rooms.voice,
            self._places.recordings,
            company=settings.company,
        )
        steering = self._steering = self._steer(rooms, books, gateway, crew_room, dial_loop, runner)
        opinions = opinions_of(rooms, books, runner, clock)
        self._stack.push_async_callback(opinions.close)
        self._spawn(opinions.run())
        self._letting_go = LettingGo(crew_room.desk, steering.deeds, opinions)
        joiner = self._joiner = make_joiner(
            house, crew_room.desk, crew_room.shift, dial_loop.witness, clock, steering.control, opinions
        )
        self._stack.push_async_callback(steering.control.close)
        queues = self._queue_room(rooms, books, gateway, crew_room, joiner, dial_loop)
        gateway.subscribe(BridgeEntered, joiner.heard_entered)
        self._stack.push_async_callback(joiner.close)
        switchboard = Switchboard(
            runner,
            rooms.library,
            books,
            rooms.customers,
            PlacedCalls(rooms.db, dial_loop).find,
            clock,
            node=settings.node,
            country=settings.country,
            numbers=settings.numbers,
            default_flow=settings.default_flow,
            joiner=joiner,
            listening=queues.choices.listening,
            ring_backs=RingBacks(rooms.db, clock, country=settings.country, company=settings.company),
        )
        return Server(
            settings.agi.host,
            settings.agi.port,
            self._secrets.agi,
            switchboard.take,
            clock=clock,
            limits=Limits(),
            recordings=self._places.recordings,
            observer=figures.round_trip,
        )

    def _steer(
        self,
        rooms: Rooms,
        books: Books,
        gateway: Gateway,
        crew_room: CrewRoom,
        dial_loop: DialLoop,
        runner: Runner,
    ) -> Steering:
        """Hold, transfers, conference, supervisors: talks steered while they are on."""
        settings, bulletins = self._settings, Bulletins(rooms.live)
        self._spawn(bulletins.forget())
        house = ManualHouse(settings.country, profile_of(settings), settings.caller_id, settings.default_flow)
        manual = ManualCalls(
            rooms.db,
            rooms.gate,
            rooms.consents,
            crew_room.desk,
            bulletins,
            dial_loop.nudge,
            self._clock,
            house,
        )
        books.register.on_end(manual.call_ended)
        self._stack.push_async_callback(manual.close)
        node = SteeredNode(
            live=rooms.live,
            gateway=gateway,
            desk=crew_room.desk,
            seats=crew_room.shift,
            outside=dial_loop.outside,
            runner=runner,
            library=rooms.library,
            journal=books.journal,
            board=books.board,
            country=settings.country,
            caller_id=settings.caller_id,
            targets=settings.transfer_targets,
            waiting=lambda: self._joiner.waiting,
            halls=lambda: self._queues.hall,
            bulletins=bulletins,
            manual=manual,
            asked_for=lambda call: _promised_to(dial_loop.placement(AttemptId(call))),
        )
        steering = node_control(node, self._clock)
        crew_room.shift.kept_by(steering.keeps)
        return steering

    def _queue_room(
        self,
        rooms: Rooms,
        books: Books,
        gateway: Gateway,
        crew_room: CrewRoom,
        joiner: Joiner,
        dial_loop: DialLoop,
    ) -> QueueRoom:
        """The named queues: callers wait in them for the same agents."""
        settings = self._settings

        def came_to(call_id: str, outcome: str) -> None:
            if call := books.register.get(CallId(call_id)):
                call.came_to = outcome

        around = Around(
            rooms.db,
            rooms.live,
            rooms.customers,
            rooms.voice,
            self._clock,
            settings.node,
            settings.country,
            self._places.home,
        )
        queues = self._queues = QueueRoom(around, crew_room.desk, joiner.waiting, dial_loop.nudge, came_to)
        joiner.reception = queues.hall
        books.register.on_end(queues.call_backs.call_ended)
        books.journal.on_segment(queues.heard_segment)
        gateway.subscribe(Resynced, lambda event: queues.settle(event.live))
        return queues

    async def _look_after(self, rooms: Rooms) -> None:
        """Now and then: newly published flows, and what the fallback script took. Nothing ends it."""
        waited, told = SPOOL_SECONDS, ""
        while True:
            try:
                if await rooms.library.refresh():
                    await publish_scripts(rooms.flows, by=BY)
                waited += REFRESH_SECONDS
                if waited >= SPOOL_SECONDS:
                    waited = 0.0
                    await take_in(rooms.db, self._places.spool, self._settings.country, self._clock.now())
            except StoreUnavailableError:
                pass  # the journal has said so; both are tried again
            except Exception as problem:
                if told != str(problem):
                    log.exception("core.look_failed")
                told = str(problem)
            await self._clock.sleep(REFRESH_SECONDS)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(_never_silently(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _end_tasks(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _never_silently(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except asyncio.CancelledError:
        raise
    except Exception:
        log.exception("core.part_failed")
        raise


def _promised_to(placement: Placement | None) -> str:
    """The agent who waits for a call that is being placed; '' nobody."""
    return placement.agent if placement is not None else ""


def _disposition(end: CallEnd) -> str:
    """What the dialler is told: the flow's outcome, else that somebody hung up or that nobody knows."""
    if end.outcome:
        return end.outcome
    return "interrupted" if end.state is CallState.INTERRUPTED else "hangup"
