"""Thresholds are data; an alarm begins once, ends once, and it is known who has seen it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from dialer.alarms import (
    RAISED,
    Threshold,
    UnknownAlarmError,
    Watching,
    acknowledge,
    alarm_rules,
    drop_rule,
    latest_alarms,
    note_turns,
    open_alarms,
    put_rule,
    read_rule,
    seed_rules,
    threshold_of,
)
from dialer.models import Side
from store import Database, OutboxEvent
from values import BadInputError

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
OVER = Threshold("over", "campaign.budget_used", Side.ABOVE, 0.9, seconds=10)


@pytest.mark.unit
def test_an_alarm_begins_after_its_time_and_ends_when_the_figure_has_calmed_down() -> None:
    watching = Watching()
    bad, good = {("campaign.budget_used", "spring"): 0.95}, {("campaign.budget_used", "spring"): 0.5}
    assert not watching.look([OVER], bad, 0).raised
    assert not watching.look([OVER], good, 5).raised
    assert not watching.look([OVER], bad, 6).raised
    assert not watching.look([OVER], bad, 15).raised, "it was good in between: the time begins anew"
    (raised,) = watching.look([OVER], bad, 16).raised
    assert (raised.subject, raised.value) == ("spring", 0.95)
    assert not watching.look([OVER], bad, 17).raised, "once"
    assert not watching.look([OVER], good, 18).cleared
    assert not watching.look([OVER], bad, 19).cleared, "a flicker does not end it"
    assert not watching.look([OVER], good, 20).cleared
    assert watching.look([OVER], good, 25).cleared == [("over", "spring")]


@pytest.mark.unit
def test_a_threshold_for_one_campaign_leaves_the_others_alone_and_a_switched_off_one_is_silent() -> None:
    mine = Threshold("mine", "campaign.utilisation", Side.BELOW, 0.6, subject="spring")
    off = Threshold("off", "campaign.utilisation", Side.BELOW, 0.6, enabled=False)
    readings = {("campaign.utilisation", "spring"): 0.4, ("campaign.utilisation", "autumn"): 0.4}
    raised = Watching().look([mine, off], readings, 0).raised
    assert [(each.rule.id, each.subject) for each in raised] == [("mine", "spring")]


@pytest.mark.unit
def test_a_figure_that_nobody_tells_any_more_ends_its_alarm() -> None:
    watching = Watching(on={("over", "spring")})
    assert not watching.look([OVER], {}, 0).cleared
    assert watching.look([OVER], {}, 5).cleared == [("over", "spring")]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"figure": "campaign.luck", "threshold": 1}, "figure"),
        ({"figure": "campaign.utilisation"}, "threshold"),
        ({"figure": "campaign.utilisation", "threshold": 80}, "threshold"),
        ({"figure": "campaign.utilisation", "threshold": 0.8, "side": "beside"}, "side"),
        ({"figure": "campaign.utilisation", "threshold": 0.8, "colour": "red"}, "colour"),
    ],
)
def test_a_threshold_that_makes_no_sense_is_refused_by_its_field(
    given: dict[str, object], field: str
) -> None:
    with pytest.raises(BadInputError) as problem:
        read_rule(given)
    assert problem.value.field == field


@pytest.mark.database
async def test_an_alarm_is_told_once_acknowledged_by_somebody_and_over(database: Database) -> None:
    async with database.write() as session:
        await seed_rules(session, NOW)
        rules = [threshold_of(each) for each in await alarm_rules(session)]
        watching = Watching()
        turns = watching.look(rules, {("trunk.resting", "carrier"): 1.0}, 0)
        await note_turns(session, turns, NOW)
        (alarm,) = await open_alarms(session)
        assert (alarm.subject, alarm.severity, alarm.by) == ("carrier", "critical", "")
        (event,) = await session.scalars(select(OutboxEvent))
        assert (event.kind, event.key) == (RAISED, alarm.id)
        await acknowledge(session, alarm.id, by="Olga", at=NOW + timedelta(seconds=5))
        await acknowledge(session, alarm.id, by="Piero", at=NOW + timedelta(seconds=9))
        assert alarm.by == "Olga", "who saw it first"
        with pytest.raises(UnknownAlarmError):
            await acknowledge(session, "m0", by="Olga", at=NOW)
        watching.look(rules, {("trunk.resting", "carrier"): 0.0}, 1)
        over = watching.look(rules, {("trunk.resting", "carrier"): 0.0}, 8)
        await note_turns(session, over, NOW + timedelta(seconds=8))
        assert not await open_alarms(session)
        (kept,) = await latest_alarms(session)
        await session.refresh(kept)
        assert kept.cleared == NOW + timedelta(seconds=8)


@pytest.mark.database
async def test_thresholds_are_made_changed_and_removed_and_the_houses_own_come_back_switched_off(
    database: Database,
) -> None:
    async with database.write() as session:
        await seed_rules(session, NOW)
        before = len(await alarm_rules(session))
        mine = await put_rule(
            session, {"figure": "agents.ready", "side": "below", "threshold": 2}, by="Olga", at=NOW
        )
        changed = await put_rule(session, {"threshold": 3}, by="Piero", at=NOW, rule=mine.id)
        assert (changed.threshold, changed.side, changed.by) == (3.0, Side.BELOW, "Piero")
        await drop_rule(session, mine.id)
        await drop_rule(session, "house-trunk")
        await seed_rules(session, NOW)
        rows = {each.id: each for each in await alarm_rules(session)}
        assert len(rows) == before
        assert not rows["house-trunk"].enabled
