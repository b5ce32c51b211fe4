"""Notices to thousands: an agentless campaign through gate, dialler, a real Asterisk and back, to SIPp.

Contacts wait in the queue before it begins. Each is called once, answers, hears what its flow has to say, and
is done. What SIPp has seen and what the database has written down must be the same calls.
"""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from bench.audit import Audit, audited, busiest
from bench.called import Called, answering
from bench.caller import Caller
from bench.figures import Burst, Goal, Printed, percentile, rounded
from bench.lines import NODE
from bench.telco import BenchError, Telco
from customers.seed import number_of
from dialer import CampaignPlan, Gate, NewContact, Purpose, enqueue, load_profiles, pause, set_up
from dialer.models import Attempt, Contact, ContactState
from values import PhoneNumber, SystemClock, new_id

SECONDS: Final = 60.0
RATE: Final = 80.0
PACE: Final = 100.0
"""Calls a second that the campaign may start: somewhat more than are wanted."""
MORE: Final = 1.05
"""Contacts beyond those whom the pace takes in the time, so that the queue is never empty before its end."""
PROMPT_RATE: Final = 20.0
PROMPT_PACE: Final = 24.0
PROMPT_SECONDS: Final = 20.0
BURST_CALLS: Final = 1500
ROUNDS: Final = 2
AT_ONCE: Final = 60
"""Lines that a burst at full speed has; on bare Asterisk too."""
CALLER_ID: Final = "+390650000611"
TRUNK_NAME: Final = "trunk"
_CHUNK: Final = 2000
_CARRIER_SEEN: Final = 12.0
"""Seconds within which Asterisk has found the carrier."""
_PATIENCE: Final = 90.0
"""Seconds after which a campaign that does not get on is given up."""
_CODE: Final = Path(__file__).parent.parent


async def measure(telco: Telco, caller: Caller) -> Printed:
    """Bursts at full speed beside bare originates, a minute without media, a minute of prompts."""
    del caller
    await telco.command("trunk", "set", TRUNK_NAME, "--lines", "800", "--calls-per-second", "500")
    own, bare = [], []
    async with answering() as called:
        await asyncio.sleep(_CARRIER_SEEN)
        for part in range(ROUNDS):
            bare.append(await _bare(telco))
            burst = _Campaign(telco, f"burst{part}", "bench.answered", lines=AT_ONCE)
            own.append(await burst.call(called, BURST_CALLS))
        minute = _Campaign(telco, "minute", "bench.answered", lines=300, pace=PACE)
        without = await minute.call(called, round(PACE * SECONDS * MORE))
        prompts = _Campaign(telco, "prompts", "bench.notice", lines=700, pace=PROMPT_PACE)
        spoken = await prompts.call(called, round(PROMPT_PACE * SECONDS * MORE))
    return {
        "full_speed": _beside(own, bare),
        "without_media": without.printed(RATE),
        "with_prompts": spoken.printed(PROMPT_RATE, talk=PROMPT_SECONDS),
    }


def _beside(own: Sequence["Run"], bare: Sequence[Burst]) -> Printed:
    """What part of bare Asterisk's rate is left with all that belongs to a call."""
    calls = sum(run.answered for run in own)
    ours = calls / sum(run.span for run in own)
    theirs = sum(burst.calls for burst in bare) / sum(burst.seconds for burst in bare)
    return {
        "calls_at_once": AT_ONCE,
        "answered_per_second": rounded(ours),
        "bare_originate_answered_per_second": rounded(theirs),
        "ratio": rounded(ours / theirs),
        "not_right": Goal("<=", 0).judged(sum(run.audit.wrong for run in own)),
    }


@dataclass(frozen=True, slots=True)
class Run:
    """One campaign's calls."""

    audit: Audit
    times: Sequence[datetime]
    """When each was answered."""
    rang_after: Sequence[float]
    """Seconds from the commit of an attempt until its INVITE reached SIPp."""
    talked: Sequence[float]
    """Seconds from the answer to the end."""
    processor: Mapping[str, float]
    """Seconds of processor time."""
    seconds: float
    """How long the processors were watched."""

    @property
    def answered(self) -> int:
        """How many."""
        return len(self.times)

    @property
    def span(self) -> float:
        """Seconds from the first answer to the last."""
        return max(1.0, (max(self.times) - min(self.times)).total_seconds()) if self.times else 1.0

    def printed(self, rate: float, *, talk: float = 0.0) -> Printed:
        """Its figures beside the goals."""
        calls = max(1, self.audit.attempts)
        return {
            "answered_per_second": Goal(">=", rate).judged(busiest(self.times, SECONDS)),
            "attempts": self.audit.attempts,
            "invites": self.audit.invites,
            "outcomes": self.audit.outcomes,
            "lost": Goal("<=", 0).judged(self.audit.lost),
            "duplicates": Goal("<=", 0).judged(self.audit.duplicates),
            "commit_to_invite_milliseconds": {
                "p50": rounded(1000 * percentile(self.rang_after, 0.5)),
                "p99": rounded(1000 * percentile(self.rang_after, 0.99)),
            },
            "talk_seconds_p50": Goal(">=", talk).judged(percentile(self.talked, 0.5)),
            "percent_of_a_core": {
                name: rounded(100 * spent / self.seconds) for name, spent in self.processor.items()
            },
            "processor_milliseconds_per_call": {
                name: rounded(1000 * spent / calls) for name, spent in self.processor.items()
            },
        }


