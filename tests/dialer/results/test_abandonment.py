"""Abandonment by each law's formula over its own window, and what is left of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dialer.gate import AbandonCounts, load_profiles
from dialer.gate.limits import Abandonment as Rule
from dialer.gate.limits import Begins, Formula, WindowKind
from dialer.models import AttemptState, Mode
from dialer.results import Law, abandonment, count, law_of
from dialer.results.abandonment import counts_of_words, judged
from store import Database
from tests.dialer.results.samples import NINE, add, after, attempt_row, ended, spring

ITALY = load_profiles()["it"]
LIVE = {"answered": 10.0, "over": 60.0}


def rule(formula: Formula, window: WindowKind = WindowKind.DAY, **words: Any) -> Rule:
    return Rule(limit=0.03, formula=formula, window=window, seconds=2, begins=Begins.ANSWER, least=1, **words)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("formula", "counts", "share"),
    [
        (Formula.LIVE, AbandonCounts(abandoned=3, connected=97), 0.03),
        (Formula.COMPLETED, AbandonCounts(abandoned=3, connected=100), 0.03),
        (Formula.UK, AbandonCounts(abandoned=1, connected=97, false_positives=2, detection=True), 0.03),
        (Formula.UK, AbandonCounts(abandoned=29, connected=9, machines=7), 0.6444),  # the regulator's example
        (Formula.LIVE, AbandonCounts(), None),
        (Formula.COMPLETED, AbandonCounts(abandoned=1), None),
    ],
)
def test_each_law_counts_its_own_way(formula: Formula, counts: AbandonCounts, share: float | None) -> None:
    found = judged(Law(rule=rule(formula)), counts, NINE)
    assert found.rate == (share if share is None else pytest.approx(share, abs=1e-4))


@pytest.mark.unit
@pytest.mark.parametrize("formula", list(Formula))
@pytest.mark.parametrize("detection", [True, False])
def test_what_is_left_brings_the_rate_just_to_the_limit(formula: Formula, detection: bool) -> None:
    law = Law(rule=rule(formula))
    counts = AbandonCounts(abandoned=4, connected=970, false_positives=5, machines=30, detection=detection)
    left = judged(law, counts, NINE).left
    assert left > 0
    full = AbandonCounts(
        abandoned=4 + left, connected=970, false_positives=5, machines=30, detection=detection
    )
    assert judged(law, full, NINE).rate == pytest.approx(0.03)


@pytest.mark.unit
def test_a_broken_limit_leaves_less_than_nothing_and_a_young_day_something() -> None:
    assert judged(Law(rule=rule(Formula.LIVE)), AbandonCounts(abandoned=40, connected=100), NINE).left < 0
    for formula in Formula:
        young = Law(rule=rule(formula).model_copy(update={"least": 100}))
        assert judged(young, AbandonCounts(), NINE).left == pytest.approx(3.0)


@pytest.mark.unit
def test_false_positives_are_estimated_from_verdicts_that_proved_themselves() -> None:
    words = {"amd_machine": (1_000, 0.0), "amd_false": (20, 0.0), "amd_proved": (380, 0.0)}
    counts = counts_of_words(words, Law())
    assert 45 < counts.false_positives < 60  # one in twenty of those that proved anything
    assert counts_of_words({}, Law()).false_positives == 0


@pytest.mark.database
async def test_a_campaign_stands_where_its_day_so_far_says(database: Database) -> None:
    yesterday = -15 * 3600.0
    attempts = [
        *(ended(at=n, joined=10.1, outcome="talked", **LIVE) for n in range(97)),
        *(ended(at=n, outcome="abandoned", **LIVE) for n in range(3)),
        *(ended(at=n, outcome="no_answer", over=30) for n in range(50)),
        *(ended(at=yesterday + n, outcome="abandoned", **LIVE) for n in range(20)),
    ]
    async with database.write() as session:
        campaign = await spring(session, mode=Mode.PREDICTIVE)
        await count(session, attempts)
    async with database.read() as session:
        found = await abandonment(session, campaign, ITALY, after(600), zone="Europe/Rome")
    assert (found.abandoned, found.connected, found.live) == (3, 97, 100)
    assert found.window_begin == datetime(2026, 3, 2, 23, 0, tzinfo=UTC)  # midnight in Rome
    assert found.rate == pytest.approx(3 / 97)  # Italy: per hundred completed
    assert found.limit == ITALY.abandon_limit
    assert found.limit - 0.02 > 0


@pytest.mark.database
async def test_nobody_called_has_no_rate(database: Database) -> None:
    async with database.write() as session:
        campaign = await spring(session, mode=Mode.PREDICTIVE, max_abandon=0.01)
    async with database.read() as session:
        found = await abandonment(session, campaign, ITALY, NINE)
    assert found.rate is None
    assert found.limit == 0.01  # the campaign's own is stricter


@pytest.mark.database
async def test_who_talks_still_has_been_connected(database: Database) -> None:
    """Else forty talks that are on would make one abandoned call of a hundred weigh like one of sixty."""
    up: dict[str, Any] = {"state": AttemptState.ANSWERED, "outcome": "", "answered": 10.0}
    rows = [
        attempt_row(1, **up, joined=11.0),
        attempt_row(2, **up, joined=11.0),
        attempt_row(3, **up, joined=15.0),  # too late: when it is over it will have been abandoned
        attempt_row(4, **up),  # has no agent yet
        attempt_row(5, state=AttemptState.RINGING, outcome=""),
        attempt_row(6, **up, joined=11.0, campaign="another"),
        attempt_row(7, answered=10.0, joined=11.0, over=60.0, outcome="done"),
        attempt_row(8, at=-86_400, **up, joined=11.0),  # before the window
    ]
    async with database.write() as session:
        campaign = await spring(session, mode=Mode.PREDICTIVE)
        await add(session, *rows)
        await count(session, [ended(answered=10, joined=11, over=60, outcome="done")])
    profile = ITALY.model_copy(update={"abandonment": rule(Formula.LIVE)})
    async with database.read() as session:
        found = await abandonment(session, campaign, profile, after(70))
    assert (found.connected, found.abandoned) == (3, 0)


@pytest.mark.database
async def test_a_window_that_begins_within_an_hour_is_exact(database: Database) -> None:
    """Half past the hour: what came before is left out, what came after is counted from the attempts."""
    rows = [attempt_row(n, at=n * 60.0, answered=10.0, over=60.0, outcome="abandoned") for n in range(120)]
    async with database.write() as session:
        campaign = await spring(session, mode=Mode.PREDICTIVE)
        await add(session, *rows)
        await count(
            session, [ended(at=n * 60.0, answered=10, over=60, outcome="abandoned") for n in range(120)]
        )
    rolling = rule(Formula.LIVE, WindowKind.HOURS, window_hours=24)
    profile = ITALY.model_copy(update={"abandonment": rolling})
    async with database.read() as session:
        now = NINE + timedelta(hours=24, minutes=30)
        found = await abandonment(session, campaign, profile, now)
    assert found.window_begin == NINE + timedelta(minutes=30)
    assert found.abandoned == 90


@pytest.mark.database
async def test_a_campaign_of_months_is_counted_by_its_periods_of_thirty_days(database: Database) -> None:
    async with database.write() as session:
        campaign = await spring(
            session, mode=Mode.PREDICTIVE, starts=NINE.replace(minute=0) - timedelta(days=70)
        )
    profile = ITALY.model_copy(update={"abandonment": rule(Formula.LIVE, WindowKind.CAMPAIGN)})
    assert law_of(profile, campaign).begin(NINE) == NINE - timedelta(days=10)
