"""Tallies are what a recount of the attempts would say, however they came about."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, select

from dialer import dispose
from dialer.models import Attempt, Contact, ContactState, Mode, Tally
from dialer.results import count, ended_of, recount, tallied, usual_reading
from dialer.results.ended import Counted
from store import Database
from tests.dialer.results.samples import (
    AGENTS,
    NINE,
    add,
    after,
    attempt_row,
    contact_row,
    ended,
    spring,
)

pytestmark = pytest.mark.database

OUTCOMES = ("no_answer", "busy", "machine", "abandoned", "talked", "sold", "hangup", "refused", "screening")


def some_attempt(number: int, chance: Random) -> dict[str, Any]:
    """Anything that can happen to a call, over four hours."""
    outcome = chance.choice(OUTCOMES)
    words: dict[str, Any] = {"outcome": outcome, "over": 60.0, "cause": chance.choice((0, 16, 17, 19))}
    if outcome not in {"no_answer", "busy", "refused"}:
        words |= {"answered": 10.25, "ringing": 1.5, "amd": chance.choice(("", "HUMAN", "MACHINE"))}
    if outcome in {"talked", "sold"}:
        words |= {"joined": 10.25 + chance.random() * 5, "released": 50.5, "agent": "ada"}
    if chance.random() < 0.2:
        words["goal"] = outcome == "sold"
    return attempt_row(number, at=chance.random() * 4 * 3600, **words)


def same(counted: Mapping[str, Counted]) -> dict[str, Any]:
    return {word: (number, pytest.approx(seconds, abs=1e-6)) for word, (number, seconds) in counted.items()}


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_tallies_equal_a_recount_in_whatever_groups_attempts_end(database: Database, seed: int) -> None:
    chance = Random(seed)
    rows = [some_attempt(number, chance) for number in range(400)]
    async with database.write() as session:
        await add(session, *rows)
    left = [row["id"] for row in rows]
    chance.shuffle(left)
    while left:
        size = chance.randint(1, 90)
        group, left = left[:size], left[size:]
        async with database.write() as session:
            found = await session.scalars(select(Attempt).where(Attempt.id.in_(group)))
            await count(session, [ended_of(each, AGENTS) for each in found])
    async with database.read() as session:
        told = await tallied(session, "spring")
        anew = await recount(session, "spring", AGENTS, NINE, NINE + timedelta(days=1))
        hours = set(await session.scalars(select(Tally.hour)))
    assert told == same(anew)
    assert told["attempts"][0] == 400
    assert hours == {NINE + timedelta(hours=each) for each in range(4)}


async def test_a_word_of_the_agent_that_comes_later_takes_the_place_of_what_was_counted(
    database: Database,
) -> None:
    before = ended(answered=5, joined=5.1, released=60, over=61, outcome="talked", agent="ada")
    now = ended(
        answered=5,
        joined=5.1,
        released=60,
        over=61,
        outcome="sold",
        goal=True,
        disposition="sold",
        agent="ada",
    )
    async with database.write() as session:
        await count(session, [before])
        await count(session, [now], instead_of=[before])
    async with database.read() as session:
        told = {word: number for word, (number, _) in (await tallied(session, "spring")).items() if number}
    assert told["outcome:sold"] == told["right_party"] == told["goal"] == told["attempts"] == 1
    assert told["talk"] == told["connected"] == 1
    assert "outcome:talked" not in told


@pytest.mark.parametrize("word", ["done", "machine", "call_back", "wrong_number", "do_not_call"])
async def test_what_an_agent_says_after_the_call_is_in_the_tallies(database: Database, word: str) -> None:
    talked = {"answered": 5, "joined": 5.1, "released": 60, "over": 61, "outcome": "talked", "agent": "ada"}
    async with database.write() as session:
        campaign = await spring(session, mode=Mode.PREDICTIVE)
        contact = contact_row(1, state=ContactState.CALLING, attempts=1, tally={"talked": 1})
        await add(session, contact, model=Contact)
        await add(session, attempt_row(1, amd="MACHINE", **talked))
        found = await session.get_one(Attempt, "a000001")
        await count(session, [ended_of(found, usual_reading(campaign))])
    async with database.write() as session:
        await dispose(session, "a000001", word, by="ada", at=after(70), callback_at=after(7200))
    async with database.write() as session:  # said twice, counted once
        await dispose(session, "a000001", word, by="ada", at=after(75), callback_at=after(7200))
    async with database.read() as session:
        told = {name: each for name, each in (await tallied(session, "spring")).items() if each[0]}
        anew = await recount(session, "spring", usual_reading(campaign), NINE, after(3600))
    assert told == same(anew)
    assert told[f"outcome:{word}"] == (1, 0.0)
    assert ("connected" in told) == (word != "machine")


async def test_a_transaction_that_fails_counts_nothing(database: Database) -> None:
    with suppress(RuntimeError):
        async with database.write() as session:
            await count(session, [ended(over=5, outcome="busy")])
            raise RuntimeError
    async with database.read() as session:
        assert await tallied(session, "spring") == {}


async def test_many_who_count_at_once_wait_for_each_other_and_lose_nothing(database: Database) -> None:
    async def counts(turn: int) -> None:
        group = [ended(at=3600 * hour, over=5, outcome=OUTCOMES[(turn + hour) % 9]) for hour in range(6)]
        if turn % 2:
            group.reverse()
        async with database.write() as session:
            await count(session, group)

    await asyncio.gather(*(counts(turn) for turn in range(24)))
    async with database.read() as session:
        assert (await tallied(session, "spring"))["attempts"] == (24 * 6, 0.0)


async def test_nothing_is_no_statement(database: Database) -> None:
    async with database.write() as session:
        await count(session, [])
        await session.execute(delete(Tally))
    async with database.read() as session:
        assert await tallied(session, "spring", since=after(0), until=after(5), what=["attempts"]) == {}
