"""Tuning by operations: what was changed, by whom, when, from what to what; and back again."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dialer import CampaignPlan, Gate, Purpose, UnknownCampaignError, load_profiles, pause, set_up
from dialer.campaigns import (
    CampaignExistsError,
    NothingToUndoError,
    archive,
    callable_now,
    campaigns,
    clone,
    page,
)
from dialer.models import Campaign, Contact
from dialer.trunks import Trunk, seed_trunks
from store import Database
from tests.dialer.campaigns.shelf import HOUSE, SHOWN, Shelf
from tests.dialer.world import TUESDAY, World, number, tell
from values import BadInputError

pytestmark = pytest.mark.database


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


async def callable_names(shelf: Shelf) -> list[str]:
    async with shelf.db.read() as session:
        return [each.name for each in await callable_now(session, shelf.clock.now())]


async def test_each_change_is_kept_with_who_when_before_and_after(shelf: Shelf) -> None:
    await shelf.create(lines=10)
    born = shelf.clock.now()
    shelf.clock.move(60)
    assert await shelf.change(lines=40, mode="predictive", weight=1.0, by="bob") == ["lines", "mode"]
    seen = [(each.field, each.before, each.after, each.by, each.at) for each in await shelf.history()]
    tuned = born + timedelta(seconds=60)
    assert sorted(seen[:2]) == [
        ("lines", 10, 40, "bob", tuned),
        ("mode", "agentless", "predictive", "bob", tuned),
    ]
    assert [each[0] for each in seen[2:]] == ["created"]


async def test_what_is_set_to_what_it_was_already_is_no_change(shelf: Shelf) -> None:
    await shelf.create(caller_ids=[SHOWN], hours={"weekday": ["10:00-12:00"]}, max_abandon=0.02)
    assert await shelf.change(caller_ids=[SHOWN], hours={"weekday": ["10:00-12:00"]}, max_abandon=0.02) == []
    assert len(await shelf.history()) == 1


async def test_nothing_is_changed_when_one_of_several_is_wrong(shelf: Shelf) -> None:
    before = await shelf.create()
    with pytest.raises(BadInputError, match=r"^ratio: "):
        await shelf.change(lines=99, ratio=50)
    assert await shelf.shown() == before
    assert len(await shelf.history()) == 1


async def test_the_last_change_is_undone_whole_and_undone_again_is_back(shelf: Shelf) -> None:
    first = await shelf.create()
    await shelf.change(lines=40)
    second = await shelf.shown()
    await shelf.change(lines=400, ratio=9.0, ends="2026-03-09T18:00:00+00:00")  # the clock stands still
    third = await shelf.shown()
    assert sorted(await shelf.undo()) == ["ends", "lines", "ratio"]
    assert await shelf.shown() == second != first
    assert sorted(await shelf.undo()) == ["ends", "lines", "ratio"]
    assert await shelf.shown() == third
    assert {each.by for each in (await shelf.history())[:6]} == {"bob"}


async def test_undoing_a_setting_never_lets_a_held_campaign_go(shelf: Shelf) -> None:
    await shelf.create(lines=10)
    await shelf.change(lines=500)
    async with shelf.db.write() as session:
        await pause(session, "fibre", by="ada", at=shelf.clock.now())
    assert await shelf.undo() == ["lines"]
    shown = await shelf.shown()
    assert (shown["lines"], shown["paused"]) == (10, True)
    assert [each.field for each in await shelf.history()] == ["lines", "paused", "lines", "created"]


async def test_a_campaign_nobody_has_changed_has_nothing_to_undo(shelf: Shelf) -> None:
    await shelf.create()
    with pytest.raises(NothingToUndoError, match="'fibre'"):
        await shelf.undo()
    with pytest.raises(UnknownCampaignError, match="'fiber'"):
        await shelf.undo("fiber")


async def test_a_clone_has_the_settings_and_not_the_history_and_waits(shelf: Shelf) -> None:
    made = await shelf.create(lines=33, skill="fibre")
    async with shelf.db.write() as session:
        await clone(session, HOUSE, "fibre", "fibre.south", by="bob", at=shelf.clock.now())
    twin = await shelf.shown("fibre.south")
    assert twin["paused"]
    differing = {name for name in made if made[name] != twin[name]}
    assert differing == {"name", "title", "paused"}
    assert [(each.field, each.by) for each in await shelf.history("fibre.south")] == [("created", "bob")]
    for taken in ("fibre", "fibre.south"):
        with pytest.raises(CampaignExistsError):
            async with shelf.db.write() as session:
                await clone(session, HOUSE, "fibre", taken, by="bob", at=shelf.clock.now())


async def test_an_archived_campaign_calls_nobody_and_comes_back_as_it_was(shelf: Shelf) -> None:
    before = await shelf.create()
    assert await callable_names(shelf) == ["fibre"]
    for archived, calling in ((True, []), (False, ["fibre"])):
        async with shelf.db.write() as session:
            await archive(session, "fibre", archived=archived, by="ada", at=shelf.clock.now())
        assert await callable_names(shelf) == calling
    assert await shelf.shown() == before
    assert [each.field for each in await shelf.history()] == ["archived", "archived", "created"]


async def test_a_campaign_starts_and_ends_at_its_times(shelf: Shelf) -> None:
    now = shelf.clock.now()
    await shelf.create(
        starts=(now + timedelta(hours=1)).isoformat(), ends=(now + timedelta(hours=2)).isoformat()
    )
    seen = []
    for _ in range(3):
        seen.append(await callable_names(shelf))
        shelf.clock.move(3600)
    assert seen == [[], ["fibre"], []]


async def test_among_1200_archived_campaigns_the_few_that_call_are_seen_at_once(shelf: Shelf) -> None:
    made = await shelf.create("live", priority=3)
    await shelf.create("urgent", priority=9)
    async with shelf.db.write() as session:
        row = await session.get_one(Campaign, "live")
        old = {column.key: getattr(row, column.key) for column in Campaign.__mapper__.column_attrs}
        session.add_all(
            Campaign(**old | {"name": f"old.{i:04}", "archived": True, "title": f"Spring {i % 7}"})
            for i in range(1200)
        )
    async with shelf.db.read() as session:
        assert [each.name for each in await campaigns(session)] == ["urgent", "live"]
        assert [each.name for each in (await page(session)).campaigns] == ["live", "urgent"]
        names, cursor = [], ""
        while True:
            found = await page(session, archived=True, limit=500, cursor=cursor)
            names += [each.name for each in found.campaigns]
            if not (cursor := found.cursor):
                break
        assert names == [f"old.{i:04}" for i in range(1200)]
        spring = await page(session, archived=True, named="SPRING 3", limit=500)
        assert len(spring.campaigns) == 171
        assert not (await page(session, archived=None, named="100%", limit=5)).campaigns
    assert await callable_names(shelf) == ["urgent", "live"]
    assert made["name"] == "live"


async def test_the_house_brings_its_own_campaign_up_to_date_and_leaves_what_people_changed(
    shelf: Shelf,
) -> None:
    gate = Gate(load_profiles(), country="IT")

    async def starts(**words: Any) -> None:
        plan = CampaignPlan(name="closure", flow="x", purpose=Purpose.SERVICE, profile="it", **words)
        async with shelf.db.write() as session:
            await set_up(session, gate, plan)

    await starts(caller_id=SHOWN, lines=50)
    await shelf.change("closure", lines=20)
    async with shelf.db.write() as session:
        await pause(session, "closure", by="ada", at=shelf.clock.now())
    await starts(caller_id="+390650000612", lines=60)
    shown = await shelf.shown("closure")
    assert (shown["lines"], shown["caller_id"], shown["paused"]) == (20, "+390650000612", True)


async def test_a_campaign_keeps_to_trunks_that_there_are(shelf: Shelf) -> None:
    await shelf.create("free", trunks=["anything"])  # nobody has said yet which trunks there are
    async with shelf.db.write() as session:
        await seed_trunks(session, [Trunk("carrier", 10, 5.0), Trunk("reserve", 10, 5.0)])
    await shelf.create(trunks=["reserve", "carrier"])
    with pytest.raises(BadInputError, match=r"^trunks: .*'carier'.* carrier, reserve"):
        await shelf.change(trunks=["carier"])
    assert await shelf.change("free", lines=3) == ["lines"]  # what stands does not keep it from being tuned


def test_a_running_campaign_goes_by_the_new_number_of_lines_within_two_seconds(database_url: str) -> None:
    async def story(world: World) -> tuple[int, int]:
        await world.campaign(lines=2, calls_per_second=100.0)
        await world.contacts(*[number(i) for i in range(40)])
        shelf = Shelf(world.db)
        async with world.loop():
            await world.clock.sleep(3)
            few = world.lines.most_at_once
            await shelf.change("faults", lines=30)
            await world.clock.sleep(2)
            return few, world.lines.most_at_once

    assert tell(database_url, story) == (2, 30)


def test_contacts_of_a_cloned_campaign_stay_with_the_first(database_url: str) -> None:
    async def story(world: World) -> list[str]:
        await world.campaign()
        await world.contacts(number(1), number(2))
        async with world.db.write() as session:
            await clone(session, HOUSE, "faults", "faults.two", by="ada", at=TUESDAY)
        async with world.db.read() as session:
            return [each.campaign for each in await session.scalars(select(Contact))]

    assert tell(database_url, story) == ["faults", "faults"]
