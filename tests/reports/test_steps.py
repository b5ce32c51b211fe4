"""Intervals by the clocks of a zone, also on the days on which they are changed."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reports import Asked, Range, ReportName, Step, moment_of, range_of
from reports.steps import Span, spans
from values import BadInputError

ROME = ZoneInfo("Europe/Rome")
pytestmark = pytest.mark.unit


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME).astimezone(UTC)


def begins(found: list[Span]) -> list[str]:
    return [
        span.begin(place).astimezone(ROME).strftime("%d %H:%M%z") for span in found for place in span.places
    ]


def test_a_day_has_96_quarters_and_100_when_the_clocks_go_back() -> None:
    usual = list(spans(at("2026-10-24"), at("2026-10-25"), Step.QUARTER, ROME))
    back = list(spans(at("2026-10-25"), at("2026-10-26"), Step.QUARTER, ROME))
    forth = list(spans(at("2026-03-29"), at("2026-03-30"), Step.QUARTER, ROME))
    assert [len(begins(each)) for each in (usual, back, forth)] == [96, 100, 92]
    assert begins(back)[8:13] == [
        "25 02:00+0200",
        "25 02:15+0200",
        "25 02:30+0200",
        "25 02:45+0200",
        "25 02:00+0100",
    ]


def test_days_and_weeks_begin_at_local_midnight_whatever_the_clocks_did() -> None:
    days = list(spans(at("2026-10-24"), at("2026-10-27"), Step.DAY, ROME))
    assert begins(days) == ["24 00:00+0200", "25 00:00+0200", "26 00:00+0100"]
    assert [span.step // 3600 for span in days] == [24, 25, 24]
    weeks = list(spans(at("2026-10-21"), at("2026-11-04"), Step.WEEK, ROME))
    assert begins(weeks) == ["21 00:00+0200", "26 00:00+0100", "02 00:00+0100"]  # the first is clipped


def test_a_range_that_begins_within_an_interval_is_clipped_to_it() -> None:
    found = list(spans(at("2026-03-03T09:10"), at("2026-03-03T10:05"), Step.HALF, ROME))
    assert begins(found) == ["03 09:10+0100", "03 09:30+0100", "03 10:00+0100"]
    span = found[0]
    assert span.end(0) == at("2026-03-03T09:30")
    assert span.end(2) == at("2026-03-03T10:05")


def test_a_stretch_is_cut_where_it_crosses() -> None:
    span = next(spans(at("2026-03-03T09:00"), at("2026-03-03T10:00"), Step.QUARTER, ROME))
    parts = span.parts(at("2026-03-03T09:10"), at("2026-03-03T09:40"))
    assert list(parts) == [(0, 300.0), (1, 900.0), (2, 600.0)]
    assert list(span.parts(at("2026-03-03T08:00"), at("2026-03-03T09:00"))) == []


@pytest.mark.parametrize(
    "zone", ["Asia/Kathmandu", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Cairo"]
)
def test_no_instant_is_lost_or_told_twice_anywhere(zone: str) -> None:
    clock, since = ZoneInfo(zone), datetime(2026, 3, 1, 5, 7, tzinfo=UTC)
    for step in Step:
        edges = [
            (span.begin(place), span.end(place))
            for span in spans(since, since + timedelta(days=80), step, clock)
            for place in span.places
        ]
        assert edges[0][0] == since
        assert edges[-1][1] == since + timedelta(days=80)
        assert all(end == begin for (_, end), (begin, _) in itertools.pairwise(edges))


def test_ranges_by_name() -> None:
    now = at("2026-03-04T11:30")  # a Wednesday
    assert range_of(Range.YESTERDAY, now, "Europe/Rome") == (at("2026-03-03"), at("2026-03-04"))
    assert range_of(Range.LAST_WEEK, now, "Europe/Rome") == (at("2026-02-23"), at("2026-03-02"))
    assert range_of(Range.LAST_MONTH, now, "Europe/Rome") == (at("2026-02-01"), at("2026-03-01"))
    assert range_of(Range.THIS_MONTH, now, "Europe/Rome") == (at("2026-03-01"), at("2026-04-01"))


def test_a_last_day_belongs_to_the_range_and_nonsense_is_named() -> None:
    assert moment_of("2026-03-03", "Europe/Rome", "to", ends=True) == at("2026-03-04")
    assert moment_of("2026-03-03T18:30", "Europe/Rome", "from") == at("2026-03-03T18:30")
    for text in ("yesterday", "2026-13-01", "", "9999-12-31"):
        with pytest.raises(BadInputError) as wrong:
            moment_of(text, "Europe/Rome", "from", ends=True)
        assert wrong.value.field == "from"
    with pytest.raises(BadInputError, match="zone"):
        moment_of("2026-03-03", "Europe/Atlantis", "from")


def test_a_range_must_go_forward_and_not_too_far() -> None:
    with pytest.raises(BadInputError, match="to: must be later"):
        Asked(report=ReportName.AGENTS, since=at("2026-03-03"), until=at("2026-03-03"))
    with pytest.raises(BadInputError, match="to: at most 93 days"):
        Asked(report=ReportName.AGENTS, since=at("2025-03-03"), until=at("2026-03-03"), by=Step.HOUR)
