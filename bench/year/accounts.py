"""The year's books: every event has exactly one contact, every contact one end, every attempt one call."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from bench.year.network import MODULUS, YearLines, fingerprint
from bench.year.processes import Process
from dialer.models import Attempt, Contact
from store import Database

if TYPE_CHECKING:
    from bench.year.half import Job

Accounts = dict[str, Any]


async def accounts(
    db: Database,
    processes: Sequence[Process],
    fed: Mapping[str, int],
    events: Mapping[str, int],
    told: Mapping[tuple[str, str], int],
    lines: YearLines,
    job: "Job",
) -> Accounts:
    """Read everything back and compare; `wrong` names what does not add up, and is empty when all does."""
    wrong: Counter[str] = Counter()
    found: Accounts = {"processes": {}, "wrong": wrong}
    for process in processes:
        books = await _process(db, process, fed[process.name], told, job, wrong)
        found["processes"][process.name] = {"events": events[process.name], **books}
    await _calls(db, lines, wrong)
    for what, count in lines.failed.items():
        wrong[f"flow failed: {what}"] += count
    async with db.read() as session:
        for what, query in _NONE.items():
            wrong[what] += (await session.execute(text(query))).scalar_one()
    found["wrong"] = {what: count for what, count in wrong.items() if count}
    found["rung"] = dict(lines.rung)
    return found


async def _process(
    db: Database,
    process: Process,
    fed: int,
    told: Mapping[tuple[str, str], int],
    job: "Job",
    wrong: Counter[str],
) -> dict[str, Any]:
    seen = bytearray(fed)
    outcomes: Counter[str] = Counter()
    contacts = goals = attempts = unfinished = 0
    columns = (Contact.event_id, Contact.state, Contact.outcome, Contact.goal, Contact.tally)
    async with db.read() as session:
        rows = await session.stream(
            select(*columns).where(Contact.campaign == process.name), execution_options={"yield_per": 2000}
        )
        async for event_id, state, outcome, goal, tally in rows:
            place = process.ordinal(event_id) // job.parts
            seen[place] = min(seen[place] + 1, 2)
            contacts += 1
            goals += goal
            attempts += sum(tally.values())
            outcomes[outcome] += 1
            unfinished += state != "done"
        placed = await session.scalar(
            select(func.count()).select_from(Attempt).where(Attempt.campaign == process.name)
        )
        refused = (await session.execute(text(_REFUSED), {"campaign": process.name})).all()
    name = process.name
    wrong[f"{name}: events without a contact"] += seen.count(0)
    wrong[f"{name}: events with several contacts"] += seen.count(2)
    wrong[f"{name}: contacts without an end"] += unfinished
    wrong[f"{name}: attempts in contacts and in the list of attempts"] += abs(attempts - (placed or 0))
    ends = Counter({outcome: count for (campaign, outcome), count in told.items() if campaign == name})
    wrong[f"{name}: ends told by events"] += sum(abs(ends[each] - outcomes[each]) for each in ends | outcomes)
    return {
        "contacts": contacts,
        "attempts": attempts,
        "goals": goals,
        "outcomes": dict(outcomes),
        "refused_for_now_by_the_gate": dict([tuple(row) for row in refused]),
    }


async def _calls(db: Database, lines: YearLines, wrong: Counter[str]) -> None:
    """Every attempt was rung exactly once, and every ring was an attempt."""
    digest = count = 0
    async with db.read() as session:
        rows = await session.stream(select(Attempt.id), execution_options={"yield_per": 5000})
        async for (attempt_id,) in rows:
            count += 1
            digest = (digest + fingerprint(attempt_id)) % MODULUS
    wrong["attempts and calls of the network"] += abs(count - sum(lines.rung.values()))
    wrong["attempts rung more than once, or never"] += digest != lines.digest


_REFUSED = (
    "SELECT refusals.reason, count(*) FROM refusals JOIN contacts ON contacts.id = refusals.contact_id "
    "WHERE contacts.campaign = :campaign GROUP BY refusals.reason"
)
_NONE = {
    "attempts without an end": "SELECT count(*) FROM attempts WHERE state <> 'done'",
    "contacts still in the queue": "SELECT count(*) FROM turns",
    "events not delivered": "SELECT count(*) FROM outbox_events WHERE done_at IS NULL",
    "events parked": "SELECT count(*) FROM outbox_deliveries WHERE parked_at IS NOT NULL",
    "calls without an end": "SELECT count(*) FROM calls WHERE state = 'up'",
    "calls and attempts": "SELECT abs((SELECT count(*) FROM calls) - (SELECT count(*) FROM attempts))",
    "business events not done": "SELECT count(*) FROM business_events WHERE state <> 'done'",
    "faults that are not as their customers said": (
        "SELECT count(*) FROM contacts JOIN customer_faults ON customer_faults.id = "
        "json_extract(contacts.fields, '$.fault_id') WHERE contacts.campaign = 'fault_closure' AND "
        "((contacts.outcome = 'fixed') <> (customer_faults.status = 'closed') OR "
        "(contacts.outcome = 'not_fixed') <> (customer_faults.status = 'reopened'))"
    ),
}
