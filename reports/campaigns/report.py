"""The campaigns' report."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.dispositions import DEFAULT, read_dispositions
from dialer.gate import load_profiles
from dialer.models import Campaign, Tally
from dialer.results import Law, law_of
from dialer.results.abandonment import WORDS
from dialer.results.tallies import hour_of
from reports.asked import Asked
from reports.campaigns.counts import Counts, counts_in, hours_before, people_of, tried_in
from reports.campaigns.lawful import Window, rate_of
from reports.steps import spans
from reports.tables import Column, Kind, Row, Table, Value, ratio
from store import Database

_FIRST = (
    Column("begin", Kind.TIME),
    Column("campaign", Kind.TEXT),
    *(Column(key) for key in ("attempts", "answered", "connects")),
    Column("connect_rate", Kind.SHARE),
    *(Column(key) for key in ("machines", "connected", "abandoned")),
    *(Column(key, Kind.SHARE) for key in ("abandon_rate", "law_rate", "law_limit")),
    Column("right_parties"),
    *(Column(key, Kind.SHARE) for key in ("rpc_rate", "rpc_of_connects")),
    Column("goals"),
    Column("goal_rate", Kind.SHARE),
    *(Column(key, Kind.SECONDS) for key in ("talk_seconds", "talk_mean")),
    *(Column(key) for key in ("contacts", "tried")),
    *(Column(key, Kind.SHARE) for key in ("penetration", "saturation")),
)


async def campaigns_report(db: Database, asked: Asked) -> Table:
    """Its columns, and rows to come."""
    async with db.read() as session:
        found = (await session.scalars(select(Campaign).order_by(Campaign.name))).all()
        chosen = [each for each in found if not asked.only or each.name in asked.only]
        names = [each.name for each in chosen]
        words = await session.scalars(
            select(Tally.what)
            .where(
                Tally.what.like("outcome:_%"),
                Tally.campaign.in_(names),
                Tally.hour >= hour_of(asked.since),
                Tally.hour < asked.until,
            )
            .distinct()
        )
        outcomes = sorted(words)
        people = await people_of(session, names, asked.until)
    profiles = load_profiles()
    laws = {each.name: law_of(profiles[each.profile], each, zone=asked.zone) for each in chosen}
    titles = {
        word.name: word.title for each in chosen for word in read_dispositions(each.dispositions) or DEFAULT
    }
    columns = [
        *_FIRST,
        *(Column(each, word=titles.get(each.partition(":")[2], "")) for each in outcomes),
    ]
    return Table(columns, _rows(db, asked, laws, people), main="connects", name="campaign")


async def _rows(
    db: Database, asked: Asked, laws: Mapping[str, Law], people: Mapping[str, int]
) -> AsyncIterator[Sequence[Row]]:
    names, now = sorted(laws), db.clock.now()
    readings = {name: law.reading for name, law in laws.items()}
    async with db.read() as session:
        windows = await _windows(session, asked.since, laws)
    for span in spans(asked.since, asked.until, asked.by, asked.clock):
        if span.since >= now:
            return
        async with db.read() as session:
            counts = await counts_in(session, span, readings)
            tried = await tried_in(session, span, names)
        rows: list[Row] = []
        for place in span.places:
            for name in names:
                mine = counts.get((name, place))
                if mine is None:
                    continue
                windows[name].put(span.begin(place), mine)
                row = partial(_row, name, laws[name], mine, windows[name].rate(span.end(place)))
                rows.append(
                    {"begin": span.begin(place), **row(tried.get((name, place), (0, 0)), people.get(name, 0))}
                )
        yield rows


async def _windows(session: AsyncSession, since: datetime, laws: Mapping[str, Law]) -> dict[str, Window]:
    """Each campaign's counts since the law's window of the range's first instant began."""
    if not laws:
        return {}
    first = min(law.begin(since) for law in laws.values())
    hours = await hours_before(session, sorted(laws), hour_of(first), hour_of(since), WORDS)
    return {name: Window(law, hours[name]) for name, law in laws.items()}


def _row(
    name: str, law: Law, counts: Counts, law_rate: float | None, tried: tuple[int, int], people: int
) -> dict[str, Value]:
    def number(what: str) -> int:
        return counts.get(what, (0, 0.0))[0]

    attempts, connects, right = number("attempts"), number("person"), number("right_party")
    talks, talk = counts.get("talk", (0, 0.0))
    return {
        "campaign": name,
        "attempts": attempts,
        "answered": number("answered"),
        "connects": connects,
        "connect_rate": ratio(connects, attempts),
        "machines": number("machine"),
        "connected": number("connected"),
        "abandoned": number("abandoned"),
        "abandon_rate": rate_of(law, counts) if law.agents else None,
        "law_rate": law_rate if law.agents else None,
        "law_limit": law.limit if law.agents else None,
        "right_parties": right,
        "rpc_rate": ratio(right, attempts),
        "rpc_of_connects": ratio(right, connects),
        "goals": number("goal"),
        "goal_rate": ratio(number("goal"), attempts),
        "talk_seconds": talk,
        "talk_mean": ratio(talk, talks),
        "contacts": people,
        "tried": tried[0],
        "penetration": ratio(tried[0], people),
        "saturation": ratio(tried[1], people),
        **{
            what: count
            for what, (count, _) in counts.items()
            if what.startswith("outcome:") and what != "outcome:"
        },
    }