class _Campaign:
    """One campaign of the bench."""

    def __init__(self, telco: Telco, name: str, flow: str, *, lines: int, pace: float = 1000.0) -> None:
        self._telco = telco
        self._clock = SystemClock()
        self._plan = CampaignPlan(
            name=f"bench.{name}",
            flow=flow,
            purpose=Purpose.SERVICE,
            profile="none",
            caller_id=CALLER_ID,
            lines=lines,
            calls_per_second=pace,
        )

    async def call(self, called: Called, count: int) -> Run:
        """Call so many people; back when all is written down, or when it does not get on."""
        print(f"bench: agentless, {self._plan.name} …", file=sys.stderr)
        numbers = [number_of(place) for place in range(count)]
        await self._enqueue(numbers)
        earlier = len(called.rung())
        before, began = processor(self._telco), self._clock.monotonic()
        async with self._telco.db.write() as session:
            await pause(session, self._plan.name, paused=False)
        await self._done(count)
        seconds = self._clock.monotonic() - began
        spent = {name: each - before[name] for name, each in processor(self._telco).items()}
        return await self._read(called.rung()[earlier:], numbers, spent, seconds)

    async def _enqueue(self, numbers: Sequence[str]) -> None:
        now = self._clock.now()
        people = [
            NewContact(
                campaign=self._plan.name,
                event_id=new_id("bench"),
                customer_id="",
                number=PhoneNumber(number),
            )
            for number in numbers
        ]
        async with self._telco.db.write() as session:
            await set_up(session, Gate(load_profiles(), country="IT"), self._plan)
            await pause(session, self._plan.name)
        for first in range(0, len(people), _CHUNK):
            async with self._telco.db.write() as session:
                await enqueue(session, people[first : first + _CHUNK], now)

    async def _done(self, count: int) -> None:
        over = f"SELECT count(*) FROM contacts WHERE campaign = '{self._plan.name}' AND state = 'done'"  # noqa: S608
        seen, since = -1, self._clock.monotonic()
        while (done := await self._telco.count(over)) < count:
            if done != seen:
                seen, since = done, self._clock.monotonic()
            if self._clock.monotonic() - since > _PATIENCE:
                return  # the audit says what is missing
            await self._clock.sleep(0.5)

    async def _read(
        self,
        rung: Sequence[tuple[datetime, str]],
        numbers: Sequence[str],
        spent: Mapping[str, float],
        seconds: float,
    ) -> Run:
        async with self._telco.db.read() as session:
            attempts = list(await session.scalars(select(Attempt).where(Attempt.campaign == self._plan.name)))
            done = await session.scalars(
                select(Contact.number).where(
                    Contact.campaign == self._plan.name, Contact.state == ContactState.DONE
                )
            )
            audit = audited(
                numbers,
                [number for _, number in rung],
                [(each.number, each.outcome) for each in attempts],
                list(done),
                "done",
            )
        first = {number: at for at, number in reversed(rung)}
        return Run(
            audit=audit,
            times=[each.answered for each in attempts if each.answered],
            rang_after=[
                (first[each.number] - each.committed).total_seconds()
                for each in attempts
                if each.number in first
            ],
            talked=[
                (each.over - each.answered).total_seconds()
                for each in attempts
                if each.answered and each.over
            ],
            processor=spent,
            seconds=seconds,
        )


async def _bare(telco: Telco) -> Burst:
    """As many calls through nothing but the manager connection and a dialplan of one step."""
    print("bench: agentless, bare originates …", file=sys.stderr)
    told = {
        "host": NODE,
        "port": 5038,
        "secret": telco.secrets["ami"],
        "trunk": TRUNK_NAME,
        "caller_id": CALLER_ID,
        "at_once": AT_ONCE,
        "numbers": [number_of(place) for place in range(BURST_CALLS)],
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.originator",
        cwd=_CODE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        said, _ = await asyncio.wait_for(process.communicate(f"{json.dumps(told)}\n".encode()), 120)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise BenchError("the bare originates failed")
    seen = json.loads(said)
    return Burst(seen["answered"], BURST_CALLS - seen["answered"], seen["seconds"])


def processor(telco: Telco) -> dict[str, float]:
    """Seconds of processor time that the telco's two hard workers have taken so far."""
    times = {"asterisk": telco.asterisk().cpu_times(), "core": telco.core().cpu_times()}
    return {name: each.user + each.system for name, each in times.items()}


def span(attempt: Attempt) -> float:
    """Seconds from an attempt's answer to its end."""
    if attempt.answered is None or attempt.over is None:
        return 0.0
    return (attempt.over - attempt.answered).total_seconds()
