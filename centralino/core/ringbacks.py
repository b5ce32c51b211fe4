"""Who rings back a number that a campaign shows: found when the call comes, settled when it has gone."""

import asyncio
from collections.abc import Mapping

import structlog

from centralino.core.callers import LOOK_UP_SECONDS, Caller, number_of
from dialer.ringbacks import RingBack, meet, ring_back_of, settle, shown_numbers
from ivr import RunEnd, RunResult, RunStart
from store import Database, StoreUnavailableError
from values import HOUSE_ZONE, CallId, Clock, PhoneNumber, Scalar, local_day

log = structlog.get_logger(__name__)

FLOW = "care.ring_back"
"""The house's own flow, for campaigns that have none."""
RESUME = "resume"
"""The outcome by which a flow says: go on with what our call was about."""
REFRESH_SECONDS = 2.0
"""For so long the shown numbers are remembered."""


class RingBacks:
    """Knows the shown numbers, and which of our calls a caller rings back about."""

    def __init__(self, db: Database, clock: Clock, *, country: str, company: str) -> None:
        """`company` is who callers hear has called them."""
        self._db = db
        self._clock = clock
        self._country = country
        self.company = company
        self._shown: frozenset[str] | None = None
        self._until = float("-inf")

    async def find(self, dialled: str, caller: Caller, call_id: CallId) -> RingBack | None:
        """What they ring back about; their contacts are put off meanwhile. None for everybody else.

        A caller waits no longer than for being recognised; then they are a stranger like others.
        """
        written = frozenset({dialled, number_of(dialled, self._country) or dialled})
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                if not caller.number.startswith("+") or not written & await self._numbers():
                    return None
                return await self._meet(written, PhoneNumber(caller.number))
        except (StoreUnavailableError, TimeoutError) as problem:
            log.warning("call.ring_back_unknown", call=call_id, reason=type(problem).__name__)
            return None

    async def ended(self, ring_back: RingBack, result: RunResult) -> None:
        """Their call has left its flow: what it came to settles the contact.

        A flow that is not the campaign's own settles it only by reaching its goal. Whoever hung up before the
        end is called again in time.
        """
        own = went_through(result) == ring_back.flow
        if not result.outcome or not (own or result.goal):
            return
        try:
            async with self._db.write() as session:
                await settle(
                    session, ring_back, result.outcome, goal=own and result.goal, now=self._clock.now()
                )
        except StoreUnavailableError:
            log.warning("call.ring_back_unsettled", attempt=ring_back.attempt_id)

    async def _numbers(self) -> frozenset[str]:
        """The shown numbers; while one call asks anew, the others take what was known."""
        now = self._clock.monotonic()
        if now >= self._until:
            if self._shown is not None:
                self._until = now + REFRESH_SECONDS
            async with self._db.read() as session:
                self._shown = await shown_numbers(session)
            self._until = now + REFRESH_SECONDS
        return self._shown or frozenset()

    async def _meet(self, written: frozenset[str], number: PhoneNumber) -> RingBack | None:
        now = self._clock.now()
        async with self._db.read() as session:
            found = await ring_back_of(session, written, number, now)
        if found is not None:
            async with self._db.write() as session:
                put_off = await meet(session, found, now)
            log.info(
                "call.rings_back", attempt=found.attempt_id, campaign=found.campaign, put_off=len(put_off)
            )
        return found


def first_words(ring_back: RingBack, caller: Caller, company: str) -> Mapping[str, Scalar]:
    """What the flow for who rings back is started with."""
    return {
        **caller.variables,
        "attempt_id": ring_back.attempt_id,
        "company": company,
        "called": local_day(ring_back.called, ring_back.zone or HOUSE_ZONE),
        "purpose": ring_back.purpose.value,
        "title": ring_back.title,
        "agents": ring_back.agents,
    }


def resumed(ring_back: RingBack, start: RunStart) -> RunStart:
    """The campaign's own flow, begun with what our call would have begun it with."""
    variables = dict(ring_back.fields)
    language = str(variables.pop("language", "") or "")
    slow = bool(variables.pop("slow", False))
    return RunStart(
        call_id=start.call_id,
        flow=ring_back.flow,
        variables={**variables, "caller": ring_back.number, "customer_id": ring_back.customer_id},
        language=language or start.language,
        slow=slow or start.slow,
        caller=start.caller,
    )


def goes_on(ring_back: RingBack, result: RunResult) -> bool:
    """Whether they want to go on, and a flow alone can do that."""
    wants = result.how is RunEnd.DONE and result.outcome == RESUME and not ring_back.agents
    return wants and went_through(result) != ring_back.flow


def went_through(result: RunResult) -> str:
    """The flow that a run was through, or is in."""
    return result.state.frames[0].flow_name
