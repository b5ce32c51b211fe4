"""The agents' report."""

from collections.abc import AsyncIterator, Mapping, Sequence

from sqlalchemy import select

from agents.models import Agent
from dialer.models import Campaign, Mode
from reports.agents.diary import reasons_in, spent_in, words_in
from reports.agents.spent import PAUSED, TALKING, WRAP_UP, Spent
from reports.asked import Asked
from reports.steps import spans
from reports.tables import Column, Kind, Row, Table, ratio
from store import Database

_FIRST = (
    Column("begin", Kind.TIME),
    Column("agent", Kind.TEXT),
    Column("agent_title", Kind.TEXT),
    *(Column(key, Kind.SECONDS) for key in ("logged", "ready", "talk", "hold", "wrap", "paused")),
    *(Column(key) for key in ("talks", "inbound", "outbound", "preview", "handled")),
    Column("aht", Kind.SECONDS),
    Column("occupancy", Kind.SHARE),
    Column("utilisation", Kind.SHARE),
)
_ASKED_FOR = frozenset({Mode.PREVIEW, Mode.AGENTLESS})
"""Modes whose talks an agent asked for; those of an agentless one come from nobody's dialler."""


async def agents_report(db: Database, asked: Asked) -> Table:
    """Its columns, and rows to come."""
    async with db.read() as session:
        reasons = await reasons_in(session, asked.since, asked.until)
        modes = {row.name: row.mode for row in await session.execute(select(Campaign.name, Campaign.mode))}
        titles = {row.name: row.title for row in await session.execute(select(Agent.name, Agent.title))}
        words = await words_in(session, asked.since, asked.until)
    columns = [
        *_FIRST,
        *(Column(f"pause:{reason}", Kind.SECONDS) for reason in reasons),
        *(Column(f"disposition:{word}") for word in words),
    ]
    return Table(columns, _rows(db, asked, modes, titles), main="occupancy", name="agent")


async def _rows(
    db: Database, asked: Asked, modes: Mapping[str, Mode], titles: Mapping[str, str]
) -> AsyncIterator[Sequence[Row]]:
    only = _wanted(asked)
    now = db.clock.now()
    for span in spans(asked.since, asked.until, asked.by, asked.clock):
        if span.since >= now:
            return
        async with db.read() as session:
            days = await spent_in(session, span, only, now)
        found = sorted(days.items(), key=lambda each: (each[0][1], each[0][0]))
        yield [
            {"begin": span.begin(place), **_row(agent, titles.get(agent, agent), spent, modes)}
            for (agent, place), spent in found
            if spent.logged or spent.handled or spent.talks or spent.dispositions
        ]


def _wanted(asked: Asked) -> frozenset[str] | None:
    """Those asked for, as far as they may be seen."""
    if asked.agents is None:
        return asked.only or None
    return asked.only & asked.agents if asked.only else asked.agents


def _row(
    agent: str, title: str, spent: Spent, modes: Mapping[str, Mode]
) -> dict[str, str | int | float | None]:
    kinds = {"inbound": 0, "outbound": 0, "preview": 0}
    for campaign, times in spent.talks.items():
        kinds[_kind(modes.get(campaign))] += times
    row: dict[str, str | int | float | None] = {
        "agent": agent,
        "agent_title": title,
        "logged": spent.logged,
        "ready": spent.ready,
        "talk": spent.states[TALKING],
        "hold": spent.hold,
        "wrap": spent.states[WRAP_UP],
        "paused": spent.states[PAUSED],
        "talks": sum(spent.talks.values()),
        **kinds,
        "handled": spent.handled,
        "aht": ratio(spent.handling, spent.handled),
        "occupancy": ratio(spent.busy, spent.busy + spent.ready),
        "utilisation": ratio(spent.busy, spent.logged),
    }
    row |= {f"pause:{reason}": seconds for reason, seconds in spent.pauses.items()}
    row |= {f"disposition:{word}": times for word, times in spent.dispositions.items()}
    return row


def _kind(mode: Mode | None) -> str:
    if mode is None:
        return "inbound"
    return "preview" if mode in _ASKED_FOR else "outbound"
